import Daybook
import DaybookRuntime
import HTTPTypes

/// Threads of agents themselves; `CheckpointEndpoints` has what is saved of them.
enum ThreadEndpoints {
  static let group = Endpoint.Group(
    name: "Threads", description: "Sessions of agents: which agent runs in them, and how far they are.")

  static let all: [Endpoint] =
    [list, create, get, update].admitting(.touching([ThreadCollections.threads]))
    + [delete.admitting(.touching(ThreadCollections.all))]
    + [copy.admitting(.touching([ThreadCollections.threads, ThreadCollections.checkpoints]))]

  private static let thread = Parameter(
    "thread_id", in: .path, "What the agent calls the thread.", ThreadForms.threadID, example: "thread-1")
  private static let missing = Endpoint.Outcome.problem(.notFound, "The caller has no thread of this name.")
  private static let unfit = Endpoint.Outcome.problem(
    .unprocessableContent, "A name is too long, or a value breaks a rule of the kind.")

  static let list = Endpoint(
    .get, "/api/v1/threads", group, "List threads", "The caller's own, the one that changed last first.",
    parameters: [
      .status(ThreadStatus.self),
      Parameter("agent", in: .query, "Only those of this agent.", ["type": "string", "maxLength": 200]),
      Parameter(
        "metadata", in: .query, "A member of the metadata and what it must be: JSON, or else a string. All must hold.",
        ["type": "string", "pattern": "^[^=]+=", "maxLength": 500], isRepeatable: true, example: "tenant=acme"),
      .limit, .after,
    ], outcomes: .listingOwned
  ) { call in
    var metadata = JSONObject()
    for condition in call.texts("metadata") {
      let parts = condition.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      metadata[String(parts[0])] = JSONValue(argument: String(parts[1]))
    }
    let page = try call.threads.list(
      status: call.text("status").flatMap { ThreadStatus(rawValue: $0) }, agent: call.text("agent"),
      metadata: metadata, limit: call.pageLimit, after: call.text("after"),
      for: call.caller)
    return try call.page(page)
  }

  static let create = Endpoint(
    .post, "/api/v1/threads", group, "Make a thread",
    "A thread that nobody made begins with its first checkpoint or write.",
    body: Endpoint.Body(
      Form.object(
        [("thread_id", ThreadForms.threadID)] + settable, optional: ["thread_id", "agent_name", "config", "metadata"]),
      limit: Limits.documentBytes,
      example: ["thread_id": "thread-1", "agent_name": "researcher", "metadata": ["tenant": "acme"]]),
    outcomes: [
      made("It is made; `Location` says where it is."),
      .problem(.conflict, "There is a thread of this name."), unfit,
    ]
  ) { call in
    let document = try await call.threads.create(
      call.sentText("thread_id"), agent: call.sentText("agent_name"), config: call.sentObject("config") ?? [:],
      metadata: call.sentObject("metadata") ?? [:], for: call.caller)
    return try created(document, call)
  }

  static let get = Endpoint(
    .get, "/api/v1/threads/{thread_id}", group, "Read a thread", parameters: [thread],
    outcomes: [.owned(.ok, "The thread."), missing, unfit]
  ) { call in
    try call.owned(try call.threads.thread(call["thread_id"], for: call.caller))
  }

  static let update = Endpoint(
    .patch, "/api/v1/threads/{thread_id}", group, "Change a thread",
    "Its status, its agent, its configuration, its metadata: each that is given is set as a whole, all in one commit.",
    parameters: [thread, .ifMatch],
    body: Endpoint.Body(
      Form.object(
        [
          ("status", statusForm),
          ("error", ["type": "string", "maxLength": 10_000, "description": "Why it failed, with the status error."]),
        ] + settable, optional: ["status", "error", "agent_name", "config", "metadata"]),
      limit: Limits.documentBytes, example: ["status": "completed", "metadata": ["tenant": "acme"]]),
    outcomes: [
      .owned(.ok, "It is changed."), missing,
      .problem(.forbidden, "The status does not follow the one that it has."),
      .problem(.conflict, "Others wrote all the time."),
      .problem(.preconditionFailed, "It is at another revision than `If-Match` says."), unfit,
    ]
  ) { call in
    var members = call.content.text.root.value.object ?? [:]
    let status = members["status"]?.string.flatMap { ThreadStatus(rawValue: $0) }
    let error = members["error"]?.string
    for name in ["status", "error"] { members[name] = nil }
    let name = call["thread_id"]
    let address = "\(try call.threads.thread(name, for: call.caller).address)"
    let document = try await call.atRevision(of: address) { revision in
      try await call.threads.update(
        name, setting: members, becoming: status, error: error, if: revision, for: call.caller)
    }
    return try call.owned(document)
  }

  static let delete = Endpoint(
    .delete, "/api/v1/threads/{thread_id}", group, "Delete a thread",
    "With all checkpoints, values and writes. One that is not there is deleted already.",
    parameters: [thread], outcomes: [.removed("It is deleted."), unfit]
  ) { call in
    .removed(try await call.threads.delete(call["thread_id"], for: call.caller))
  }

  static let copy = Endpoint(
    .post, "/api/v1/threads/{thread_id}/copy", group, "Copy a thread",
    """
    With all checkpoints, under their ids, and all writes. The copy begins without interrupts and todos. What is \
    under its name already stays, but for checkpoints of the same ids.
    """,
    parameters: [thread],
    body: Endpoint.Body(
      Form.object([("thread_id", ThreadForms.threadID)], optional: ["thread_id"]), example: ["thread_id": "thread-2"]),
    outcomes: [
      made("The copy; without a name in the body, under a new one.", isReplayed: false), missing,
      .problem(.unprocessableContent, "It is to be copied onto itself, or a name is too long."),
    ]
  ) { call in
    let target = call.sentText("thread_id") ?? call.store.makeID().text
    return try created(try await call.threads.copy(call["thread_id"], to: target, for: call.caller), call)
  }

  // MARK: Steps

  private static let statusForm: JSONValue = [
    "type": "string", "enum": .array(ThreadStatus.allCases.map { .string($0.rawValue) }),
  ]

  /// What can be set of a thread beside its status.
  private static let settable: [(String, JSONValue)] = [
    ("agent_name", ["type": "string", "maxLength": 200, "description": "The agent that runs in it."]),
    ("config", ["type": "object", "description": "What the agent was started with."]),
    ("metadata", Form.metadata),
  ]

  /// - Parameter isReplayed: whether it is made in one commit.
  private static func made(_ description: String, isReplayed: Bool = true) -> Endpoint.Outcome {
    let replay: Endpoint.Replay = { call, receipt in
      try created(call.document(writtenBy: receipt, in: ThreadCollections.threads), call)
    }
    return Endpoint.Outcome(
      .created, description, json: Form.owned,
      headers: [("ETag", "The document's revision, in quotes."), ("Location", "Where it is.")],
      replay: isReplayed ? replay : nil)
  }

  /// A new thread, and where it is: a name may have slashes.
  private static func created(_ thread: Document, _ call: Call) throws -> Answer {
    let name = PercentEncoding.encode(thread.root["thread_id"]?.string ?? "")
    let segment = name.split(separator: "/", omittingEmptySubsequences: false).joined(separator: "%2F")
    return try call.owned(thread, .created).with(.location, "/api/v1/threads/\(segment)")
  }
}
