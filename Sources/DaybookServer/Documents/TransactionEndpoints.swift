import Daybook
import DaybookRuntime
import HTTPTypes

/// Several writes that become one commit, or nothing.
///
/// ```json
/// {"operations": [
///   {"op": "put", "document": "profiles/llm/gpt-4o", "value": {…}, "if_revision": "8f3c…"},
///   {"op": "merge", "document": "runtime/active", "value": {"llm": "gpt-4o"}},
///   {"op": "patch", "document": "tasks/0190…", "value": [{"op": "replace", "path": "/progress", "value": 40}]},
///   {"op": "create", "collection": "tasks", "value": {…}},
///   {"op": "append", "document": "sessions/0190…", "series": "messages", "items": [{…}]},
///   {"op": "delete", "document": "profiles/llm/old"}]}
/// ```
enum TransactionEndpoints {
  static let all: [Endpoint] = [transaction].admitting(.callers)

  static let transaction = Endpoint(
    .post, "/v1/transactions", DocumentEndpoints.group, "Write several documents at once",
    "All of it becomes one commit, or nothing is written. At most \(Daybook.Limits.transactionDocuments) operations.",
    parameters: [.dryRun] + .writing,
    body: Endpoint.Body(
      schema, limit: Limits.transactionBytes,
      example: [
        "operations": [
          ["op": "merge", "document": "profiles/llm/gpt-4o", "value": ["temperature": 0.2]],
          ["op": "create", "collection": "tasks", "value": ["task_type": "digest", "status": "pending"]],
        ]
      ]),
    outcomes: [
      .writes("It is written; or with `dry_run`, what would be."),
      .problem(.notFound, "There is no such collection or document."),
      .problem(.conflict, "A precondition does not hold; nothing is written."),
      .problem(.unprocessableContent, "A document breaks a rule of its kind; nothing is written."),
      .problem(.forbidden, "An id is not possible."),
    ]
  ) { call in
    let operations = try (call.member("operations")?.elements.map { try DocumentOperation($0) }) ?? []
    if call.flag("dry_run") {
      let plan = try call.store.plan { transaction in
        call.keepRules(of: &transaction)
        for operation in operations { try operation.add(to: &transaction) }
      }
      let snapshot = call.store.snapshot()
      return .json([
        "documents": .array(plan.map { .object($0.json(on: snapshot)) }),
        "sequence": .number(JSONNumber(snapshot.sequence)),
        "commit": snapshot.commit.map { .string("\($0)") } ?? .null, "changed": .bool(!plan.isEmpty),
      ])
    }
    let receipt = try await call.commit { transaction in
      for operation in operations { try operation.add(to: &transaction) }
    }
    return .writes(receipt)
  }

  private static let schema: JSONValue = Form.object([
    (
      "operations",
      [
        "type": "array", "minItems": 1, "maxItems": .number(JSONNumber(Daybook.Limits.transactionDocuments)),
        "items": ["oneOf": .array(DocumentOperation.schemas)],
      ]
    )
  ])
}

extension Answer {
  /// What a transaction of any number of documents came to.
  static func writes(_ receipt: Receipt, _ status: HTTPResponse.Status = .ok) -> Answer {
    .json(
      [
        "documents": .array(receipt.json.map { .object($0) }), "sequence": .number(JSONNumber(receipt.sequence)),
        "commit": receipt.commit.map { .string("\($0)") } ?? .null, "changed": .bool(receipt.changed),
      ], status)
  }
}

/// One operation of a transaction, as its body spells it; the schema has checked its form.
struct DocumentOperation: Sendable {
  private let node: JSONNode
  private let patch: JSONPatch?

  init(_ node: JSONNode) throws(Problem) {
    self.node = node
    guard node["op"]?.string == "patch", let value = node["value"] else {
      patch = nil
      return
    }
    do {
      patch = try JSONPatch(parsing: value)
    } catch {
      throw Problem(.unprocessableContent, code: .invalid, "An operation's value is not a JSON Patch: \(error).")
    }
  }

  func add(to transaction: inout Transaction) throws(StoreError) {
    let document = node["document"]?.string ?? ""
    let value = node["value"]?.value ?? .null
    switch node["op"]?.string {
    case "put": try transaction.put(document, value, if: precondition)
    case "merge": try transaction.patch(document, merging: value, if: precondition)
    case "patch": if let patch { try transaction.patch(document, applying: patch, if: precondition) }
    case "create": _ = try transaction.create(in: node["collection"]?.string ?? "", value)
    case "append":
      let items = node["items"]?.elements.map(\.value) ?? []
      try transaction.append(items, to: node["series"]?.string ?? "", of: document)
    default: try transaction.delete(document, if: precondition == .none ? .present : precondition)
    }
  }

  private var precondition: Precondition {
    if let revision = node["if_revision"]?.string.flatMap({ Revision($0) }) { return .revision(revision) }
    return node["if_absent"]?.bool == true ? .absent : .none
  }

  static let schemas: [JSONValue] = [
    form("put", [("document", Form.address), ("value", Form.anyDocument)], isConditional: true),
    form("merge", [("document", Form.address), ("value", ["type": "object"])], isConditional: true),
    form(
      "patch", [("document", Form.address), ("value", Form.jsonPatch)],
      isConditional: true),
    form("create", [("collection", ["type": "string"]), ("value", Form.anyDocument)]),
    form(
      "append",
      [
        ("document", Form.address), ("series", ["type": "string"]),
        ("items", ["type": "array", "items": ["type": "object"], "minItems": 1]),
      ]),
    form("delete", [("document", Form.address)], isConditional: true),
  ]

  private static func form(
    _ name: String, _ members: [(String, JSONValue)], isConditional: Bool = false
  ) -> JSONValue {
    let conditions: [(String, JSONValue)] =
      isConditional ? [("if_revision", Form.revision), ("if_absent", ["type": "boolean"])] : []
    return Form.object(
      [("op", ["const": .string(name)])] + members + conditions, optional: ["if_revision", "if_absent"])
  }
}
