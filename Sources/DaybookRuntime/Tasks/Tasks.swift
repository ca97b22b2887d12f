package import Daybook
package import Documents

/// Tasks: work that runs on its own and reports how far it is.
///
/// ```swift
/// let tasks = Tasks(store, lease: service)
/// let task = try await tasks.create(type: "digest", for: caller)
/// try await tasks.report(TaskProgress(percent: 40, message: "Reading 12 of 30 feeds"), of: id, for: caller)
/// try await tasks.complete(id, result: ["items": 12], for: caller)
/// ```
///
/// Which status follows which is said in `TaskStatus`. Where a revision is given, `.conflict` is thrown when the task has
/// changed since. Who works through a service names the own lease with what it begins; the service's own stands in.
package struct Tasks: Sendable {
  let documents: OwnDocuments
  let lease: Lease?

  /// - Parameters:
  ///   - lease: of the service through which tasks are created and started; without one, no restart interrupts those for
  ///     which no lease is named.
  ///   - now: the time of day; the store's own when left out.
  package init(_ store: Store, lease: Lease? = nil, now: (@Sendable () -> Timestamp)? = nil) {
    documents = OwnDocuments("tasks", in: store, now: now)
    self.lease = lease
  }

  /// Asks for a task. It is pending until somebody starts it.
  ///
  /// - Parameter own: the caller's lease, under which the task is.
  package func create(
    type: String, message: String? = nil, metadata: JSONObject? = nil, under own: String? = nil, for caller: Caller
  ) async throws -> Document {
    if let own { try judge().check(own, of: caller, in: documents.store.snapshot()) }
    var members: JSONObject = ["task_type": .string(type), "status": "pending"]
    members["message"] = message.map { .string($0) }
    members["metadata"] = metadata.map { .object($0) }
    members["owner"] = (own ?? lease?.id).map { .string($0) }
    return try await documents.create(members, for: caller)
  }

  /// Begins a pending task. Of two who do, one gets it.
  ///
  /// - Parameter own: the caller's lease, under which the task is from now on.
  @discardableResult
  package func start(
    _ id: String, under own: String? = nil, if revision: Revision? = nil, for caller: Caller
  ) async throws -> Document {
    try await documents.change(id, if: revision, for: caller) { task, snapshot, _ throws(StoreError) in
      let named = try owner(own, for: caller, in: snapshot)
      let standIn = try standIn(task, in: snapshot)
      return try TaskState(task).starting(owner: named ?? standIn)
    }
  }

  /// Tells how far a task is; a pending one is processing from then on.
  @discardableResult
  package func report(
    _ progress: TaskProgress, of id: String, under own: String? = nil, if revision: Revision? = nil,
    for caller: Caller
  ) async throws -> Document {
    try await documents.change(id, if: revision, for: caller) { task, snapshot, _ throws(StoreError) in
      try TaskState(task).reporting(progress, owner: owner(own, for: caller, in: snapshot))
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

  // MARK: Leases

  func judge() -> LeaseJudge { LeaseJudge(service: lease, moment: documents.now()) }

  /// The lease that a caller names, if one is named and it is good.
  private func owner(
    _ own: String?, for caller: Caller, in snapshot: Snapshot
  ) throws(StoreError) -> String? {
    if let own { try judge().check(own, of: caller, in: snapshot) }
    return own
  }

  /// The owner of a task for which none is named: an application under whose lease it is keeps it.
  private func standIn(_ task: Document, in snapshot: Snapshot) throws(StoreError) -> String? {
    let known = try task.root["owner"]?.string.flatMap { id throws(StoreError) in try snapshot.lease(id) }
    return known?.user == nil ? lease?.id : nil
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
