import Daybook
import HTTPTypes

/// Schemas, parameters and outcomes that several endpoints share, as the documentation shows them.
enum Form {
  static let anyDocument: JSONValue = [
    "type": "object", "description": "A document of the collection's kind. A secret reads as ‹sealed›.",
  ]
  static let revision: JSONValue = [
    "type": "string", "pattern": "^[0-9a-f]{40}$",
    "description": "The revision of a document: Git's id of its content.",
  ]
  static let sequence: JSONValue = [
    "type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_991,
    "description": "The store's own commit counter.",
  ]
  static let commit: JSONValue = ["type": "string", "description": "The id of a commit."]
  static let address: JSONValue = [
    "type": "string", "description": "A document, as collection/id.", "maxLength": 900,
    "examples": ["profiles/llm/gpt-4o"],
  ]
  static let point: JSONValue = [
    "type": "string", "minLength": 1, "maxLength": 200,
    "pattern":
      "^((HEAD|#?[0-9]{1,20}|[0-9A-Fa-f]{4,40})(~[0-9]{0,9})?|[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][-+.:0-9Zz]{0,29})?)$",
    "description":
      "A moment of the history: a sequence (#12), a commit's id, HEAD~2, or a time such as 2026-11-21T06:40:00Z.",
    "examples": ["HEAD~1", "#1", "2026-11-21"],
  ]

  static let pointer: JSONValue = [
    "type": "string", "pattern": "^(/([^/~]|~[01])*)*$", "description": "A member, as a JSON Pointer.",
    "examples": ["/temperature"],
  ]

  /// RFC 6902.
  static let jsonPatch: JSONValue = [
    "type": "array",
    "items": [
      "oneOf": [
        object([("op", ["enum": ["add", "replace", "test"]]), ("path", pointer), ("value", [:])]),
        object([("op", ["const": "remove"]), ("path", pointer)]),
        object([("op", ["enum": ["move", "copy"]]), ("from", pointer), ("path", pointer)]),
      ]
    ],
  ]

  static func nullable(_ schema: JSONValue) -> JSONValue { ["anyOf": [schema, ["type": "null"]]] }
  static func list(_ schema: JSONValue) -> JSONValue { ["type": "array", "items": schema] }

  /// An object whose members are all required unless they are named as optional, and that has no others.
  static func object(_ members: [(String, JSONValue)], optional: Set<String> = []) -> JSONValue {
    [
      "type": "object", "additionalProperties": false,
      "properties": .object(JSONObject(members.map { (key: $0.0, value: $0.1) })),
      "required": .array(members.map(\.0).filter { !optional.contains($0) }.map { .string($0) }),
    ]
  }

  static let write = object([
    ("document", address), ("revision", nullable(revision)), ("sequence", sequence), ("commit", nullable(commit)),
    ("changed", ["type": "boolean", "description": "Whether the write changed anything."]),
  ])

  static let writes = object([
    ("documents", list(write)), ("sequence", sequence), ("commit", nullable(commit)), ("changed", ["type": "boolean"]),
  ])

  static let excerpt = object([
    ("document", address), ("revision", revision), ("sequence", sequence),
    ("excerpt", ["type": "object", "description": "The members that the kind shows in lists."]),
  ])

  static let page = object([
    ("documents", list(excerpt)),
    ("next", nullable(["type": "string", "description": "What `after` takes for the following page."])),
  ])

  static let commitSummary: JSONValue = [
    "type": "object",
    "properties": [
      "commit": commit, "sequence": sequence, "author": ["type": "string"],
      "time": ["type": "string", "format": "date-time"], "origin": nullable(["type": "string"]),
      "subject": ["type": "string"], "revision": nullable(revision),
    ],
    "required": ["commit", "sequence", "author", "time", "origin", "subject"],
  ]

  static let memberChange: JSONValue = object(
    [("pointer", ["type": "string"]), ("words", ["type": "string"]), ("old", [:]), ("new", [:])],
    optional: ["old", "new"])

