import Daybook

/// Schemas of requests and answers about memories.
enum MemoryForms {
  static let labels: JSONValue = [
    "type": "array", "items": ["type": "string"], "maxItems": 100,
    "description": "The labels of a namespace: no empty ones, and none with a dot.", "examples": [["users", "ann"]],
  ]
  static let name: [(String, JSONValue)] = [
    ("namespace", labels), ("key", ["type": "string", "maxLength": 1_024, "description": "The key in its namespace."]),
  ]
  static let minutes = Form.nullable([
    "type": "number", "exclusiveMinimum": 0, "description": "A time to live, in minutes.",
  ])
  static let refresh = Form.nullable(["type": "boolean", "description": "Whether reading counts as an access."])
  static let limit: JSONValue = ["type": "integer", "minimum": 0, "maximum": .number(JSONNumber(Limits.largestPage))]
  static let offset: JSONValue = ["type": "integer", "minimum": 0, "maximum": 1_000_000]
  static let depth = Form.nullable(["type": "integer", "minimum": 1, "maximum": 100])
  static let pattern = Form.nullable([
    "type": "array", "items": ["type": "string"], "maxItems": 100,
    "description": "How a namespace begins or ends; * stands for any one label.",
  ])

  static let search: [(String, JSONValue)] = [
    ("namespace_prefix", labels), ("filter", Form.nullable(["type": "object"])), ("limit", limit), ("offset", offset),
    ("query", ["description": "A search by meaning. It is taken, and of no effect."]), ("refresh_ttl", refresh),
  ]

  // MARK: Operations of a batch

  static let operations: [JSONValue] = [
    operation("get", name + [("refresh_ttl", refresh)], optional: ["refresh_ttl"]),
    operation(
      "put", name + [("value", Form.nullable(["type": "object"])), ("ttl", minutes)], optional: ["value", "ttl"]),
    operation("delete", name), operation("search", search, optional: Set(search.map(\.0))),
    operation(
      "list_namespaces",
      [
        (
          "match_conditions",
          Form.list(
            Form.object([
              ("match_type", ["type": "string", "enum": ["prefix", "suffix"]]),
              ("path", ["type": "array", "items": ["type": "string"], "maxItems": 100]),
            ]))
        ), ("max_depth", depth), ("limit", limit), ("offset", offset),
      ], optional: ["match_conditions", "max_depth", "limit", "offset"]),
  ]

  private static func operation(
    _ name: String, _ members: [(String, JSONValue)], optional: Set<String> = []
  ) -> JSONValue {
    Form.object([("op", ["const": .string(name)])] + members, optional: optional)
  }

  // MARK: Answers

  static let memory = Form.object([
    ("namespace", labels), ("key", ["type": "string"]), ("value", [:]), ("created_at", time), ("updated_at", time),
  ])

  static let result: JSONValue = ["anyOf": [["type": "null"], memory, Form.list(memory), Form.list(labels)]]

  private static let time = Form.nullable(["type": "string", "format": "date-time"])
}
