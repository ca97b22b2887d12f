import Daybook
import DaybookRuntime
import HTTPTypes

/// Taking things back. Each is a new commit; history is never rewritten.
enum PlanEndpoints {
  static let all: [Endpoint] = [revert, rollback, undo, redo].admitting(.callers)

  private static let group = HistoryEndpoints.group
  private static let outcomes: [Endpoint.Outcome] = [
    Endpoint.Outcome(
      .ok, "What was taken back, or with `dry_run` would be; and the files that stay as they are.",
      json: Form.object([
        ("documents", Form.list(Form.write)), ("sequence", Form.sequence), ("commit", Form.nullable(Form.commit)),
        ("changed", ["type": "boolean"]),
        ("stays", Form.list(Form.object([("path", ["type": "string"]), ("reason", ["type": "string"])]))),
      ])
    ) { _, receipt in answer(receipt.json, receipt.sequence, receipt.commit, changed: receipt.changed, []) },
    .problem(.notFound, "There is no such commit or document, or nothing to take back."),
    .problem(.conflict, "What was changed again since would be lost; nothing is written."),
    .problem(.unprocessableContent, "A point that cannot be read, or what would go back breaks the rules of today."),
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
    try await carryOut(call) { sight in
      let snapshot = sight.snapshot
      if let commit = call.member("commit")?.string {
        let point = try Point(parsing: commit)
        try sight.checkSeesAll(of: snapshot.commit(at: point))
        return try snapshot.planRevert(of: point)
      }
      let document = call.member("document")?.string ?? ""
      let point = try Point(parsing: call.member("to")?.string ?? "")
      try sight.checkMayReturn(document, to: point)
      guard let pointer = call.member("pointer")?.string else {
        return try snapshot.planRevert(of: document, to: point)
      }
      return try snapshot.planRevert(of: document, member: JSONPointer(member: pointer), to: point)
    }
  }

  static let rollback = Endpoint(
    .post, "/v1/rollback", group, "Bring the whole store back to what it was",
    """
    Documents, series, schemas and other files go back, as one new commit; with users, those of everybody, which only an owner \
    may do. `dry_run` shows them first.
    """,
    parameters: [.dryRun] + .writing,
    body: Endpoint.Body(Form.object([("to", Form.point)]), example: ["to": "HEAD~1"]), outcomes: outcomes
  ) { call in
    if !call.caller.isLocal { try call.caller.grant.checkAdministers() }
    return try await carryOut(call, ofAll: true) { sight in
      try sight.snapshot.planRollback(to: Point(parsing: call.member("to")?.string ?? ""))
    }
  }

  static let undo = Endpoint(
    .post, "/v1/undo", group, "Take back the caller's last operation",
    """
    The last commit by the same author through the service that is not undone yet. What cannot be taken back is passed over: \
    tokens, and, for all but owners, what agents and people decided.
    """,
    parameters: [.dryRun] + .writing, outcomes: outcomes
  ) { call in
    try await carryOut(call) { sight in
      let plan = try sight.snapshot.planUndo(by: call.caller.author, origin: .service) {
        call.caller.mayWriteDocuments(of: $0)
      }
      try sight.checkSeesAll(of: sight.snapshot.commit(at: .commit(plan.reference.commit)))
      return plan
    }
  }

  static let redo = Endpoint(
    .post, "/v1/redo", group, "Do again what the caller undid last",
    "Possible until the caller changes something else.",
    parameters: [.dryRun] + .writing, outcomes: outcomes
  ) { call in
    try await carryOut(call) { sight in
      let plan = try sight.snapshot.planRedo(by: call.caller.author, origin: .service)
      try sight.checkSeesAll(of: sight.snapshot.commit(at: .commit(plan.reference.commit)))
      return plan
    }
  }

  /// - Parameter ofAll: whether it goes back whosever it is.
  private static func carryOut(
    _ call: Call, ofAll: Bool = false, _ plan: (Sight) throws -> HistoryPlan
  ) async throws -> Answer {
    if call.flag("dry_run") {
      let sight = call.sight
      let snapshot = sight.snapshot
      let plan = try plan(sight)
      let changes = try call.store.plan { transaction in
        if !ofAll { call.keepRules(of: &transaction) }
        try transaction.apply(plan)
      }
      return answer(
        changes.map { $0.json(on: snapshot) }, snapshot.sequence, snapshot.commit, changed: !changes.isEmpty,
        plan.omissions)
    }
    var omissions: [HistoryPlan.Omission] = []
    let receipt = try await call.commit(ofAll: ofAll) { transaction in
      let plan = try plan(call.sight)
      omissions = plan.omissions
      try transaction.apply(plan)
    }
    return answer(receipt.json, receipt.sequence, receipt.commit, changed: receipt.changed, omissions)
  }

  private static func answer(
    _ documents: [JSONObject], _ sequence: UInt64, _ commit: CommitID?, changed: Bool,
    _ omissions: [HistoryPlan.Omission]
  ) -> Answer {
    .json([
      "documents": .array(documents.map { .object($0) }), "sequence": .number(JSONNumber(sequence)),
      "commit": commit.map { .string("\($0)") } ?? .null, "changed": .bool(changed),
      "stays": .array(omissions.map { ["path": .string($0.path), "reason": .string($0.reason)] }),
    ])
  }
}
