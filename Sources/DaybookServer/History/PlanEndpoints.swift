import Daybook
import DaybookRuntime
import HTTPTypes

/// Taking things back. Each is a new commit; history is never rewritten.
enum PlanEndpoints {
  static let all: [Endpoint] = [revert, rollback, undo, redo]

  private static let group = HistoryEndpoints.group
  private static let outcomes: [Endpoint.Outcome] = [
    Endpoint.Outcome(
      .ok, "What was taken back, or with `dry_run` would be; and the files that stay as they are.",
      json: Form.object([
        ("documents", Form.list(Form.write)), ("sequence", Form.sequence), ("commit", Form.nullable(Form.commit)),
        ("changed", ["type": "boolean"]),
        ("stays", Form.list(Form.object([("path", ["type": "string"]), ("reason", ["type": "string"])]))),
      ])),
    .problem(.badRequest, "A point that cannot be read."),
    .problem(.notFound, "There is no such commit or document, or nothing to take back."),
    .problem(.conflict, "What was changed again since would be lost; nothing is written."),
    .problem(.unprocessableContent, "What would go back breaks the rules of today."),
    .problem(.forbidden, "The id is not possible."),
  ]

  static let revert = Endpoint(
    .post, "/v1/revert", group, "Take back a commit, or bring a document or member back",
    """
    With `commit`: each member that it changed goes back; members that were changed again since are a conflict. With \
    `document` and `to`: the document and its series, or with `pointer` one member, become what they were then.
    """,
    parameters: [.dryRun] + .writing,
    body: Endpoint.Body(
      [
        "oneOf": [
          Form.object([("commit", Form.point)]),
          Form.object(
            [("document", Form.address), ("to", Form.point), ("pointer", ["type": "string"])], optional: ["pointer"]),
        ]
      ], example: ["document": "profiles/llm/gpt-4o", "to": "HEAD~1"]),
    outcomes: outcomes
  ) { call in
    let snapshot = call.store.snapshot()
    if let commit = call.member("commit")?.string {
      return try await carryOut(try snapshot.planRevert(of: Point(parsing: commit)), call)
    }
    let document = call.member("document")?.string ?? ""
    let point = try Point(parsing: call.member("to")?.string ?? "")
    guard let pointer = call.member("pointer")?.string else {
      return try await carryOut(try snapshot.planRevert(of: document, to: point), call)
    }
    return try await carryOut(
      try snapshot.planRevert(of: document, member: JSONPointer(member: pointer), to: point), call)
  }

  static let rollback = Endpoint(
    .post, "/v1/rollback", group, "Bring the whole store back to what it was",
    "Documents, series, schemas and other files go back, as one new commit. `dry_run` shows them first.",
    parameters: [.dryRun] + .writing,
    body: Endpoint.Body(Form.object([("to", Form.point)]), example: ["to": "HEAD~1"]), outcomes: outcomes
  ) { call in
    let point = try Point(parsing: call.member("to")?.string ?? "")
    return try await carryOut(try call.store.snapshot().planRollback(to: point), call)
  }

  static let undo = Endpoint(
    .post, "/v1/undo", group, "Take back the caller's last operation",
    "The last commit by the same author through the service that is not undone yet.",
    parameters: [.dryRun] + .writing, outcomes: outcomes
  ) { call in
    try await carryOut(try call.store.snapshot().planUndo(by: call.caller.author, origin: .service), call)
  }

  static let redo = Endpoint(
    .post, "/v1/redo", group, "Do again what the caller undid last",
    "Possible until the caller changes something else.",
    parameters: [.dryRun] + .writing, outcomes: outcomes
  ) { call in
    try await carryOut(try call.store.snapshot().planRedo(by: call.caller.author, origin: .service), call)
  }

  private static func carryOut(_ plan: HistoryPlan, _ call: Call) async throws -> Answer {
    let stays = plan.omissions.map { JSONValue.object(["path": .string($0.path), "reason": .string($0.reason)]) }
    guard !call.flag("dry_run") else {
      let changes = try call.store.plan { try $0.apply(plan) }
      let snapshot = call.store.snapshot()
      return .json([
        "documents": .array(changes.map { .object($0.json(on: snapshot)) }),
        "sequence": .number(JSONNumber(snapshot.sequence)),
        "commit": snapshot.commit.map { .string("\($0)") } ?? .null, "changed": .bool(!changes.isEmpty),
        "stays": .array(stays),
      ])
    }
    let receipt = try await call.commit { try $0.apply(plan) }
    return .json([
      "documents": .array(receipt.json.map { .object($0) }), "sequence": .number(JSONNumber(receipt.sequence)),
      "commit": receipt.commit.map { .string("\($0)") } ?? .null, "changed": .bool(receipt.changed),
      "stays": .array(stays),
    ])
  }
}
