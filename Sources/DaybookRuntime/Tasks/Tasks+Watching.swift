package import Daybook

extension Tasks {
  /// Hands out a task as it is, and then as each change leaves it, until it is over.
  ///
  /// - Returns: the task as it was handed out last. It is not over when the store was closed meanwhile, or nobody wants to
  ///   know any more: then the Swift task was cancelled.
  /// - Throws: `.notFound` for one that is not there, or is deleted meanwhile; what `each` throws.
  package func watch(
    _ id: String, for caller: Caller, _ each: (Document) throws -> Void
  ) async throws -> Document {
    let snapshot = documents.store.snapshot()
    var task = try snapshot.document(id, in: documents.collection, of: caller)
    try each(task)
    if task.taskStatus.isFinal { return task }
    for try await change in documents.store.changes(after: snapshot.sequence) where change.address == task.address {
      let then = try documents.store.snapshot().past(at: .sequence(change.commit.sequence))
      guard let changed = try then.document(task.address) else { throw Snapshot.missing("\(task.address)") }
      task = changed
      try each(task)
      if task.taskStatus.isFinal { break }
    }
    return task
  }
}
