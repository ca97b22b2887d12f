package import Daybook
package import Documents

/// Research tasks: a question, a plan, and what was done and found, as it comes.
///
/// ```swift
/// let research = Research(store)
/// let task = try await research.create(query: "Who keeps history?", plan: plan, for: caller)
/// try await research.start(id, for: caller)
/// try await research.append(ResearchItems(steps: [step], panels: [panel]), to: id, for: caller)
/// try await research.complete(id, report: "Few do.", for: caller)
/// ```
///
/// Which status follows which is said in `ResearchStatus`. Where a revision is given, `.conflict` is thrown when the task
/// has changed since.
package struct Research: Sendable {
  let documents: OwnDocuments

  /// - Parameter now: the time of day; the store's own when left out.
  package init(_ store: Store, now: (@Sendable () -> Timestamp)? = nil) {
    documents = OwnDocuments("research", in: store, now: now)
  }

  /// Begins a planned task.
  package func create(
    query: String, title: String? = nil, plan: JSONValue? = nil, metadata: JSONObject? = nil, for caller: Caller
  ) async throws -> Document {
    var members: JSONObject = ["query": .string(query)]
    members["title"] = title.map { .string($0) }
    members["status"] = .string(ResearchStatus.planned.rawValue)
    members["plan"] = plan
    members["metadata"] = metadata.map { .object($0) }
    return try await documents.create(members, for: caller)
  }

  /// Changes the plan, until the task is finished.
  @discardableResult
  package func setPlan(
    _ id: String, to plan: JSONValue, if revision: Revision? = nil, for caller: Caller
  ) async throws -> Document {
    try await documents.change(id, if: revision, for: caller) { task, _, _ throws(StoreError) in
      try task.status.checkTakesPlan("\(task.address)")
      return ["plan": plan]
    }
  }

  @discardableResult
  package func start(_ id: String, if revision: Revision? = nil, for caller: Caller) async throws -> Document {
    try await move(id, from: [.planned], to: .running, if: revision, for: caller)
  }

  /// - Parameter report: what came out; the one that is there stays when it is left out.
  @discardableResult
  package func complete(
    _ id: String, report: String? = nil, if revision: Revision? = nil, for caller: Caller
  ) async throws -> Document {
    let members: JSONObject = report.map { ["report": .string($0)] } ?? [:]
    return try await move(id, to: .completed, if: revision, for: caller, setting: members)
  }

  /// - Parameter error: why, a sentence for people.
  @discardableResult
  package func fail(
    _ id: String, error: String, if revision: Revision? = nil, for caller: Caller
  ) async throws -> Document {
    try await move(id, to: .failed, if: revision, for: caller, setting: ["error": .string(error)])
  }

  @discardableResult
  package func cancel(_ id: String, if revision: Revision? = nil, for caller: Caller) async throws -> Document {
    try await move(id, to: .cancelled, if: revision, for: caller)
  }

  /// Lets a finished task run again; all that it holds stays, but for the error.
  @discardableResult
  package func reopen(_ id: String, if revision: Revision? = nil, for caller: Caller) async throws -> Document {
    let finished = ResearchStatus.allCases.filter(\.isFinished)
    return try await move(id, from: finished, to: .running, if: revision, for: caller, setting: ["error": nil])
  }

  /// Adds what was done and found, all of it or nothing, while the task runs. Items without an id or a time get them.
  @discardableResult
  package func append(_ items: ResearchItems, to id: String, for caller: Caller) async throws -> Document {
    let moment = documents.now()
    return try await documents.change(id, if: nil, for: caller) { task, snapshot, transaction throws(StoreError) in
      try task.status.checkTakesItems("\(task.address)")
      var counts: JSONObject = [:]
      for (series, items) in items.bySeries {
        counts[series.counter] = try transaction.append(
          items, to: series.rawValue, of: task, at: moment, in: snapshot)
      }
      return counts
    }
  }

  package func delete(_ id: String, if revision: Revision? = nil, for caller: Caller) async throws {
    try await documents.delete(id, if: revision, for: caller)
  }

  private func move(
    _ id: String, from origins: [ResearchStatus] = ResearchStatus.allCases, to status: ResearchStatus,
    if revision: Revision?, for caller: Caller, setting members: JSONObject = [:]
  ) async throws -> Document {
    let finished: JSONValue = status.isFinished ? .string(documents.now().text) : .null
    return try await documents.change(id, if: revision, for: caller) { task, _, _ throws(StoreError) in
      try task.status.check(next: status, from: origins, "\(task.address)")
      var members = members
      members["status"] = .string(status.rawValue)
      members["finished_at"] = finished
      return members
    }
  }
}

extension Document {
  /// One that only a changed schema knows counts as finished.
  fileprivate var status: ResearchStatus { root["status"]?.string.flatMap(ResearchStatus.init) ?? .cancelled }
}
