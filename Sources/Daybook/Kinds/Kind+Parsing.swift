import Documents
import Git

/// The form of `x-daybook`, at the root of a schema:
///
/// ```json
/// "x-daybook": {
///   "collection": "tasks",
///   "ids": "uuid7",                                     or "given", or ["system"]
///   "belongs_to": "sessions",                           or nothing: its documents go with those of the same id there
///   "partition": "day",                                 or "flat" (default), "minute", "hash"
///   "indexes": { "status": ["/status", "/updated_at"] },
///   "excerpt": ["/task_type", "/status"],
///   "text": ["/message"],
///   "series": { "messages": { "items": { "$ref": "#/$defs/message" }, "segment": 64 } },
///   "ttl": { "days": 30, "from": "/updated_at", "when": { "/status": ["completed", "failed"] } },
///   "commit": "each",                                   or "group"
///   "reversible": true,                                 or false: nothing of it is taken back
///   "environment": { "/base_url": "OPENAI_BASE_URL" }
/// }
/// ```
extension Kind {
  /// Reads a schema file. Throws `.invalid` with the file's name, line and column.
  init(parsing bytes: [UInt8], fileName: String) throws(StoreError) {
    let text = try Self.parsed(bytes, fileName)
    let reader = KindReader(root: text.root, fileName: fileName)
    schemaID = ObjectID(hashing: bytes, as: .blob)
    let declaration = try reader.object("x-daybook")
    name = String(fileName.dropLast(StoreLayout.schemaSuffix.count))
    title = text.root["title"]?.string
    collection = try reader.collection(in: declaration)
    ids = try reader.ids(in: declaration)
    belongsTo = try declaration["belongs_to"].map { node throws(StoreError) in try reader.collection(node) }
    partition = try reader.choice("partition", in: declaration, default: Partition.flat)
    indexes = try reader.indexes(in: declaration)
    excerpt = try reader.pointers("excerpt", in: declaration)
    self.text = try reader.pointers("text", in: declaration)
    timeToLive = try reader.timeToLive(in: declaration)
    commitPolicy = try reader.choice("commit", in: declaration, default: CommitPolicy.each)
    isReversible = try reader.flag("reversible", in: declaration, default: true)
    environment = try reader.environment(in: declaration)
    members = reader.members()
    schema = try reader.compiled(text)
    series = try reader.series(in: declaration, of: text)
    secrets = schema.members(where: "x-secret")
    if schema.hasEndlessMembers(where: "x-secret") {
      throw reader.failure(
        "a member marked \"x-secret\" lies in a schema that refers to itself, so that its places are without end",
        at: declaration)
    }
    mergeRules = try reader.mergeRules(of: schema, in: declaration)
    if partition == .day || partition == .minute, ids != .uuid7 {
      throw reader.failure(
        "a collection kept by \(partition.rawValue) needs \"ids\": \"uuid7\", whose ids carry their date",
        at: declaration)
    }
  }

  private static func parsed(_ bytes: [UInt8], _ fileName: String) throws(StoreError) -> JSONText {
    do {
      return try JSONText(parsing: bytes)
    } catch {
      throw StoreError(
        .invalid,
        "\(StoreLayout.schemas)/\(fileName):\(error.position.line):\(error.position.column): \(error.message)",
        document: fileName)
    }
  }
}

/// Reads the parts of `x-daybook`, with errors that say where.
struct KindReader {
  let root: JSONNode
  let fileName: String

  func failure(_ message: String, at node: JSONNode) -> StoreError {
    let position = node.position
    return StoreError(
      .invalid, "\(StoreLayout.schemas)/\(fileName):\(position.line):\(position.column): \(message).",
      document: fileName)
  }

  func object(_ key: String) throws(StoreError) -> JSONNode {
    guard let node = root[key], node.kind == .object else {
      throw failure("a kind needs the member \"\(key)\" with an object", at: root)
    }
    return node
  }

  func collection(in declaration: JSONNode) throws(StoreError) -> CollectionName {
    guard let node = declaration["collection"], node.string != nil else {
      throw failure("\"x-daybook\" needs \"collection\", such as \"tasks\"", at: declaration)
    }
    return try collection(node)
  }

  func collection(_ node: JSONNode) throws(StoreError) -> CollectionName {
    do {
      return try CollectionName(node.string ?? "")
    } catch {
      throw failure("\(error)", at: node)
    }
  }

  func ids(in declaration: JSONNode) throws(StoreError) -> Kind.IDs {
    guard let node = declaration["ids"] else { return .given }
    switch node.string {
    case "given": return .given
    case "uuid7": return .uuid7
    default:
      let fixed = node.elements.compactMap(\.string)
      guard node.kind == .array, !fixed.isEmpty, fixed.count == node.count else {
        throw failure("\"ids\" must be \"given\", \"uuid7\" or a list of the only ids", at: node)
      }
      return .fixed(fixed)
    }
  }

