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
    for path in suspects.keys where path.hasPrefix("\(StoreLayout.schemas)/") { try workingFiles.settle(path) }
    let loaded = try loadKinds(head, objects)

    let indexBuilder = IndexBuilder(kinds: loaded.kinds, objects: objects)
    let snapshotFile = IndexSnapshotFile(
      path: "\(root)/\(StoreLayout.indexSnapshot)", fileSystem: fileSystem,
      kindsFingerprint: loaded.kinds.fingerprint)
    let loading = IndexLoading(file: snapshotFile, builder: indexBuilder, objects: objects)
    var stored = try loading.load(head)
    let (log, records) = try openLog(stored.index)
    // A person may have moved the branch while the log held newer commits: those go on from where they began, and the
    // branch is followed in the end.
    let start = records.first.map(\.parent) ?? head
    if start != head { stored = try loading.load(try known(start, objects)) }
    var builder = try commitBuilder(stored.index, start, stored.sequence, objects)
    let outcomes = try Recovery(indexBuilder: indexBuilder, objects: objects).replay(records, on: &builder)

    let queue = ArchiveQueue(archived: stored.sequence)
    let commits = outcomes.map(ArchiveQueue.Commit.init)
    workingFiles.expect(commits.flatMap(\.files))
    if !commits.isEmpty { queue.add(commits, needsSync: true) }

    let sealer = try makeSealer(manifest)
    let preparer = Preparer(kinds: loaded.kinds, sealer: sealer, objects: objects)
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
    let merge = BranchMerge(kinds: loaded.kinds, objects: objects, makeID: makeID)
    let author = options.author
    let archiver = Archiver(
      repository: archiveRepository, branch: branch, head: start, maintenance: maintenance, condenser: condenser,
      queue: queue, log: log, workingTree: workingTree, objects: objects, logger: options.logger,
      onStep: options.onStep,
      follow: { move throws(StoreError) in try writer.follow(move, merge, author: author) })
    let loop = CommitLoop<Writer.Request> { writer.handle($0) }
    let writes = WritePath(preparer: preparer, published: published, loop: loop, queue: queue)
    let handEdits = HandEdits(
      root: root, fileSystem: fileSystem, author: options.author, files: workingFiles, tree: workingTree,
      writes: writes, archiver: archiver, makeID: makeID, logger: options.logger)
    let sweep = Sweep(
      writes: writes, handEdits: handEdits, files: workingFiles, clock: clock, onStep: options.onStep)
    let sweeper = makeSweeper(sweep, loaded.kinds)
    let store = Store(
      StoreParts(
        root: root, branch: branch, options: options, manifest: manifest, kinds: loaded.kinds,
        schemaProblems: loaded.problems.map(\.error), fileSystem: fileSystem, lock: lock, objects: objects,
        sealer: sealer, published: published, loop: loop, writes: writes, handEdits: handEdits,
        editThread: options.handEdits == .watch ? WorkerThread { handEdits.run() } : nil,
        sweep: sweep, sweeper: sweeper, sweeperThread: sweeper.map { sweeper in WorkerThread { sweeper.run() } },
        queue: queue, log: log, archiveThread: WorkerThread { archiver.run() },
        condenser: condenser, condenserThread: WorkerThread { condenser.run(onReplaced: archiver.reopen) },
        workingTree: workingTree, treeThread: WorkerThread { workingTree.run() }, workingFiles: workingFiles,
        indexSnapshot: snapshotFile, storedIndexEntries: stored.storedEntries, clock: clock,
        makeID: makeID))
    if start != head { try archiver.followBranch() }
    try commitSchemas(loaded.changed, in: store)
    if options.handEdits == .whenOpened { try store.takeInHandEditsBlocking() }
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

  private func loadKinds(_ head: ObjectID?, _ objects: ObjectReader) throws(StoreError) -> KindLoader.Loaded {
    var committed: [String: [UInt8]] = [:]
    if let head {
      try Self.reading("the committed schemas") { () throws(GitError) in
        let root = try objects.tree(try objects.commit(head).tree)
        guard let schemas = root.folder(named: Array(StoreLayout.schemas.utf8)) else { return }
        for entry in try objects.tree(schemas).entries() where entry.name.hasSuffix(StoreLayout.schemaSuffix) {
          committed["\(StoreLayout.schemas)/\(entry.name)"] = try objects.blob(entry.id)
        }
      }
    }
    return try KindLoader(root: root, fileSystem: fileSystem).load(committed: committed)
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

  private func makeSweeper(_ sweep: Sweep, _ kinds: Kinds) -> Sweeper? {
    guard let interval = options.sweepInterval, kinds.all.contains(where: { $0.timeToLive != nil }) else { return nil }
    return Sweeper(sweep, interval: interval, logger: options.logger)
  }

  private var makeID: @Sendable () -> DocumentID {
    let clock = clock
    return { DocumentID(clock.makeID()) }
  }

  /// A schema that a person added or changed is taken in like any hand edit: as a commit.
  private func commitSchemas(_ changed: [(path: String, bytes: [UInt8])], in store: Store) throws(StoreError) {
    guard !changed.isEmpty else { return }
    do {
      try store.transactionBlocking(origin: .hand) { transaction in
        for file in changed { try transaction.setFile(file.path, to: file.bytes) }
      }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(.unavailable, "The changed schemas could not be taken in.", cause: error)
    }
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
