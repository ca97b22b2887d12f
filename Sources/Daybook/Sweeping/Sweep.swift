import Documents
import Git

/// Takes expired documents out of the tree, in ordinary commits among everybody else's. The history keeps them.
///
/// A batch is judged on one snapshot and written with what it was judged on as its condition (`Operation.expire`): a
/// document that changes in between, or whose kind does, stays, and holds up no other. So does one whose file holds an
/// edit.
struct Sweep: Sendable {
  let writes: WritePath
  let handEdits: HandEdits
  let files: WorkingFiles
  let clock: Clock
  let onStep: @Sendable (WriteStep) -> Void

  func begin() -> SweepWalk { SweepWalk(writes.snapshot.kinds, at: clock.milliseconds()) }

  /// How many documents of which collection one commit took.
  struct Step {
    var collection: String
    var documents: Int
  }

  /// Sweeps the next batch; nil when the walk is through.
  func step(_ walk: inout SweepWalk) throws(StoreError) -> Step? {
    guard let batch = try walk.nextBatch(in: writes.snapshot) else { return nil }
    let (operations, prepared) = try prepare(batch)
    let receipt = try writes.submitBlocking(
      PreparedTransaction(
        operations: operations, changes: prepared.changes, kinds: prepared.kinds, author: .store,
        message: batch.subject, origin: .sweep, commitPolicy: .each), .durable)
    if receipt.changed { onStep(.swept) }
    return Step(collection: batch.collection.text, documents: receipt.documents.count { $0.revision == nil })
  }

  private func prepare(_ batch: SweepWalk.Batch) throws(StoreError) -> ([Operation], WritePath.Prepared) {
    let operations = batch.documents.map { Operation.expire($0.address, lastChange: $0.lastChange, schema: $0.schema) }
    let prepared = try writes.prepare(operations)
    let edits = try handEdits.takeInBefore(prepared.changes)
    let edited = Set(prepared.changes.lazy.filter { files.holdsEdit($0.path) }.compactMap(\.index?.name))
    if edits.isEmpty, edited.isEmpty { return (operations, prepared) }
    let rest = operations.filter { !edited.contains($0.address.map(Index.name(of:)) ?? []) }
    return (rest, try writes.prepare(rest))
  }
}

extension SweepWalk.Batch {
  fileprivate var subject: String {
    documents.count == 1 ? "\(documents[0].address): expired" : "\(collection): \(documents.count) documents expired"
  }
}

extension WritePath {
  /// The whole store as it is now.
  var snapshot: Snapshot {
    Snapshot(published.current, objects: preparer.objects, sealer: preparer.sealer)
  }
}