  func choice<Choice: RawRepresentable<String>>(
    _ key: String, in declaration: JSONNode, default fallback: Choice
  ) throws(StoreError) -> Choice {
    guard let node = declaration[key] else { return fallback }
    guard let choice = node.string.flatMap(Choice.init(rawValue:)) else {
      throw failure("\"\(key)\" has an unknown value", at: node)
    }
    return choice
  }

  func flag(_ key: String, in declaration: JSONNode, default fallback: Bool) throws(StoreError) -> Bool {
    guard let node = declaration[key] else { return fallback }
    guard let flag = node.bool else { throw failure("\"\(key)\" must be true or false", at: node) }
    return flag
  }

  func pointers(_ key: String, in declaration: JSONNode) throws(StoreError) -> [JSONPointer] {
    guard let node = declaration[key] else { return [] }
    return try pointers(node)
  }

  private func pointers(_ node: JSONNode) throws(StoreError) -> [JSONPointer] {
    var result: [JSONPointer] = []
    for element in node.elements {
      result.append(try pointer(element))
    }
    return result
  }

  func pointer(_ node: JSONNode) throws(StoreError) -> JSONPointer {
    guard let text = node.string, let pointer = try? JSONPointer(parsing: text) else {
      throw failure("expected a JSON Pointer such as \"/status\"", at: node)
    }
    return pointer
  }

  func indexes(in declaration: JSONNode) throws(StoreError) -> [Kind.Index] {
    guard let node = declaration["indexes"] else { return [] }
    var result: [Kind.Index] = []
    for member in node.members {
      let members = try pointers(member.value)
      guard !members.isEmpty else { throw failure("an index needs at least one member", at: member.value) }
      result.append(Kind.Index(name: member.key, members: members))
    }
    return result
  }

  func environment(in declaration: JSONNode) throws(StoreError) -> [(member: JSONPointer, variable: String)] {
    guard let node = declaration["environment"] else { return [] }
    var result: [(member: JSONPointer, variable: String)] = []
    for member in node.members {
      guard let pointer = try? JSONPointer(parsing: member.key), let variable = member.value.string else {
        throw failure("expected \"/member\": \"VARIABLE\"", at: member.value)
      }
      result.append((pointer, variable))
    }
    return result
  }

  func members() -> [Kind.Member] {
    let required = Set(root["required"]?.elements.compactMap(\.string) ?? [])
    return (root["properties"]?.members.map { $0 } ?? []).map { member in
      Kind.Member(
        name: member.key, title: member.value["title"]?.string, isRequired: required.contains(member.key),
        defaultValue: member.value["default"]?.value)
    }
  }

  func compiled(_ text: JSONText) throws(StoreError) -> Schema {
    do {
      return try Schema(compiling: text)
    } catch {
      throw StoreError(.invalid, "\(StoreLayout.schemas)/\(fileName): \(error)", document: fileName, cause: error)
    }
  }

  func series(in declaration: JSONNode, of text: JSONText) throws(StoreError) -> [Kind.Series] {
    guard let node = declaration["series"] else { return [] }
    var result: [Kind.Series] = []
    for member in node.members {
      guard (try? CollectionName(member.key)) != nil, !member.key.contains("/") else {
        throw failure(
          "'\(member.key)' cannot name a series: use lower-case letters, digits, '-' and '_'", at: member.value)
      }
      let segment = member.value["segment"]?.integer ?? Limits.segmentItems
      guard (1...1_000).contains(segment) else { throw failure("\"segment\" must be 1 to 1000", at: member.value) }
      let schema = try compiled(itemSchema(member.value["items"]))
      guard schema.members(where: "x-secret").isEmpty else {
        throw failure("items of a series cannot hold secrets; keep them in a document of their own", at: member.value)
      }
      result.append(Kind.Series(name: member.key, segmentItems: segment, itemSchema: schema))
    }
    return result
  }

  /// What `x-merge` says of members.
  func mergeRules(of schema: Schema, in declaration: JSONNode) throws(StoreError) -> MergeRules {
    if schema.hasEndlessMembers(where: Self.mergeKeyword) {
      throw failure(
        "a member with \"\(Self.mergeKeyword)\" lies in a schema that refers to itself, so that its places are without"
          + " end",
        at: declaration)
    }
    var rules: [(path: SchemaMemberPath, rule: MergeRule)] = []
    for path in schema.members(where: Self.mergeKeyword) {
      guard let rule = path.value.string.flatMap(MergeRule.init(rawValue:)) else {
        let known = MergeRule.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        throw failure(
          "the member \(path) has \"\(Self.mergeKeyword)\": \(path.value.shortText), which is none of \(known)",
          at: declaration)
      }
      rules.append((path, rule))
    }
    return MergeRules(rules)
  }

  private static let mergeKeyword = "x-merge"

  /// A schema of its own for a series' items: the declared one, with the kind's `$defs` beside it for its references.
  private func itemSchema(_ items: JSONNode?) -> JSONText {
    var schema: JSONObject = [:]
    if let dialect = root["$schema"] { schema["$schema"] = dialect.value }
    if let definitions = root["$defs"] { schema["$defs"] = definitions.value }
    schema["allOf"] = .array([items?.value ?? .bool(true)])
    return JSONText(formatting: .object(schema))
  }
}
