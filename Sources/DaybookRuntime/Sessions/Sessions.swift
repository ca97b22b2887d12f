package import Daybook
package import Documents

/// Conversations: a small document about each, and its messages as a series.
///
/// ```swift
/// let sessions = Sessions(store)
/// let session = try await sessions.create(title: "Feeds", for: caller)
/// try await sessions.append([["role": "user", "content": "What is new?"]], to: id, for: caller)
/// let question = try await sessions.ask("Which of the two feeds?", in: id, for: caller)
/// let state = try await sessions.answer("The first", in: id, for: caller)  // with all that was said before
/// ```
///
/// Which status follows which is said in `SessionStatus`. Where a revision is given, `.conflict` is thrown when the session
/// has changed since.
package struct Sessions: Sendable {
  let documents: OwnDocuments

  /// - Parameter now: the time of day; the store's own when left out.
  package init(_ store: Store, now: (@Sendable () -> Timestamp)? = nil) {
    documents = OwnDocuments("sessions", in: store, now: now)
  }

  /// Begins a conversation, with its first messages.
  ///
  /// - Parameter profile: the id of the LLM profile that answers; the active one when left out, if there is one.
  /// - Throws: `.notFound` when there is no such profile.
  package func create(
    title: String? = nil, profile: String? = nil, metadata: JSONObject? = nil, messages: [JSONValue] = [],
    for caller: Caller
  ) async throws -> Document {
    let moment = documents.now()
    let messages = try prepared(messages, at: moment)
    let receipt = try await documents.store.change(for: caller) { snapshot, transaction in
      var session: JSONObject = ["user": .string(caller.user)]
      session["title"] = title.map { .string($0) }
      session["status"] = SessionStatus.active.json
      session["created_at"] = .string(moment.text)
      session["updated_at"] = .string(moment.text)
      session["llm_profile"] = profile.map { .string($0) }
      session["llm"] = try SessionModel.inForce(profile, in: snapshot, for: caller)
      session["metadata"] = metadata.map { .object($0) }
      let address = try transaction.create(in: documents.collection, .object(session))
      try messages.add(to: "\(address)", in: &transaction)
    }
    return try documents.store.document(writtenBy: receipt)
  }

  /// Appends messages, all or none, in this order. A conversation that had ended is active again.
  ///
  /// - Returns: the messages, each with its id and time.
  @discardableResult
  package func append(_ messages: [JSONValue], to id: String, for caller: Caller) async throws -> [JSONValue] {
    let messages = try prepared(messages, at: documents.now())
    _ = try await documents.change(id, if: nil, for: caller) { session, _, transaction throws(StoreError) in
      try messages.add(to: "\(session.address)", in: &transaction)
      return SessionState(session).appending()
    }
    return messages.items
  }

  /// Lets another LLM profile answer from now on; the active one when none is named.
  @discardableResult
  package func use(
    profile: String?, in id: String, if revision: Revision? = nil, for caller: Caller
  ) async throws -> Document {
    try await documents.change(id, if: revision, for: caller) { _, snapshot, _ throws(StoreError) in
      guard let model = try SessionModel.inForce(profile, in: snapshot, for: caller) else {
        throw StoreError(.notFound, "No LLM profile is active.", hint: "Name one.")
      }
      var members: JSONObject = ["llm": model]
      members["llm_profile"] = profile.map { .string($0) }
      return members
    }
  }

  /// Sets what people and the application say of a conversation. What is nil stays as it is.
  @discardableResult
  package func describe(
    _ id: String, title: String? = nil, metadata: JSONObject? = nil, if revision: Revision? = nil, for caller: Caller
  ) async throws -> Document {
    try await documents.change(id, if: revision, for: caller) { _, _, _ throws(StoreError) in
      var members: JSONObject = [:]
      members["title"] = title.map { .string($0) }
      members["metadata"] = metadata.map { .object($0) }
      return members
    }
  }

  @discardableResult
  package func complete(_ id: String, if revision: Revision? = nil, for caller: Caller) async throws -> Document {
    try await documents.change(id, if: revision, for: caller) { session, _, _ throws(StoreError) in
      SessionState(session).completing()
    }
  }

  /// - Parameter error: why, a sentence for people.
  @discardableResult
  package func fail(
    _ id: String, error: String, if revision: Revision? = nil, for caller: Caller
  ) async throws -> Document {
    try await documents.change(id, if: revision, for: caller) { session, _, _ throws(StoreError) in
      SessionState(session).failing(error)
    }
  }

  /// Deletes a conversation; its settings go with it. The history keeps them.
  package func delete(_ id: String, if revision: Revision? = nil, for caller: Caller) async throws {
    try await documents.delete(id, if: revision, for: caller)
  }

  func prepared(_ messages: [JSONValue], at moment: Timestamp) throws(StoreError) -> SessionMessages {
    try SessionMessages(messages, at: moment) { documents.store.makeID() }
  }
}
