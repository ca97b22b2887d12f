import Daybook
import Documents

/// The steps by which a thread comes to wait for a person and to go on: each writes what is decided and the thread
/// itself in one commit, and is decided again when somebody else was quicker.
extension AgentThreads {
  /// What a step left behind.
  struct Step {
    let snapshot: Snapshot
    let thread: Document
    let resumed: Bool

    func document(_ address: String) throws(StoreError) -> Document {
      guard let document = try snapshot.document(address) else { throw Snapshot.missing(address) }
      return document
    }
  }

  /// - Parameter change: writes what the step is about, and returns what waits afterwards.
  func step(
    of key: ThreadKey, for caller: Caller,
    _ change: (Snapshot, OpenMatters, inout Transaction) throws(StoreError) -> OpenMatters
  ) async throws -> Step {
    let resumed = try await turns.take(of: key.prefix) {
      var resumed = false
      _ = try await store.change(for: caller) { snapshot, transaction in
        let before = try OpenMatters(of: key, in: snapshot)
        let after = try change(snapshot, before, &transaction)
        resumed = try note(before.waiting, after.waiting, key, in: snapshot, &transaction)
      }
      return resumed
    }
    let snapshot = store.snapshot()
    return Step(snapshot: snapshot, thread: try snapshot.thread(key), resumed: resumed)
  }

  /// Decides on an interrupt or a todo that somebody has seen at a revision.
  func decide(
    _ address: String, on revision: Revision, for caller: Caller,
    _ decision: (Document) throws(StoreError) -> JSONObject
  ) async throws -> Decision {
    guard let document = try store.snapshot().document(address), caller.owns(document.root) else {
      throw Snapshot.missing(address)
    }
    let key = try ThreadKey(document.root["thread_id"]?.string ?? "", of: caller)
    let moment = now()
    let step = try await step(of: key, for: caller) { snapshot, matters, transaction throws(StoreError) in
      guard let document = try snapshot.document(address) else { throw Snapshot.missing(address) }
      try DecisionMembers.check(document, seen: revision)
      var members = DecisionMembers.members(of: caller, at: moment, on: revision)
      for (name, value) in try decision(document) { members[name] = value }
      try transaction.set(members, of: address, if: .revision(revision))
      return matters.without(address)
    }
    return Decision(document: try step.document(address), thread: step.thread, resumed: step.resumed)
  }

  /// Lets a thread run again, if no interrupt of it waits.
  ///
  /// - Throws: `.notFound`, or what `check` throws.
  func takeUp(
    _ key: ThreadKey, for caller: Caller, _ check: (Snapshot) throws(StoreError) -> Void
  ) async throws {
    let moment = now()
    _ = try await store.change(for: caller) { snapshot, transaction in
      let thread = try snapshot.thread(key)
      try check(snapshot)
      guard thread.threadStatus != .running, try OpenMatters(of: key, in: snapshot).interrupts.isEmpty else { return }
      try transaction.set(
        ["status": .string(ThreadStatus.running.rawValue), "error": .null, "updated_at": .string(moment.text)],
        of: key.address, if: .revision(thread.revision))
    }
  }

  /// Writes into the document of a thread what waits from now on; says whether the thread resumes.
  private func note(
    _ before: Waiting, _ after: Waiting, _ key: ThreadKey, in snapshot: Snapshot, _ transaction: inout Transaction
  ) throws(StoreError) -> Bool {
    let thread = try snapshot.document(key.address, of: key.user)
    let outcome = Waiting.outcome(of: thread?.threadStatus ?? .running, from: before, to: after)
    let moment = JSONValue.string(now().text)
    var members: JSONObject = [
      "status": .string(outcome.status.rawValue), "open_interrupts": .number(JSONNumber(after.interrupts)),
      "open_todos": .number(JSONNumber(after.todos)), "updated_at": moment,
    ]
    if outcome.resumes {
      members["resumptions"] = .number(JSONNumber((thread?.root["resumptions"]?.integer ?? 0) + 1))
      members["resumed_at"] = moment
    }
    if let thread {
      try transaction.set(members, of: key.address, if: .revision(thread.revision))
    } else {
      var head = head(of: key)
      for (name, value) in members { head[name] = value }
      try transaction.put(key.address, .object(head), if: .absent)
    }
    return outcome.resumes
  }

  // MARK: Reading

  /// The caller's interrupts or todos, newest first.
  func matters(
    in collection: String, _ status: String?, _ thread: String?, _ limit: Int, _ cursor: String?, for caller: Caller
  ) throws(StoreError) -> Page {
    var query = try Query(collection).owned(by: caller).sorted(by: "/created_at", .descending)
    if let status { query = try query.where("/status", .equals(.string(status))) }
    if let thread { query = try query.where("/thread_id", .equals(.string(thread))) }
    return try store.snapshot().query(query.limited(to: min(limit, Limits.listedDocuments)).after(cursor))
  }
}
