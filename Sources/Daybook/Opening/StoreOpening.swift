import Documents
import Git
import Logging
package import Storage

/// Opens a store, step by step: take the lock, see that nothing is newer than we are, load kinds and index, take up what
/// the log still holds, and start the threads. Up to the last step nothing is changed but what a crash left behind.
struct StoreOpening {
  let root: String
  let options: StoreOptions
  let fileSystem: any FileSystem
  let clock: Clock

  /// Blocks while it reads; for a thread of its own.
  func open() throws(StoreError) -> Store {
    let manifest = try readManifest()
    let lock = try takeLock()
    do throws(StoreError) {
      return try open(manifest, lock)
    } catch {
      lock.close()
      throw error
    }
  }

  private func open(_ manifest: Manifest, _ lock: any File) throws(StoreError) -> Store {
    try removeLeftovers()
    let staged = StagedObjects()
    let objects = ObjectReader(
      repository: try openRepository(staged), staged: staged, cacheBytes: options.cacheBytes)
    let archiveRepository = try openRepository(staged)
    let branch = try branch(of: archiveRepository)
    try removeLeftoverLock(branch)
    let head = try Self.reading("the branch") { () throws(GitError) in try archiveRepository.reference(branch) }
    let suspects =
      try head.map { head throws(StoreError) in
        try CleanPoint(root: root, fileSystem: fileSystem).changedFiles(through: head, objects: objects)
      } ?? [:]
    let workingFiles = WorkingFiles(root: root, fileSystem: fileSystem, objects: objects, suspects: suspects)

    let snapshotFile = IndexSnapshotFile(path: "\(root)/\(StoreLayout.indexSnapshot)", fileSystem: fileSystem)
    let loading = IndexLoading(file: snapshotFile, objects: objects)
    let stored = loading.stored()
    let followed = try followed(head, stored?.head, objects)
    var loaded = try loading.load(followed, stored)
    let (log, records) = try openLog(loaded.index)
    // A person may have moved the branch while the log held newer commits: those go on from where they began, and the
    // branch is followed in the end.
    let start = records.first.map(\.parent) ?? followed
    if start != followed { loaded = try loading.load(try known(start, objects), stored) }
    var builder = try commitBuilder(loaded.index, start, loaded.sequence, objects)
    let outcomes = try Recovery(objects: objects).replay(records, on: &builder)

    let queue = ArchiveQueue(archived: loaded.sequence)
    let commits = outcomes.map(ArchiveQueue.Commit.init)
    workingFiles.expect(commits.flatMap(\.files))
    if !commits.isEmpty { queue.add(commits, needsSync: true) }

    let sealer = try makeSealer(manifest)
    let preparer = Preparer(sealer: sealer, objects: objects)
    let published = PublishedState(
      PublishedState.State(index: builder.index, head: builder.head, sequence: builder.sequence))
    let writer = Writer(
      builder: builder, log: log, preparer: preparer, workingFiles: workingFiles, published: published, archive: queue,
      clock: clock, onStep: options.onStep)
    let workingTree = WorkingTree(
      root: root, head: head, isClean: try isClean(), fileSystem: fileSystem, files: workingFiles, objects: objects,
      logger: options.logger, onStep: options.onStep, onFailure: { queue.stop(because: $0) })
    let unsure = suspects.map { ChangedFile(path: $0.key, basis: nil, id: $0.value.last ?? nil) }
    if let head { workingTree.follow(unsure, head: head, expected: false) }
    let maintenance = PackMaintenance(
      root: root, fileSystem: fileSystem, logger: options.logger, onStep: options.onStep)
    let condenser = Condenser(maintenance: maintenance, objects: objects, logger: options.logger)
    let leakNotes = LeakNotes(root: root, fileSystem: fileSystem)
    let merge = BranchMerge(preparer: preparer, leakNotes: leakNotes, makeID: makeID)
    let author = options.author
    let archiver = Archiver(
      repository: archiveRepository, branch: branch, head: start, maintenance: maintenance, condenser: condenser,
      queue: queue, log: log, workingTree: workingTree, objects: objects, logger: options.logger,
      onStep: options.onStep,
      follow: { move throws(StoreError) in try writer.follow(move, merge, author: author) })
    let loop = CommitLoop<Writer.Request> { writer.handle($0) }
    let writes = WritePath(preparer: preparer, published: published, loop: loop, queue: queue)
    let intake = HandEditIntake(
      author: author, files: workingFiles, tree: workingTree, writes: writes,
      reader: HandEditReader(objects: objects, sealer: sealer, makeID: makeID), logger: options.logger)
    let handEdits = HandEdits(
      root: root, fileSystem: fileSystem, files: workingFiles, published: published, archiver: archiver,
      intake: intake, logger: options.logger)
    let sweep = Sweep(
      writes: writes, handEdits: handEdits, files: workingFiles, clock: clock, onStep: options.onStep)
    let sweeper = options.sweepInterval.map { Sweeper(sweep, interval: $0, logger: options.logger) }
    let store = Store(
      StoreParts(
        root: root, branch: branch, options: options, manifest: manifest, fileSystem: fileSystem, lock: lock,
        objects: objects, sealer: sealer, published: published, loop: loop, writes: writes, handEdits: handEdits,
        leakNotes: leakNotes,
        editThread: options.handEdits == .watch ? WorkerThread { handEdits.run() } : nil,
        sweep: sweep, sweeper: sweeper, sweeperThread: sweeper.map { sweeper in WorkerThread { sweeper.run() } },
        queue: queue, log: log, archiveThread: WorkerThread { archiver.run() },
        condenser: condenser, condenserThread: WorkerThread { condenser.run(onReplaced: archiver.reopen) },
        workingTree: workingTree, treeThread: WorkerThread { workingTree.run() }, workingFiles: workingFiles,
        indexSnapshot: snapshotFile, storedIndex: loaded.stored, clock: clock, makeID: makeID))
    do throws(StoreError) {
      if start != head { try archiver.followBranch() }
      try MigrationMark.finish(store)
      try handEdits.takeInSchemas()
      if options.handEdits == .whenOpened { try store.takeInHandEditsBlocking() }
    } catch {
      try? store.closeBlocking()
      throw error
    }
    return store
  }

