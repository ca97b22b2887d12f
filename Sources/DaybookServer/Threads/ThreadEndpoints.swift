import Daybook
import DaybookRuntime
import HTTPTypes

/// Threads of agents themselves; `CheckpointEndpoints` has what is saved of them.
enum ThreadEndpoints {
  static let group = Endpoint.Group(
    name: "Threads", description: "Sessions of agents: which agent runs in them, and how far they are.")

  static let all: [Endpoint] = [list, create, get, update, delete, copy]

  private static let thread = Parameter(
    "thread_id", in: .path, "What the agent calls the thread.", ThreadForms.threadID, example: "thread-1")
  private static let tag = ("ETag", "The revision of the thread's document, in quotes.")
  private static let missing = Endpoint.Outcome.problem(.notFound, "The caller has no thread of this name.")
  private static let unfit = Endpoint.Outcome.problem(
    .unprocessableContent, "A name is too long, or a value breaks a rule of the kind.")

  static let list = Endpoint(
    .get, "/api/v1/threads", group, "List threads", "The caller's own, the one that changed last first.",
    parameters: [
      Parameter("status", in: .query, "Only those of this status.", statusForm),
      Parameter("agent", in: .query, "Only those of this agent.", ["type": "string", "maxLength": 200]),
      Parameter(
        "metadata", in: .query, "A member of the metadata and what it must be: JSON, or else a string. All must hold.",
        ["type": "string", "pattern": "^[^=]+=", "maxLength": 500], isRepeatable: true, example: "tenant=acme"),
      .limit,
      Parameter("after", in: .query, "Go on behind a page, with its `next`.", ["type": "string", "maxLength": 2_000]),
    ],
    outcomes: [
      Endpoint.Outcome(.ok, "A page.", json: Form.page),
      .problem(.unprocessableContent, "`after` is not the end of a page of this list."),
    ]
  ) { call in
    var metadata = JSONObject()
    for condition in call.texts("metadata") {
      let parts = condition.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      metadata[String(parts[0])] = JSONValue(argument: String(parts[1]))
    }
    let page = try call.threads.list(
      status: call.text("status").flatMap { ThreadStatus(rawValue: $0) }, agent: call.text("agent"),
      metadata: metadata, limit: call.integer("limit") ?? Limits.pageSize, after: call.text("after"),
      for: call.caller)
    let snapshot = call.store.snapshot()
    return .json(try page.json(of: snapshot.kinds.kind(of: "threads"), in: snapshot))
  }

  static let create = Endpoint(
    .post, "/api/v1/threads", group, "Make a thread",
    "A thread that nobody made begins with its first checkpoint or write.",
    parameters: [.author],
    body: Endpoint.Body(
      Form.object(
        [("thread_id", ThreadForms.threadID)] + settable, optional: ["thread_id", "agent_name", "config", "metadata"]),
      limit: Limits.documentBytes,
      example: ["thread_id": "thread-1", "agent_name": "researcher", "metadata": ["tenant": "acme"]]),
    outcomes: [
      Endpoint.Outcome(
        .created, "It is made.", json: ThreadForms.thread, headers: [tag, ("Location", "Where it is.")]),
      .problem(.conflict, "There is a thread of this name."), unfit,
    ]
  ) { call in
    let document = try await call.threads.create(
      call.member("thread_id")?.string, agent: call.member("agent_name")?.string,
      config: call.member("config")?.value.object ?? [:], metadata: call.member("metadata")?.value.object ?? [:],
      for: call.caller)
    return try answer(document, call, .created)
  }

  static let get = Endpoint(
    .get, "/api/v1/threads/{thread_id}", group, "Read a thread", parameters: [thread],
    outcomes: [Endpoint.Outcome(.ok, "The thread.", json: ThreadForms.thread, headers: [tag]), missing, unfit]
  ) { call in
    try answer(try call.threads.thread(call["thread_id"], for: call.caller), call)
  }

