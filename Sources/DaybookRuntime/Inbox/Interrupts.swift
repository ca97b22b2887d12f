package import Daybook
package import Documents

/// Interrupts: an agent stops and asks, and waits until a person has decided.
///
/// ```swift
/// let interrupts = Interrupts(store)
/// let raised = try await interrupts.raise([InterruptDraft(request: request, id: "8f2c…")], in: "thread-1", for: agent)
/// let answer: JSONValue = ["decisions": [["type": "approve"]]]
/// try await interrupts.answer(raised[0].address.id.text, with: answer, on: raised[0].revision, for: caller)
/// ```
///
/// An interrupt is `open` until it is `answered`, or `withdrawn` by the agent. What is asked is kept as it came; which
/// answers it allows says `ReviewRequest`, and when the thread goes on, `Waiting`.
package struct Interrupts: Sendable {
  static let collection = "inbox/interrupts"

  let threads: AgentThreads

  /// - Parameter now: the time of day; the store's own when left out.
  package init(_ store: Store, now: (@Sendable () -> Timestamp)? = nil) {
    self.init(AgentThreads(store, now: now))
  }

  init(_ threads: AgentThreads) { self.threads = threads }

  // MARK: Raising

  /// Raises interrupts of a thread, which is interrupted from then on; all in one commit. One of the same id takes the
  /// place of that which was raised before, since a task that asks again does so under the same id. But one that asks the
  /// same at the same checkpoint stays as it is, open or answered: it was sent again, and an answer is not lost by that.
  ///
  /// - Throws: `.invalid` for a request that no answer could fit.
  package func raise(
    _ drafts: [InterruptDraft], in thread: String, for caller: Caller
  ) async throws -> [Document] {
    let key = try ThreadKey(thread, of: caller)
    let moment = threads.now()
    var documents: [(address: String, content: JSONObject)] = []
    for draft in drafts {
      let id = draft.id ?? threads.store.makeID().text
      let name = try key.prefix + KeyDigest.text(of: [id], bytes: KeyDigest.innerBytes)
      documents.append(("\(Self.collection)/\(name)", try draft.document(id, in: key, at: moment)))
    }
    let step = try await threads.step(of: key, for: caller) {
      [documents] snapshot, matters, transaction throws(StoreError) in
      var raised: [String] = []
      for (address, content) in documents {
        let known = try snapshot.document(address, of: key.user)
        if let known, Self.isSentAgain(content, known) {
          if matters.interrupts.contains(address) { raised.append(address) }
          continue
        }
        try transaction.put(address, .object(content), if: known.map { .revision($0.revision) } ?? .absent)
        raised.append(address)
      }
      return matters.raising(raised)
    }
    return try documents.map { try step.document($0.address) }
  }

  /// Without a checkpoint nothing tells a question that was sent again from one that is asked a second time; while it is
  /// open that is the same.
  private static func isSentAgain(_ content: JSONObject, _ known: Document) -> Bool {
    switch known.root["status"]?.string {
    case "open": break
    case "answered" where content["checkpoint_id"] != nil: break
    default: return false
    }
    return ["request", "response_schema", "checkpoint_ns", "checkpoint_id"].allSatisfy {
      content[$0] ?? .null == known.root[$0]?.value ?? .null
    }
  }

  // MARK: Deciding

  /// Answers an interrupt. When it is the last open one of its thread, that goes on.
  ///
  /// - Parameter revision: that of the interrupt as whoever decides has seen it.
  /// - Throws: `.refused` for an agent whose token does not say that it decides; `.conflict` when somebody has decided before, with who and when; `.invalid` or `.refused` for an answer
  ///   that the request does not allow.
  package func answer(
    _ id: String, with answer: JSONValue, on revision: Revision, for caller: Caller
  ) async throws -> Decision {
    try caller.check(.decide, in: Self.collection)
    return try await decide(id, on: revision, for: caller) { interrupt throws(StoreError) in
      ["status": "answered", "answer": try ReviewRequest(of: interrupt).checked(answer)]
    }
  }

  /// Takes an interrupt back that need not be answered any more.
  package func withdraw(_ id: String, on revision: Revision, for caller: Caller) async throws -> Decision {
    try await decide(id, on: revision, for: caller) { _ throws(StoreError) in ["status": "withdrawn"] }
  }

  private func decide(
    _ id: String, on revision: Revision, for caller: Caller, _ decision: (Document) throws(StoreError) -> JSONObject
  ) async throws -> Decision {
    try await threads.decide("\(Self.collection)/\(id)", on: revision, for: caller, decision)
  }

  // MARK: Reading

  /// An interrupt by the id of its document.
  package func interrupt(_ id: String, for caller: Caller) throws(StoreError) -> Document {
    try threads.store.snapshot().document(id, in: Self.collection, of: caller)
  }

  /// The caller's interrupts, newest first.
  ///
  /// - Parameters:
  ///   - status: `open`, `answered` or `withdrawn`; nil for all.
  ///   - thread: nil for those of all threads.
  package func list(
    status: String? = "open", thread: String? = nil, limit: Int = 50, after cursor: String? = nil, for caller: Caller
  ) throws(StoreError) -> Page {
    try threads.matters(in: Self.collection, status, thread, limit, cursor, for: caller)
  }
}

/// An interrupt as an agent raises it.
package struct InterruptDraft: Sendable {
  /// What is asked: any JSON; the known forms say which decisions they allow.
  package var request: JSONValue
  /// The agent's own id; made when left out.
  package var id: String?
  /// The checkpoint at which the agent waits.
  package var checkpoint: CheckpointName?
  /// A JSON Schema that an answer must fit, for a request of no known form.
  package var responseSchema: JSONValue?

  package init(
    request: JSONValue, id: String? = nil, checkpoint: CheckpointName? = nil, responseSchema: JSONValue? = nil
  ) {
    self.request = request
    self.id = id
    self.checkpoint = checkpoint
    self.responseSchema = responseSchema
  }

  /// Reads `{"id", "value", "response_schema", "checkpoint_ns", "checkpoint_id"}`; only `value` is required.
  package init(parsing request: JSONObject) throws(StoreError) {
    guard let value = request["value"] else {
      throw StoreError(.invalid, "The member 'value' is missing: it is what is asked.")
    }
    self.init(
      request: value, id: try request.optional("id", \.string, "a string"),
      checkpoint: try CheckpointName(optional: request), responseSchema: request["response_schema"])
  }

  func document(_ id: String, in thread: ThreadKey, at moment: Timestamp) throws(StoreError) -> JSONObject {
    let form = try ReviewRequest(request, responseSchema: responseSchema).form
    var members: JSONObject = [
      "user": .string(thread.user), "thread_id": .string(thread.id), "interrupt_id": .string(id), "status": "open",
      "form": .string(form.rawValue), "request": request,
    ]
    members["response_schema"] = responseSchema
    if let checkpoint { checkpoint.name(in: &members) }
    members["created_at"] = .string(moment.text)
    return members
  }
}

extension CheckpointName {
  /// Reads `checkpoint_id` and `checkpoint_ns` of a request.
  init?(optional request: JSONObject) throws(StoreError) {
    guard let id = try request.optional("checkpoint_id", \.string, "a string") else { return nil }
    self.init(id, in: try request.optional("checkpoint_ns", \.string, "a string") ?? "")
  }

  func name(in members: inout JSONObject) {
    members["checkpoint_ns"] = .string(namespace)
    members["checkpoint_id"] = .string(id)
  }
}