  // MARK: The steps

  func readManifest() throws(StoreError) -> Manifest {
    let bytes: [UInt8]
    do {
      bytes = try fileSystem.read("\(root)/\(StoreLayout.manifest)")
    } catch  where error.isMissing || error.isNotDirectory {
      throw StoreError(
        .notFound, "There is no store in \(root): it has no \(StoreLayout.manifest).",
        hint: "Make one with `daybook init \(root)`.")
    } catch {
      throw StoreError(.unavailable, "The store in \(root) cannot be read.", cause: error)
    }
    return try Manifest(parsing: bytes)
  }

  private func takeLock() throws(StoreError) -> any File {
    do {
      try fileSystem.makeDirectory("\(root)/\(StoreLayout.local)")
      switch try fileSystem.lock("\(root)/\(StoreLayout.lock)", owner: options.owner) {
      case .acquired(let lock): return lock
      case .heldByAnother(let owner):
        throw StoreError(
          .busy, "The store in \(root) is in use by \(owner.isEmpty ? "another process" : owner).",
          hint: "One process owns a store at a time: wait for it, or stop it.")
      }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(
        .unavailable, "The store in \(root) cannot be written.", hint: "Check who owns the folder, and the disk.",
        cause: error)
    }
  }

  /// Whether no process left working files behind.
  private func isClean() throws(StoreError) -> Bool {
    do {
      return try CleanPoint(root: root, fileSystem: fileSystem).left() == nil
    } catch {
      throw StoreError(.unavailable, "\(StoreLayout.cleanPoint) could not be read.", cause: error)
    }
  }

  private func removeLeftovers() throws(StoreError) {
    do {
      try PackFolder(fileSystem: fileSystem, path: "\(root)/\(StoreLayout.packs)").removeLeftovers()
      try GitIndexKeeper.removeLeftoverLock(root: root, fileSystem: fileSystem)
    } catch {
      throw StoreError(.unavailable, "What a crash left behind could not be cleared away.", cause: error)
    }
  }

  private func removeLeftoverLock(_ branch: String) throws(StoreError) {
    let lock = BranchLock(branch: branch, root: root, fileSystem: fileSystem)
    do {
      guard try lock.removeLeftover() else { return }
      options.logger.notice(
        "a lock that a crash had left on the branch was removed", metadata: ["file": "\(lock.path)"])
    } catch {
      throw StoreError(.unavailable, "What a crash left behind could not be cleared away.", cause: error)
    }
  }

  private func openRepository(_ staged: StagedObjects) throws(StoreError) -> Repository {
    try Self.reading("the Git repository") { () throws(GitError) in try Repository.open(at: root, staged: staged) }
  }

