import Daybook
import DaybookRuntime
import HTTPTypes

/// What agents remember over all their threads. Requests bear the members that LangGraph's store has, so that its
/// clients work with `/api/v1` as their base.
enum MemoryEndpoints {
  static let group = Endpoint.Group(
    name: "Memories", description: "What agents remember over all their threads: values under keys, in namespaces.")

  private static let collection = "memories"

  static let all: [Endpoint] =
    [put, get, delete, search, namespaces].admitting(.touching([collection]))
    // Whether a batch writes, only its operations tell.
    + [batch.admitting(.touching([], reading: [collection]))]

  private static let unfit = Endpoint.Outcome.problem(
    .unprocessableContent, "A namespace in which nothing can be kept, a name that is too long, or an unknown operator.")
  private static let busy = Endpoint.Outcome.problem(.conflict, "Others wrote the same memories all the time.")

  static let batch = Endpoint(
    .post, "/api/v1/store/batch", group, "Do several things at once",
    """
    One look at the store and one commit: what is read is the state before what is written, and of several writes of \
    one memory the last counts. A put without a value, or with null, deletes.
    """,
    body: Endpoint.Body(
      Form.object([
        (
          "operations",
          [
            "type": "array", "minItems": 1, "maxItems": .number(JSONNumber(Memories.batchedOperations)),
            "items": ["oneOf": .array(MemoryForms.operations)],
          ]
        )
      ]), limit: Limits.transactionBytes,
      example: [
        "operations": [
          ["op": "put", "namespace": ["users", "ann"], "key": "food", "value": ["likes": "soup"]],
          ["op": "search", "namespace_prefix": ["users"], "filter": ["likes": "soup"]],
        ]
      ]),
    outcomes: [
      Endpoint.Outcome(
        .ok, "What each came to, in their order; null for a put, and for a memory that there is not.",
        json: Form.object([("results", Form.list(MemoryForms.result))])
      ) { call, _ in answer(try Memories(call.store).results(of: operations(call), for: call.caller)) }, unfit, busy,
    ]
  ) { call in
    let operations = try operations(call)
    if !operations.allSatisfy(\.reads) { try call.rooms.check(.write, in: collection, for: call.caller) }
    return answer(
      try await Memories(call.store).batch(operations, refreshing: mayRefresh(call), for: call.caller))
  }

  private static func operations(_ call: Call) throws -> [MemoryOperation] {
    try call.sentItems("operations").map { try MemoryOperation(parsing: $0.object ?? [:]) }
  }

  private static func answer(_ results: [MemoryResult]) -> Answer {
    .json(["results": .array(results.map(\.json))])
  }

  static let put = Endpoint(
    .put, "/api/v1/store/items", group, "Keep a memory",
    "What was under its name before is replaced. With a time to live it ends so many minutes after its last access.",
    body: Endpoint.Body(
      Form.object(
        MemoryForms.name + [
          ("value", ["type": "object", "description": "What is remembered."]), ("ttl", MemoryForms.minutes),
          ("index", ["description": "What would be embedded. It is taken, and of no effect."]),
        ], optional: ["ttl", "index"]), limit: Limits.documentBytes,
      example: ["namespace": ["users", "ann"], "key": "food", "value": ["likes": "soup"]]),
    outcomes: [Endpoint.Outcome(.noContent, "It is kept."), unfit, busy]
  ) { call in
    _ = try await perform("put", call.content.text.root.value.object ?? [:], call)
    return Answer(.noContent)
  }

