package import Daybook
package import Documents

/// Todos: an agent asks a person for something and goes on meanwhile. When the last open one of its thread is done, the
/// thread resumes by itself, exactly once.
///
/// ```swift
/// let todos = Todos(store)
/// let made = try await todos.create([TodoDraft(.approval, title: "Send the mail?")], in: "thread-1", for: agent)
/// let decision = try await todos.complete(made[0].address.id.text, with: true, on: made[0].revision, for: caller)
/// ```
///
/// A todo is `open` until it is `completed`, or `cancelled`. Which results it takes says `TodoType`, and when the
/// thread goes on, `Waiting`.
package struct Todos: Sendable {
  static let collection = "inbox/todos"

  let threads: AgentThreads

  /// - Parameter now: the time of day; the store's own when left out.
  package init(_ store: Store, now: (@Sendable () -> Timestamp)? = nil) {
    self.init(AgentThreads(store, now: now))
  }

  init(_ threads: AgentThreads) { self.threads = threads }

  // MARK: Making

  /// Makes todos of a thread, all in one commit.
  ///
  /// - Throws: `.invalid` for one that no result could fit.
  package func create(_ drafts: [TodoDraft], in thread: String, for caller: Caller) async throws -> [Document] {
    let key = try ThreadKey(thread, of: caller)
    let moment = threads.now()
    let contents = try drafts.map { try $0.document(in: key, at: moment) }
    var addresses: [String] = []
    let step = try await threads.step(of: key, for: caller) { _, matters, transaction throws(StoreError) in
      addresses = []
      for content in contents { addresses.append("\(try transaction.create(in: Self.collection, content))") }
      return matters.adding(todos: addresses)
    }
    return try addresses.map { try step.document($0) }
  }

  // MARK: Deciding

  /// Completes a todo. When it is the last open one of its thread and no interrupt is open, the thread resumes.
  ///
  /// - Parameter revision: that of the todo as whoever completes it has seen it.
  /// - Throws: `.refused` for an agent whose token does not say that it decides; `.conflict` when somebody has decided before, with who and when; `.invalid` or `.refused` for a result
  ///   that the todo does not take.
  package func complete(
    _ id: String, with result: JSONValue, on revision: Revision, for caller: Caller
  ) async throws -> Decision {
    try caller.check(.decide, in: Self.collection)
    return try await threads.decide("\(Self.collection)/\(id)", on: revision, for: caller) { todo throws(StoreError) in
      ["status": "completed", "result": try TodoType.checked(result, for: todo.root)]
    }
  }

  /// Gives a todo up; the thread does not wait for it any more.
  package func cancel(_ id: String, on revision: Revision, for caller: Caller) async throws -> Decision {
    try await threads.decide("\(Self.collection)/\(id)", on: revision, for: caller) { _ throws(StoreError) in
      ["status": "cancelled"]
    }
  }

  // MARK: Reading

  package func todo(_ id: String, for caller: Caller) throws(StoreError) -> Document {
    try threads.store.snapshot().document(id, in: Self.collection, of: caller)
  }

  /// The caller's todos, newest first.
  ///
  /// - Parameters:
  ///   - status: `open`, `completed` or `cancelled`; nil for all.
  ///   - thread: nil for those of all threads.
  package func list(
    status: String? = nil, thread: String? = nil, limit: Int = 50, after cursor: String? = nil, for caller: Caller
  ) throws(StoreError) -> Page {
    try threads.matters(in: Self.collection, status, thread, limit, cursor, for: caller)
  }
}

/// A todo as an agent asks for it.
package struct TodoDraft: Sendable {
  package var type: TodoType
  package var title: String
  package var description: String?
  /// What can be selected: objects with an `id` and whatever describes them.
  package var options: [JSONValue] = []
  package var takesSeveral = false
  /// A JSON Schema that an input must fit; any text when left out.
  package var responseSchema: JSONValue?
  /// What is asked, in one of the forms that `ReviewRequest` knows.
  package var request: JSONValue?
  package var checkpoint: CheckpointName?
  package var metadata: JSONObject = [:]

  package init(_ type: TodoType, title: String) {
    self.type = type
    self.title = title
  }

  /// Reads `{"todo_type", "title", "description", "options", "multiple", "response_schema", "request", "checkpoint_ns",
  /// "checkpoint_id", "metadata"}`; only the first two are required.
  package init(parsing request: JSONObject) throws(StoreError) {
    let types = TodoType.allCases.map(\.rawValue).joined(separator: ", ")
    type = try request.required("todo_type", { $0.string.flatMap { TodoType(rawValue: $0) } }, "one of \(types)")
    title = try request.required("title", \.string, "a string")
    description = try request.optional("description", \.string, "a string")
    options = try request.optional("options", \.array, "a list") ?? []
    takesSeveral = try request.optional("multiple", \.bool, "true or false") ?? false
    responseSchema = request["response_schema"]
    self.request = request["request"]
    checkpoint = try CheckpointName(optional: request)
    metadata = try request.optional("metadata", \.object, "an object") ?? [:]
  }

  func document(in thread: ThreadKey, at moment: Timestamp) throws(StoreError) -> JSONValue {
    _ = try ReviewRequest(request ?? .null, responseSchema: responseSchema)
    if type == .selection, request == nil, options.isEmpty {
      throw StoreError(.invalid, "A selection needs options to choose from.")
    }
    var members: JSONObject = [
      "user": .string(thread.user), "thread_id": .string(thread.id), "todo_type": .string(type.rawValue),
      "title": .string(title), "status": "open",
    ]
    members["description"] = description.map { .string($0) }
    if type == .selection {
      members["options"] = .array(options)
      members["multiple"] = .bool(takesSeveral)
    }
    members["request"] = request
    members["response_schema"] = responseSchema
    if let checkpoint { checkpoint.name(in: &members) }
    if !metadata.isEmpty { members["metadata"] = .object(metadata) }
    members["created_at"] = .string(moment.text)
    return .object(members)
  }
}
