package import Daybook
package import Documents

/// Sessions of agents: a thread by its name, the agent that runs in it, and how far it is. `Checkpoints` keeps its
/// states.
///
/// The document of a thread stays small: it knows how many interrupts and todos of the thread are open, and nothing
/// that grows. Which status follows which says `ThreadStatus`.
package struct AgentThreads: Sendable {
  static let collection = "threads"

  let store: Store
  let now: @Sendable () -> Timestamp
  /// Who changes the document of a thread.
  let turns = Turns()
  /// Who changes what a thread has: saving goes on at once with other saving, and never while something is taken away or
  /// copied, which is decided on all that the thread has. So a service has one of these for a store, and what works on
  /// it is made with that.
  let contents = Turns()

  /// - Parameter now: the time of day; the store's own when left out.
  package init(_ store: Store, now: (@Sendable () -> Timestamp)? = nil) {
    self.store = store
    self.now = now ?? { store.now }
  }

  // MARK: Making and changing

  /// Makes a thread.
  ///
  /// - Parameter id: what the agent calls it; one is made when it is left out.
  /// - Throws: `.conflict` when there is one of that name.
  @discardableResult
  package func create(
    _ id: String? = nil, agent: String? = nil, config: JSONObject = [:], metadata: JSONObject = [:], for caller: Caller
  ) async throws -> Document {
    let key = try ThreadKey(id ?? store.makeID().text, of: caller)
    let receipt = try await store.change(for: caller) { snapshot, transaction in
      guard try snapshot.revision(key.address) == nil else {
        throw StoreError(.conflict, "There is a thread '\(key.id)' already.", document: key.address)
      }
      var head = head(of: key)
      head["agent_name"] = agent.map { .string($0) }
      head["config"] = .object(config)
      head["metadata"] = .object(metadata)
      try transaction.put(key.address, .object(head), if: .absent)
    }
    return try store.document(writtenBy: receipt)
  }

  /// Sets members of a thread: `agent_name`, `config`, `metadata`; and brings it into another status, if one is given.
  ///
  /// - Parameter error: why it failed, a sentence for people.
  /// - Throws: `.refused` for a status that may not follow, or not while an interrupt is open; `.conflict` when the thread
  ///   is at another revision than the one that is given.
  @discardableResult
  package func update(
    _ id: String, setting members: JSONObject, becoming status: ThreadStatus? = nil, error: String? = nil,
    if revision: Revision? = nil, for caller: Caller
  ) async throws -> Document {
    for name in members.keys where !["agent_name", "config", "metadata"].contains(name) {
      throw StoreError(
        .refused, "The member '\(name)' of a thread cannot be set.", hint: "It follows from what is done.")
    }
    guard error == nil || status == .error else {
      throw StoreError(.invalid, "Only a thread that comes into the status error has one to tell.")
    }
    return try await change(id, if: revision, for: caller) { thread, open throws(StoreError) in
      guard let status else { return members }
      try thread.threadStatus.check(becoming: status, open: open, "\(thread.address)")
      var members = members
      members["status"] = .string(status.rawValue)
      members["error"] = status == .error ? error.map { .string($0) } ?? .null : .null
      return members
    }
  }

  /// Brings a thread into another status.
  ///
  /// - Parameter error: why it failed, a sentence for people.
  /// - Throws: `.refused` for a status that may not follow.
  @discardableResult
  package func move(
    _ id: String, to status: ThreadStatus, error: String? = nil, if revision: Revision? = nil, for caller: Caller
  ) async throws -> Document {
    try await update(id, setting: [:], becoming: status, error: error, if: revision, for: caller)
  }

  private func change(
    _ id: String, if revision: Revision?, for caller: Caller,
    _ decide: (Document, Waiting) throws(StoreError) -> JSONObject
  ) async throws -> Document {
    let key = try ThreadKey(id, of: caller)
    let moment = now()
    let receipt = try await turns.take(of: key.prefix) {
      try await store.change(for: caller) { snapshot, transaction in
        let thread = try snapshot.thread(key)
        let precondition = try thread.precondition(seen: revision)
        var members = try decide(thread, OpenMatters(of: key, in: snapshot).waiting)
        members["updated_at"] = .string(moment.text)
        try transaction.set(members, of: key.address, if: precondition)
      }
    }
    return try store.document(writtenBy: receipt)
  }

  /// Makes the document of a thread when there is none yet; else notes there that the thread is at work, if it was not
  /// noted lately.
  ///
  /// - Parameter isNews: whether anything is saved that was not there: what is sent again changes nothing.
  func begin(
    _ key: ThreadKey, isNews: Bool, in snapshot: Snapshot, _ transaction: inout Transaction
  ) throws(StoreError) {
    guard let thread = try snapshot.ownThread(key) else {
      return try transaction.put(key.address, .object(head(of: key)), if: .absent)
    }
    guard isNews else { return }
    let moment = now()
    let noted = thread.root["updated_at"]?.string.flatMap { Timestamp(parsing: $0) }
    if let noted, moment.milliseconds - noted.milliseconds < Limits.threadNoteMilliseconds { return }
    try transaction.set(["updated_at": .string(moment.text)], of: key.address, if: .revision(thread.revision))
  }

  func head(of key: ThreadKey) -> JSONObject {
    let moment = JSONValue.string(now().text)
    return [
      "thread_id": .string(key.id), "user": .string(key.user), "status": .string(ThreadStatus.running.rawValue),
      "created_at": moment, "updated_at": moment,
    ]
  }

  // MARK: Reading

  /// The document of a thread.
  ///
  /// - Throws: `.notFound`.
  package func thread(_ id: String, for caller: Caller) throws(StoreError) -> Document {
    try store.snapshot().thread(try ThreadKey(id, of: caller))
  }

  /// The caller's threads, the one first that changed last: its document, or what is saved of it, to the minute.
  ///
  /// Looks at `Limits.searchedDocuments` at most, so a page may be short, or empty, and have others behind it.
  ///
  /// - Parameter metadata: members and what they must equal.
  package func list(
    status: ThreadStatus? = nil, agent: String? = nil, metadata: JSONObject = [:], limit: Int = 50,
    after cursor: String? = nil, for caller: Caller
  ) throws(StoreError) -> Page {
    var query = try Query(Self.collection).owned(by: caller).sorted(by: "/updated_at", .descending)
    if let status { query = try query.where("/status", .equals(.string(status.rawValue))) }
    if let agent { query = try query.where("/agent_name", .equals(.string(agent))) }
    for (name, value) in metadata {
      query = try query.where("\(JSONPointer(["metadata", name]))", .equals(value))
    }
    return try store.snapshot().query(
      query.limited(to: OwnDocuments.pageLimit(limit)).examining(atMost: Limits.searchedDocuments).after(cursor))
  }
}

extension Snapshot {
  /// The document of a thread.
  ///
  /// - Throws: `.notFound`.
  func thread(_ key: ThreadKey) throws(StoreError) -> Document {
    if let thread = try ownThread(key) { return thread }
    throw StoreError(.notFound, "There is no thread '\(key.id)'.", document: key.address)
  }

  /// The same; nil when there is none.
  func ownThread(_ key: ThreadKey) throws(StoreError) -> Document? { try document(key.address, of: key.user) }
}

extension Document {
  /// The status of a thread.
  var threadStatus: ThreadStatus { root["status"]?.string.flatMap { ThreadStatus(rawValue: $0) } ?? .running }
}
