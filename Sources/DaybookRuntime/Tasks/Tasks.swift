package import Daybook
package import Documents

/// Tasks: work that runs on its own and reports how far it is.
///
/// ```swift
/// let tasks = Tasks(store, lease: lease.id)
/// let task = try await tasks.create(type: "digest", for: caller)
/// try await tasks.report(TaskProgress(percent: 40, message: "Reading 12 of 30 feeds"), of: id, for: caller)
/// try await tasks.complete(id, result: ["items": 12], for: caller)
/// ```
///
/// Which status follows which is said in `TaskStatus`. Where a revision is given, `.conflict` is thrown when the task has
/// changed since.
package struct Tasks: Sendable {
  let documents: OwnDocuments
  private let lease: String?

  /// - Parameters:
  ///   - lease: of the service that runs the tasks it creates and starts; without one, no restart interrupts them.
  ///   - now: the time of day; the store's own when left out.
  package init(_ store: Store, lease: String? = nil, now: (@Sendable () -> Timestamp)? = nil) {
    documents = OwnDocuments("tasks", in: store, now: now)
    self.lease = lease
  }

  /// Asks for a task. It is pending until somebody starts it.
  package func create(
    type: String, message: String? = nil, metadata: JSONObject? = nil, for caller: Caller
  ) async throws -> Document {
    var members: JSONObject = ["task_type": .string(type), "status": "pending"]
    members["message"] = message.map { .string($0) }
    members["metadata"] = metadata.map { .object($0) }
    members["owner"] = lease.map { .string($0) }
    return try await documents.create(members, for: caller)
  }

  /// Begins a pending task. Of two who do, one gets it.
  @discardableResult
  package func start(_ id: String, if revision: Revision? = nil, for caller: Caller) async throws -> Document {
    try await documents.change(id, if: revision, for: caller) { task, _, _ throws(StoreError) in
      try TaskState(task).starting(owner: lease)
    }
  }

  /// Tells how far a task is; a pending one is processing from then on.
  @discardableResult
  package func report(
    _ progress: TaskProgress, of id: String, if revision: Revision? = nil, for caller: Caller
  ) async throws -> Document {
    try await documents.change(id, if: revision, for: caller) { task, _, _ throws(StoreError) in
      try TaskState(task).reporting(progress)
    }
  }

  /// - Parameter result: what came out, in a form that the type of task decides.
  @discardableResult
  package func complete(
    _ id: String, result: JSONValue = .null, if revision: Revision? = nil, for caller: Caller
  ) async throws -> Document {
    try await end(id, .completed(result: result), if: revision, for: caller)
  }

  /// - Parameter error: why, a sentence for people.
  @discardableResult
  package func fail(
    _ id: String, error: String, if revision: Revision? = nil, for caller: Caller
  ) async throws -> Document {
    try await end(id, .failed(error: error), if: revision, for: caller)
  }

  @discardableResult
  package func cancel(_ id: String, if revision: Revision? = nil, for caller: Caller) async throws -> Document {
    try await end(id, .cancelled, if: revision, for: caller)
  }

  private func end(
    _ id: String, _ end: TaskEnd, if revision: Revision?, for caller: Caller
  ) async throws -> Document {
    let moment = documents.now()
    return try await documents.change(id, if: revision, for: caller) { task, _, _ throws(StoreError) in
      try TaskState(task).ending(end, at: moment, by: caller.user)
    }
  }
}
