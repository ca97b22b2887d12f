package import Daybook
package import Documents

/// One wish of a batch.
package enum MemoryOperation: Sendable {
  case get(MemoryName, refreshing: Bool)
  /// Nil deletes it.
  case put(MemoryName, JSONObject?, minutesToLive: Double?)
  case search(MemorySearch)
  case namespaces(NamespaceList)
}

extension MemoryOperation {
  /// Whether it only reads.
  package var reads: Bool {
    if case .put = self { false } else { true }
  }
}

/// What a memory is called.
package struct MemoryName: Sendable {
  package let namespace: MemoryNamespace
  package let key: String

  package init(_ key: String, in namespace: MemoryNamespace) {
    self.key = key
    self.namespace = namespace
  }
}

package struct MemorySearch: Sendable {
  /// All that lies in it and below it.
  package var namespace: MemoryNamespace
  /// Members of the values and what they must be; see `MemoryFilter`.
  package var filter: JSONObject = [:]
  package var limit = 10
  package var offset = 0
  /// Whether what is found counts as used, and lives its time anew.
  package var refreshing = true

  package init(in namespace: MemoryNamespace) { self.namespace = namespace }
}

package struct NamespaceList: Sendable {
  /// All must hold.
  package var conditions: [MemoryNamespace.Condition] = []
  /// Deeper ones are cut, and those that become equal count once.
  package var depth: Int?
  package var limit = 100
  package var offset = 0

  package init() {}
}

/// What a wish of a batch comes to.
package enum MemoryResult: Sendable {
  case memory(Memory?)
  case memories([Memory])
  case namespaces([MemoryNamespace])
  /// That of a put.
  case done

  package var json: JSONValue {
    switch self {
    case .memory(let memory): memory?.json ?? .null
    case .memories(let memories): .array(memories.map(\.json))
    case .namespaces(let namespaces): .array(namespaces.map { .array($0.labels.map { .string($0) }) })
    case .done: .null
    }
  }
}

// MARK: Reading requests

extension MemoryOperation {
  /// Reads a wish: `{"op": "get" | "put" | "delete" | "search" | "list_namespaces", …}` with the members that
  /// LangGraph's operations have: `namespace` and `key`, `value` and `ttl`; `namespace_prefix`, `filter`, `limit` and
  /// `offset`; `match_conditions` and `max_depth`; `refresh_ttl`.
  ///
  /// - Throws: `.invalid` for any other form.
  package init(parsing request: JSONObject) throws(StoreError) {
    switch request["op"]?.string {
    case "get":
      self = .get(try MemoryName(request), refreshing: try request.refreshing)
    case "put":
      let value = try request.optional("value", \.object, "an object")
      self = .put(
        try MemoryName(request), value,
        minutesToLive: try request.optional("ttl", { $0.number?.double }, "a number of minutes"))
    case "delete":
      self = .put(try MemoryName(request), nil, minutesToLive: nil)
    case "search":
      var search = MemorySearch(in: try request.namespace("namespace_prefix") ?? .root)
      search.filter = try request.optional("filter", \.object, "an object") ?? [:]
      search.limit = try request.optional("limit", \.integer, "an integer") ?? search.limit
      search.offset = try request.optional("offset", \.integer, "an integer") ?? 0
      search.refreshing = try request.refreshing
      self = .search(search)
    case "list_namespaces":
      var list = NamespaceList()
      list.conditions = try NamespaceList.conditions(
        request.optional("match_conditions", \.array, "an array") ?? [])
      list.depth = try request.optional("max_depth", \.integer, "an integer")
      list.limit = try request.optional("limit", \.integer, "an integer") ?? list.limit
      list.offset = try request.optional("offset", \.integer, "an integer") ?? 0
      self = .namespaces(list)
    default:
      throw StoreError(
        .invalid, "The member 'op' names no operation.",
        hint: "It is one of: get, put, delete, search, list_namespaces.")
    }
  }
}

extension MemoryName {
  fileprivate init(_ request: JSONObject) throws(StoreError) {
    guard let namespace = try request.namespace("namespace") else {
      throw StoreError(.invalid, "The member 'namespace' is missing: it is a list of labels.")
    }
    self.init(try request.required("key", \.string, "a string"), in: namespace)
  }
}

extension NamespaceList {
  /// Reads `[{"match_type": "prefix" | "suffix", "path": […]}]`.
  fileprivate static func conditions(_ list: [JSONValue]) throws(StoreError) -> [MemoryNamespace.Condition] {
    var conditions: [MemoryNamespace.Condition] = []
    for condition in list {
      let path = condition["path"]?.array?.compactMap(\.string)
      switch (condition["match_type"]?.string, path) {
      case ("prefix", let path?): conditions.append(.begins(path))
      case ("suffix", let path?): conditions.append(.ends(path))
      default:
        throw StoreError(
          .invalid, "A condition of a list of namespaces has a 'match_type' of prefix or suffix, and a 'path'.")
      }
    }
    return conditions
  }
}

extension JSONObject {
  fileprivate var refreshing: Bool {
    get throws(StoreError) { try optional("refresh_ttl", \.bool, "true or false") ?? true }
  }

  fileprivate func namespace(_ name: String) throws(StoreError) -> MemoryNamespace? {
    guard let labels = try optional(name, \.array, "a list of labels") else { return nil }
    let texts = labels.compactMap(\.string)
    guard texts.count == labels.count else { throw StoreError(.invalid, "The member '\(name)' is no list of labels.") }
    return try MemoryNamespace(texts)
  }
}