  static let difference = object([
    ("document", ["type": "string"]), ("path", ["type": "string"]),
    ("change", ["enum": ["created", "changed", "deleted"]]), ("members", list(memberChange)),
  ])

  static let problem: JSONValue = [
    "type": "object",
    "properties": [
      "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"],
      "code": ["type": "string"], "detail": ["type": "string"], "hint": nullable(["type": "string"]),
      "document": nullable(["type": "string"]),
      "pointer": ["type": "string", "description": "A member of the body, or a parameter such as /query/limit."],
      "line": ["type": "integer"], "column": ["type": "integer"],
      "violations": list(
        object([("pointer", ["type": "string"]), ("rule", ["type": "string"]), ("message", ["type": "string"])])),
    ],
    "required": ["type", "title", "status", "code", "detail", "hint", "document"],
  ]
}

extension Parameter {
  static let collection = Parameter(
    "collection", in: .path, "The collection. Its slashes may be sent as they are, or as %2F.",
    ["type": "string", "minLength": 1, "maxLength": 260], example: "profiles/llm")
  static let id = Parameter(
    "id", in: .path, "The id of the document.", ["type": "string", "minLength": 1, "maxLength": 512],
    example: "gpt-4o")
  static let ifMatch = Parameter(
    "If-Match", in: .header, "Only if the document is at this revision: its ETag, or * for any.",
    ["type": "string", "maxLength": 1_000],
    example: "\"8f3c2d1a908f3c2d1a908f3c2d1a908f3c2d1a90\"")
  static let ifNoneMatch = Parameter(
    "If-None-Match", in: .header, "Only if the document is at none of these revisions; * means, only if there is none.",
    ["type": "string", "maxLength": 1_000], example: "*")
  static let at = Parameter("at", in: .query, "As it was then.", Form.point)
  static let atLeast = Parameter(
    "at-least", in: .query,
    "Read no older state: a sequence of this node, or the id of a commit of any node, which is fetched if need be.",
    ["type": "string", "pattern": "^([0-9]{1,15}|[0-9a-f]{40})$"], example: "1")
  static let limit = Parameter(
    "limit", in: .query, "How many at most.",
    [
      "type": "integer", "minimum": 1, "maximum": .number(JSONNumber(Limits.largestPage)),
      "default": .number(JSONNumber(Limits.pageSize)),
    ])
  static let message = Parameter(
    "message", in: .query, "The subject of the commit; without it, what changed, in words.",
    ["type": "string", "maxLength": 500])
  static let durability = Parameter(
    "durability", in: .query, "What must have happened before the answer comes.",
    ["type": "string", "enum": .array(Durability.allCases.map { .string($0.rawValue) })])
  static let author = Parameter(
    "Daybook-Author", in: .header, "Who makes the change, as `Name <mail>`.", ["type": "string", "maxLength": 300],
    example: "Ann Example <ann@example.org>")
  static let idempotencyKey = Parameter(
    "Idempotency-Key", in: .header,
    "A name for this request. Sent again within a day under it, nothing is done twice, and the answer is as it was.",
    ["type": "string", "minLength": 1, "maxLength": .number(JSONNumber(Limits.idempotencyKeyLength))])
  static let dryRun = Parameter(
    "dry_run", in: .query, "Only say what would change.", ["type": "boolean", "default": false])
}

extension Array where Element == Parameter {
  /// What every write of documents takes.
  static var writing: [Parameter] { [.message, .durability] }
}

extension Endpoint.Outcome {
  static func problem(
    _ status: HTTPResponse.Status, _ description: String, headers: [(name: String, description: String)] = []
  ) -> Endpoint.Outcome {
    Endpoint.Outcome(status, description, content: (MediaTypes.problem, Form.problem), headers: headers)
  }

  /// What a transaction of any number of documents came to.
  static func writes(_ description: String, _ status: HTTPResponse.Status = .ok) -> Endpoint.Outcome {
    Endpoint.Outcome(status, description, json: Form.writes) { _, receipt in .writes(receipt, status) }
  }
}
