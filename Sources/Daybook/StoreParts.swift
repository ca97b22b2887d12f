import Documents
import Git
import Storage

/// The rooms of an open store, joined by `StoreOpening`; `Store` is the door.
struct StoreParts: Sendable {
  let root: String
  /// In full, such as `refs/heads/main`.
  let branch: String
  let options: StoreOptions
  let manifest: Manifest
  let fileSystem: any FileSystem
  let lock: any File
  let objects: ObjectReader
  let sealer: Sealer
  let published: PublishedState
  let loop: CommitLoop<Writer.Request>
  let writes: WritePath
  let handEdits: HandEdits
  let leakNotes: LeakNotes
  /// Watches for hand edits, if that was asked for.
  let editThread: WorkerThread?
  let sweep: Sweep
  /// Sweeps by itself, if that was asked for.
  let sweeper: Sweeper?
  let sweeperThread: WorkerThread?
  let queue: ArchiveQueue
  let log: SharedLog
  let archiver: Archiver
  let archiveThread: WorkerThread
  let condenser: Condenser
  let condenserThread: WorkerThread
  let workingTree: WorkingTree
  let treeThread: WorkerThread
  let workingFiles: WorkingFiles
  let indexSnapshot: IndexSnapshotFile
  /// How much of the index is stored; nil when none is.
  let storedIndex: IndexLoading.Stored?
  let clock: Clock
  let makeID: @Sendable () -> DocumentID
  let transfers = TransferTurn()

  var replication: ReplicationQueue { writes.replication }

  /// Ends the threads in the order in which work flows, then leaves what makes the next opening quick.
  func close() throws(StoreError) {
    replication.close()
    handEdits.close()
    editThread?.join()
    sweeper?.close()
    sweeperThread?.join()
    loop.stop()
    condenser.close()
    condenserThread.join()
    queue.close()
    archiveThread.join()
    workingTree.close()
    treeThread.join()
    published.close()
    defer { lock.close() }
    if let failure = queue.failure { throw failure }
    condenser.condenseAtClosing()
    let state = published.current
    do {
      // Everything is archived. What a person does to the branch from now on is not to be taken for a loss.
      try log.dropAll()
      if let head = state.head {
        if isStale(state.index) { try indexSnapshot.write(state.index, head: head, sequence: state.sequence) }
        try ClosingPoint(root: root, fileSystem: fileSystem).note(head)
      }
    } catch {
      throw StoreError(
        .unavailable, "The store was closed, but its log or index could not be put in order.", cause: error)
    }
  }
  /// What other kinds cost when they came is not to be paid again at each opening.
  private func isStale(_ index: Index) -> Bool {
    guard let storedIndex else { return true }
    return storedIndex.kinds != index.kinds.fingerprint
      || abs(index.tree.count - storedIndex.entries) >= Limits.staleIndexEntries
  }
}
