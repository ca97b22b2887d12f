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

    let sealer = makeSealer(manifest)
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