  static let update = Endpoint(
    .patch, "/api/v1/threads/{thread_id}", group, "Change a thread",
    "Its status, its agent, its configuration, its metadata: each that is given is set as a whole, all in one commit.",
    parameters: [thread, .ifMatch, .author],
    body: Endpoint.Body(
      Form.object(
        [
          ("status", statusForm),
          ("error", ["type": "string", "maxLength": 10_000, "description": "Why it failed, with the status error."]),
        ] + settable, optional: ["status", "error", "agent_name", "config", "metadata"]),
      limit: Limits.documentBytes, example: ["status": "completed", "metadata": ["tenant": "acme"]]),
    outcomes: [
      Endpoint.Outcome(.ok, "It is changed.", json: ThreadForms.thread, headers: [tag]), missing,
      .problem(.forbidden, "The status does not follow the one that it has."),
      .problem(.conflict, "Others wrote all the time."),
      .problem(.preconditionFailed, "It is at another revision than `If-Match` says."), unfit,
    ]
  ) { call in
    var members = call.content.text.root.value.object ?? [:]
    let status = members["status"]?.string.flatMap { ThreadStatus(rawValue: $0) }
    let error = members["error"]?.string
    for name in ["status", "error"] { members[name] = nil }
    let document = try await atRevision(call) { revision in
      try await call.threads.update(
        call["thread_id"], setting: members, becoming: status, error: error, if: revision, for: call.caller)
    }
    return try answer(document, call)
  }

  static let delete = Endpoint(
    .delete, "/api/v1/threads/{thread_id}", group, "Delete a thread",
    "With all checkpoints, values and writes. One that is not there is deleted already.",
    parameters: [thread, .author], outcomes: [.removed("It is deleted."), unfit]
  ) { call in
    .removed(try await call.threads.delete(call["thread_id"], for: call.caller))
  }

  static let copy = Endpoint(
    .post, "/api/v1/threads/{thread_id}/copy", group, "Copy a thread",
    """
    With all checkpoints, under their ids, and all writes. The copy begins without interrupts and todos. What is under its name \
    already stays, but for checkpoints of the same ids.
    """,
    parameters: [thread, .author],
    body: Endpoint.Body(
      Form.object([("thread_id", ThreadForms.threadID)], optional: ["thread_id"]), example: ["thread_id": "thread-2"]),
    outcomes: [
      Endpoint.Outcome(.created, "The copy; without a name in the body, under a new one.", json: ThreadForms.thread),
      missing, .problem(.unprocessableContent, "It is to be copied onto itself, or a name is too long."),
    ]
  ) { call in
    let target = call.member("thread_id")?.string ?? call.store.makeID().text
    return try answer(try await call.threads.copy(call["thread_id"], to: target, for: call.caller), call, .created)
  }

  // MARK: Steps

  private static let statusForm: JSONValue = [
    "type": "string", "enum": .array(ThreadStatus.allCases.map { .string($0.rawValue) }),
  ]

  /// What can be set of a thread beside its status.
  private static let settable: [(String, JSONValue)] = [
    ("agent_name", ["type": "string", "maxLength": 200, "description": "The agent that runs in it."]),
    ("config", ["type": "object", "description": "What the agent was started with."]),
    ("metadata", ThreadForms.metadata),
  ]

  private static func answer(
    _ document: Document, _ call: Call, _ status: HTTPResponse.Status = .ok
  ) throws -> Answer {
    let text = try call.store.snapshot().masked(document)
    var answer = Answer.json(document.json(text), status).with(.eTag, document.revision.tag)
    if status == .created, let name = document.root["thread_id"]?.string {
      let segment = PercentEncoding.encode(name).split(separator: "/", omittingEmptySubsequences: false)
      answer.headers[.location] = "/api/v1/threads/\(segment.joined(separator: "%2F"))"
    }
    return answer
  }

  /// Makes a change of the thread that the path names, at the revision that `If-Match` says.
  ///
  /// - Throws: 412 in place of a conflict when it is at another one.
  private static func atRevision(
    _ call: Call, _ body: (Revision?) async throws -> Document
  ) async throws -> Document {
    let address = "\(try call.threads.thread(call["thread_id"], for: call.caller).address)"
    guard case .revision(let revision) = try call.revisionPrecondition(of: address) else { return try await body(nil) }
    do {
      return try await body(revision)
    } catch let error as StoreError where error.code == .conflict {
      var problem = Problem(error)
      problem.status = .preconditionFailed
      throw problem
    }
  }
}
