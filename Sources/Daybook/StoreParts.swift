import Documents
import Git
import Storage

/// The rooms of an open store, joined by `StoreOpening`; `Store` is the door.
struct StoreParts: Sendable {
  let root: String
  let options: StoreOptions
  let manifest: Manifest
  let kinds: Kinds
  let schemaProblems: [StoreError]
  let fileSystem: any FileSystem
  let lock: any File
  let objects: ObjectReader
  let sealer: Sealer
  let published: PublishedState
  let preparer: Preparer
  let loop: CommitLoop<Writer.Request>
  let queue: ArchiveQueue
  let log: SharedLog
  let archiveThread: WorkerThread
  let condenser: Condenser
  let condenserThread: WorkerThread
  let workingTree: WorkingTree
  let treeThread: WorkerThread
  let workingFiles: WorkingFiles
  let indexSnapshot: IndexSnapshotFile
  /// How many entries the stored index has; 0 when there is none.
  let storedIndexEntries: Int
  let makeID: @Sendable () -> DocumentID

  /// Ends the threads in the order in which work flows, then leaves what makes the next opening quick.
  func close() throws(StoreError) {
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
      if let head = state.head,
        storedIndexEntries == 0 || abs(state.index.tree.count - storedIndexEntries) >= Limits.staleIndexEntries
      {
        try indexSnapshot.write(state.index, head: head, sequence: state.sequence)
      }
    } catch {
      throw StoreError(.unavailable, "The store was closed, but its index could not be stored.", cause: error)
    }
  }
}
