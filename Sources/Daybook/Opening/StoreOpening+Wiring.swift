import Git
import Storage

/// Joining the rooms of a store, in the order in which a write goes through them.
extension StoreOpening {
  /// From the caller to the log.
  struct Writing {
    let preparer: Preparer
    let queue: ArchiveQueue
    let published: PublishedState
    let writer: Writer
    let writes: WritePath
  }

  /// From the log to packs and files.
  struct Archiving {
    let tree: WorkingTree
    let condenser: Condenser
    let archiver: Archiver
    let leakNotes: LeakNotes
  }

  /// Takes up what the log holds, and goes on from there.
  func makeWriting(
    _ history: History, _ files: WorkingFiles, _ preparer: Preparer
  ) throws(StoreError) -> Writing {
    let loaded = history.loaded
    var builder = try commitBuilder(loaded.index, history.start, loaded.sequence, preparer.objects)
    let outcomes = try Recovery(objects: preparer.objects).replay(history.records, on: &builder)
    let queue = ArchiveQueue(archived: loaded.sequence)
    let commits = outcomes.map(ArchiveQueue.Commit.init)
    try files.expectAgain(commits.flatMap(\.files))
    if !commits.isEmpty { queue.add(commits, needsSync: true) }
    let published = PublishedState(
      PublishedState.State(index: builder.index, head: builder.head, sequence: builder.sequence))
    let writer = Writer(
      builder: builder, log: history.log, preparer: preparer, workingFiles: files, published: published, archive: queue,
      clock: clock, onStep: options.onStep)
    let writes = WritePath(
      preparer: preparer, published: published, loop: CommitLoop { writer.handle($0) }, queue: queue,
      replication: ReplicationQueue(node: makeID().text))
    return Writing(preparer: preparer, queue: queue, published: published, writer: writer, writes: writes)
  }

  func makeWorkingTree(
    _ head: ObjectID?, _ suspects: [String: [ObjectID?]], _ files: WorkingFiles, _ writing: Writing
  ) throws(StoreError) -> WorkingTree {
    let queue = writing.queue
    let tree = WorkingTree(
      root: root, head: head, isClean: try isClean(), fileSystem: fileSystem, files: files,
      objects: writing.preparer.objects, logger: options.logger, onStep: options.onStep,
      onFailure: { queue.stop(because: $0) })
    let unsure = suspects.map { ChangedFile(path: $0.key, basis: nil, id: $0.value.last ?? nil) }
    if let head { tree.follow(unsure, head: head, expected: false) }
    return tree
  }

  func makeArchiving(
    _ repository: consuming sending Repository, _ branch: String, _ history: History, _ tree: WorkingTree,
    _ writing: Writing
  ) -> Archiving {
    let objects = writing.preparer.objects
    let maintenance = PackMaintenance(
      root: root, fileSystem: fileSystem, logger: options.logger, onStep: options.onStep)
    let condenser = Condenser(maintenance: maintenance, objects: objects, logger: options.logger)
    let leakNotes = LeakNotes(root: root, fileSystem: fileSystem)
    let merge = BranchMerge(preparer: writing.preparer, leakNotes: leakNotes, makeID: makeID)
    let (writer, author) = (writing.writer, options.author)
    let archiver = Archiver(
      repository: repository, branch: branch, head: history.start, maintenance: maintenance, condenser: condenser,
      queue: writing.queue, log: history.log, workingTree: tree, objects: objects, logger: options.logger,
      onStep: options.onStep, onSyncStep: options.onSyncStep,
      follow: { move throws(StoreError) in try writer.follow(move, merge, author: author) })
    return Archiving(tree: tree, condenser: condenser, archiver: archiver, leakNotes: leakNotes)
  }

  /// All rooms, with their threads started.
  func makeParts(
    _ manifest: Manifest, _ lock: any File, _ branch: String, _ files: WorkingFiles, _ history: History,
    _ writing: Writing, _ archiving: Archiving
  ) -> StoreParts {
    let (tree, archiver, condenser) = (archiving.tree, archiving.archiver, archiving.condenser)
    let handEdits = makeHandEdits(files, writing, archiving)
    let sweep = Sweep(
      writes: writing.writes, handEdits: handEdits, files: files, clock: clock, onStep: options.onStep)
    let sweeper = options.sweepInterval.map { Sweeper(sweep, interval: $0, logger: options.logger) }
    return StoreParts(
      root: root, branch: branch, options: options, manifest: manifest, fileSystem: fileSystem, lock: lock,
      objects: writing.preparer.objects, sealer: writing.preparer.sealer, published: writing.published,
      loop: writing.writes.loop, writes: writing.writes, handEdits: handEdits, leakNotes: archiving.leakNotes,
      editThread: options.handEdits == .watch ? WorkerThread { handEdits.run() } : nil,
      sweep: sweep, sweeper: sweeper, sweeperThread: sweeper.map { sweeper in WorkerThread { sweeper.run() } },
      queue: writing.queue, log: history.log, archiver: archiver, archiveThread: WorkerThread { archiver.run() },
      condenser: condenser, condenserThread: WorkerThread { condenser.run(onReplaced: archiver.reopen) },
      workingTree: tree, treeThread: WorkerThread { tree.run() }, workingFiles: files,
      indexSnapshot: indexSnapshot, storedIndex: history.loaded.stored, clock: clock, makeID: makeID)
  }

  private func makeHandEdits(_ files: WorkingFiles, _ writing: Writing, _ archiving: Archiving) -> HandEdits {
    let preparer = writing.preparer
    let intake = HandEditIntake(
      author: options.author, files: files, tree: archiving.tree, writes: writing.writes,
      reader: HandEditReader(objects: preparer.objects, sealer: preparer.sealer, makeID: makeID),
      logger: options.logger)
    return HandEdits(
      root: root, fileSystem: fileSystem, files: files, published: writing.published, objects: preparer.objects,
      archiver: archiving.archiver, intake: intake, logger: options.logger)
  }
}