  static let get = Endpoint(
    .get, "/api/v1/store/items", group, "Read a memory",
    "It lives its time anew, if it has one and the caller may write.",
    parameters: [
      Parameter(
        "namespace", in: .query, "The labels of its namespace, with dots between them.",
        ["type": "string", "minLength": 1, "maxLength": 1_024], isRequired: true, example: "users.ann"),
      Parameter(
        "key", in: .query, "Its key.", ["type": "string", "maxLength": 1_024], isRequired: true, example: "food"),
      Parameter(
        "refresh_ttl", in: .query, "Whether this counts as an access.", ["type": "boolean", "default": true]),
    ],
    outcomes: [
      Endpoint.Outcome(.ok, "The memory.", json: MemoryForms.memory), .problem(.notFound, "There is none."), unfit,
    ]
  ) { call in
    let labels = call["namespace"].split(separator: ".", omittingEmptySubsequences: false)
    let result = try await perform(
      "get",
      [
        "namespace": .array(labels.map { .string(String($0)) }), "key": .string(call["key"]),
        "refresh_ttl": .bool(call.parameters["refresh_ttl"]?.first?.bool ?? true),
      ], call)
    guard let memory = result.object else { throw StoreError(.notFound, "There is no such memory.") }
    return .json(memory)
  }

  static let delete = Endpoint(
    .delete, "/api/v1/store/items", group, "Delete a memory", "One that is not there is deleted already.",
    body: Endpoint.Body(Form.object(MemoryForms.name), example: ["namespace": ["users", "ann"], "key": "food"]),
    outcomes: [Endpoint.Outcome(.noContent, "It is deleted."), unfit, busy]
  ) { call in
    _ = try await perform("delete", call.content.text.root.value.object ?? [:], call)
    return Answer(.noContent)
  }

  static let search = Endpoint(
    .post, "/api/v1/store/items/search", group, "Search memories",
    """
    Those in and below a namespace, the one that was put last first. `filter` has members and what each must be: a \
    value, an object of members, a list of elements, or an object of operators `$eq`, `$ne`, `$gt`, `$gte`, `$lt`, \
    `$lte`.
    """,
    body: Endpoint.Body(
      Form.object(MemoryForms.search, optional: Set(MemoryForms.search.map(\.0))),
      example: ["namespace_prefix": ["users"], "filter": ["likes": "soup"]]),
    outcomes: [
      Endpoint.Outcome(
        .ok, "What was found.", json: Form.object([("items", Form.list(MemoryForms.memory))])), unfit,
    ], reads: true
  ) { call in
    .json(["items": try await perform("search", call.content.text.root.value.object ?? [:], call)])
  }

  static let namespaces = Endpoint(
    .post, "/api/v1/store/namespaces", group, "List namespaces", "Those that hold memories, in order.",
    body: Endpoint.Body(
      Form.object(
        [
          ("prefix", MemoryForms.pattern), ("suffix", MemoryForms.pattern), ("max_depth", MemoryForms.depth),
          ("limit", MemoryForms.limit), ("offset", MemoryForms.offset),
        ], optional: ["prefix", "suffix", "max_depth", "limit", "offset"]),
      example: ["prefix": ["users", "*"], "max_depth": 2]),
    outcomes: [
      Endpoint.Outcome(
        .ok, "The namespaces.", json: Form.object([("namespaces", Form.list(MemoryForms.labels))])), unfit,
    ], reads: true
  ) { call in
    var request = call.content.text.root.value.object ?? [:]
    let conditions = ["prefix", "suffix"].compactMap { type -> JSONValue? in
      request[type].flatMap(\.array).map { ["match_type": .string(type), "path": .array($0)] }
    }
    request["match_conditions"] = .array(conditions)
    return .json(["namespaces": try await perform("list_namespaces", request, call)])
  }

  // MARK: Steps

  /// One operation of a batch by itself.
  private static func perform(_ operation: String, _ request: JSONObject, _ call: Call) async throws -> JSONValue {
    var request = request
    request["op"] = .string(operation)
    let operation = try MemoryOperation(parsing: request)
    let results = try await Memories(call.store).batch([operation], refreshing: mayRefresh(call), for: call.caller)
    return results.first?.json ?? .null
  }

  /// Whether what is read may live its time anew, which is a write: under a token that only reads it does not.
  private static func mayRefresh(_ call: Call) -> Bool {
    call.mayWrite && (try? call.rooms.check(.write, in: collection, for: call.caller)) != nil
  }
}
