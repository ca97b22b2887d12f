import Daybook
import DaybookRuntime
import HTTPTypes

/// Schemas, parameters and answers that the endpoints about interrupts and todos share.
enum InboxForms {
  static let session = Parameter(
    "session_id", in: .path, "The session: the name of its thread.", ThreadForms.threadID, example: "thread-1")
  static let todoID = Parameter(
    "todo_id", in: .path, "The id of the todo.", ["type": "string", "minLength": 1, "maxLength": 512],
    example: "019aa4f0-7c00-7000-8000-3f2b6c1d9e55")
  /// One such as examples have.
  static let revision: JSONValue = "8f3c2d1a908f3c2d1a908f3c2d1a908f3c2d1a90"

  static func status(_ values: [JSONValue], default standard: JSONValue? = nil) -> Parameter {
    var schema: JSONObject = ["type": "string", "enum": .array(values)]
    schema["default"] = standard
    return Parameter("status", in: .query, "Only those of this status.", .object(schema))
  }

  // MARK: Requests

  static let interruptDraft = Form.object(
    [
      ("id", Form.text("The agent's own id of it; made when left out.", atMost: 1_000)),
      ("value", ["description": "What is asked."]), ("response_schema", answerSchema),
    ] + checkpoint, optional: ["id", "response_schema", "checkpoint_ns", "checkpoint_id"])

  static let todoDraft = Form.object(
    [
      ("todo_type", ["type": "string", "enum": .array(TodoType.allCases.map { .string($0.rawValue) })]),
      ("title", Form.text("What is asked for, in one line.", atLeast: 1, atMost: 300)),
      ("description", Form.text("All that it takes to decide.", atMost: 20_000)),
      ("options", Form.list(["type": "object", "description": "What can be chosen, with an `id`."])),
      ("multiple", ["type": "boolean"]), ("request", ["description": "What is asked, in a form that interrupts have."]),
      ("response_schema", answerSchema), ("metadata", Form.metadata),
    ] + checkpoint,
    optional: [
      "description", "options", "multiple", "request", "response_schema", "metadata", "checkpoint_ns", "checkpoint_id",
    ])

  private static let checkpoint: [(String, JSONValue)] = [
    ("checkpoint_ns", ThreadForms.namespace), ("checkpoint_id", ThreadForms.checkpointID),
  ]
  private static let answerSchema: JSONValue = [
    "type": ["object", "boolean", "null"], "description": "A JSON Schema that an answer must fit.",
  ]

  static func drafts(_ schema: JSONValue) -> JSONValue {
    ["type": "array", "items": schema, "minItems": 1, "maxItems": .number(JSONNumber(Limits.askedAtOnce))]
  }

  /// What is taken back or given up, as it was seen.
  static let seen = Endpoint.Body(Form.object([("revision", Form.revision)]), example: ["revision": revision])

  // MARK: Answers

  static let waiting = Endpoint.Outcome(
    .created, "They wait.", json: Form.object([("documents", Form.list(Form.owned))])
  ) { call, receipt in
    let past = try call.past(receipt)
    let addresses = receipt.documents.map(\.address).filter { isMatter($0) }
    return try created(try addresses.compactMap { try past.document($0) }, call)
  }

  static let racing: [Endpoint.Outcome] = [.problem(.conflict, "Others changed the same session all the time.")]

  static let listing: [Endpoint.Outcome] = [
    Endpoint.Outcome(
      .ok, "A page.",
      json: Form.object([
        ("documents", Form.list(Form.owned)),
        ("next", Form.nullable(["type": "string", "description": "What `after` takes for the following page."])),
      ])), .problem(.unprocessableContent, "A name that is too long, or a cursor that this list cannot have."),
  ]

  static let deciding: [Endpoint.Outcome] = [
    Endpoint.Outcome(
      .ok, "It is decided.",
      json: Form.object([
        ("document", Form.owned), ("thread", Form.owned),
        (
          "resumed",
          ["type": "boolean", "description": "Whether the thread goes on because this was the last it waited for."]
        ),
      ])
    ) { call, receipt in .json(try decision(receipt, call).json(in: call.store.snapshot())) },
    .problem(.notFound, "The caller has none of this id."),
    .problem(.conflict, "Somebody has decided before: the problem says who, when and what. Or it has changed."),
    .problem(.forbidden, "The decision is not allowed here, or the id is not possible."),
    .problem(.unprocessableContent, "The answer does not fit what was asked."),
  ]

  /// What a commit decided.
  private static func decision(_ receipt: Receipt, _ call: Call) throws -> Decision {
    let matter = receipt.documents.lazy.map(\.address).first { isMatter($0) }?.collection.text
    let thread = try call.document(writtenBy: receipt, in: ThreadCollections.threads)
    let before = try call.store.snapshot().past(at: .sequence(receipt.sequence - 1)).document(thread.address)
    return Decision(
      document: try call.document(writtenBy: receipt, in: matter), thread: thread,
      resumed: before?.root["resumptions"]?.integer ?? 0 != thread.root["resumptions"]?.integer ?? 0)
  }

  private static func isMatter(_ address: DocumentAddress) -> Bool {
    ThreadCollections.inbox.contains(address.collection.text)
  }

  static func page(_ page: Page, _ call: Call) throws -> Answer {
    let snapshot = call.store.snapshot()
    return .json([
      "documents": .array(try page.documents.map { .object(try $0.owned(in: snapshot)) }),
      "next": page.next.map { .string($0) } ?? .null,
    ])
  }

  static func created(_ documents: [Document], _ call: Call) throws -> Answer {
    let snapshot = call.store.snapshot()
    return .json(["documents": .array(try documents.map { .object(try $0.owned(in: snapshot)) })], .created)
  }

  /// Decides on the revision that the body names.
  static func decided(_ call: Call, _ decide: (Revision) async throws -> Decision) async throws -> Answer {
    guard let revision = call.sentText("revision").flatMap({ Revision($0) }) else {
      throw Problem(.unprocessableContent, code: .usage, "The member revision names no revision.")
    }
    return .json(try await decide(revision).json(in: call.store.snapshot()))
  }
}