  private func branch(of repository: borrowing Repository) throws(StoreError) -> String {
    let branch: String?
    do {
      branch = try repository.currentBranch()
    } catch {
      throw StoreError(.damaged, "HEAD could not be read.", hint: "Run `git fsck` in the store.", cause: error)
    }
    guard let branch else {
      throw StoreError(
        .refused, "The store's HEAD is detached: there is no branch to write to.",
        hint: "Go back to the branch with `git checkout main`.")
    }
    return branch
  }

  /// The newest commit that is ours, or up to which the stored index was made: what comes behind it was made without us.
  private func followed(
    _ head: ObjectID?, _ stored: ObjectID?, _ objects: ObjectReader
  ) throws(StoreError) -> ObjectID? {
    try Self.reading("the newest commits") { () throws(GitError) in
      var id = head
      while let candidate = id, candidate != stored {
        let commit = try objects.commit(candidate)
        if CommitSequence.of(commit) != nil { break }
        id = commit.parents.first
      }
      return id
    }
  }

  private func commitBuilder(
    _ index: Index, _ head: ObjectID?, _ sequence: UInt64, _ objects: ObjectReader
  ) throws(StoreError) -> CommitBuilder {
    try Self.reading("the newest commit") { () throws(GitError) in
      let commit = try head.map { head throws(GitError) in try objects.commit(head) }
      return CommitBuilder(
        index: index, head: head, sequence: sequence, headSeconds: commit?.author.seconds ?? 0,
        trees: TreeEditor(root: commit?.tree, objects: objects))
    }
  }

  /// The commit from which the log goes on, if Git still has it.
  private func known(_ start: ObjectID?, _ objects: ObjectReader) throws(StoreError) -> ObjectID? {
    guard let start else { return nil }
    let isKnown = try Self.reading("the newest commits") { () throws(GitError) in
      try objects.withRepository { repository throws(GitError) in repository.contains(start) }
    }
    guard isKnown else { throw LoggedCommits.damaged("it goes on from \(start.short), which Git does not have") }
    return start
  }

  private func openLog(_ archived: Index) throws(StoreError) -> (SharedLog, [CommitRecord]) {
    var logged = LoggedCommits(archived: archived)
    var failure: StoreError?
    do {
      let salt = UInt64.random(in: .min ... .max)
      let log = try Log.open("\(root)/\(StoreLayout.log)", fileSystem: fileSystem, salt: salt) { record in
        guard failure == nil else { return }
        do throws(StoreError) { try logged.add(record) } catch { failure = error }
      }
      if let failure { throw failure }
      return (SharedLog(log), logged.commits)
    } catch let error as StoreError {
      throw error
    } catch {
      throw LoggedCommits.damaged("\(error)")
    }
  }

  private func makeSealer(_ manifest: Manifest) throws(StoreError) -> Sealer {
    let file = try KeyRingFile(
      storeID: manifest.storeID, environment: options.environment, fileSystem: fileSystem)
    let passphrases = PassphraseSource(
      environment: options.environment, fileSystem: fileSystem, ask: options.askPassphrase)
    return Sealer(storeID: manifest.storeID, keys: SharedKeyRing(file, passphrases: passphrases))
  }

  private var makeID: @Sendable () -> DocumentID {
    let clock = clock
    return { DocumentID(clock.makeID()) }
  }

  static func reading<Result: ~Copyable>(
    _ what: String, _ body: () throws(GitError) -> Result
  ) throws(StoreError) -> Result {
    do {
      return try body()
    } catch {
      throw StoreError(.damaged, "Reading \(what) failed.", hint: "Run `git fsck` in the store.", cause: error)
    }
  }
}

extension Store {
  /// Opens the store in a folder.
  ///
  /// - Throws: `.notFound` when the folder holds no store, `.busy` when another process owns it, `.newerFormat`,
  ///   `.damaged` when what is on disk contradicts itself (nothing is changed then), `.invalid` for a broken schema.
  public static func open(at path: String, options: StoreOptions = StoreOptions()) async throws -> Store {
    try await Blocking.run { try openBlocking(at: path, options: options) }
  }

  package static func openBlocking(
    at path: String, options: StoreOptions = StoreOptions(), fileSystem: any FileSystem = LocalFileSystem()
  ) throws(StoreError) -> Store {
    try StoreOpening(root: path, options: options, fileSystem: fileSystem, clock: .system).open()
  }
}
