import Documents
import Testing

/// The schemas and the store template fit each other, and say nothing that they break themselves.
struct ShippedFilesTests {
  static let kinds = [
    "checkpoint-value", "checkpoint-writes", "checkpoint", "conflict", "entitlement", "interrupt", "lease",
    "llm-profile", "memory", "negotiation", "panel", "redeem-code", "research", "rsshub-profile", "runtime",
    "session-settings", "session", "setting-definitions", "system-settings", "task", "thread", "tier", "todo",
    "token", "user-runtime", "user-settings", "user",
  ]

  private static func json(_ path: String) throws -> JSONText { try JSONText(parsing: try Checkout.text(path)) }

  private static func path(_ kind: String) -> String { "Schemas/\(kind).schema.json" }

  @Test func theShippedKindsAreThese() throws {
    let schemas = try Checkout.files(below: "Schemas").filter { $0.hasSuffix(".schema.json") }
    #expect(schemas == Self.kinds.map(Self.path))
  }

  @Test(arguments: kinds)
  func aKindFollowsTheSchemaOfKinds(_ kind: String) throws {
    let schema = try Schema(compiling: Self.json("Schemas/kind.json"))
    #expect(schema.validate(try Self.json(Self.path(kind)).root).map(\.description) == [])
  }

  /// So that a user's list costs what that user has. Leases are for those who look after the store, by their places.
  @Test(arguments: kinds.filter { $0 != "lease" })
  func whatBelongsToAUserIsFoundByAnIndex(_ kind: String) throws {
    let root = try Self.json(Self.path(kind)).root
    guard root["properties"]?["user"] != nil else { return }
    let indexes = root["x-daybook"]?["indexes"]?.members.map(\.value) ?? []
    #expect(indexes.contains { $0[0]?.string == "/user" })
  }

  @Test(arguments: [
    #"{"$schema": "https://json-schema.org/draft/2020-12/schema"}"#,
    #"{"$schema": "https://json-schema.org/draft/2020-12/schema", "x-daybook": {"collection": "Tasks"}}"#,
    #"{"$schema": "https://json-schema.org/draft/2020-12/schema", "x-daybook": {"collection": "a", "index": {}}}"#,
    #"{"$schema": "https://json-schema.org/draft/2020-12/schema", "x-daybook": {"collection": "a", "excerpt": ["b"]}}"#,
    #"{"$schema": "https://json-schema.org/draft/2020-12/schema", "x-daybook": {"collection": "a", "partition": "day"}}"#,
    #"{"$schema": "https://json-schema.org/draft/2020-12/schema", "x-daybook": {"collection": "a"}, "type": 1}"#,
  ])
  func theSchemaOfKindsFindsAFault(_ text: String) throws {
    let schema = try Schema(compiling: Self.json("Schemas/kind.json"))
    #expect(schema.validate(try JSONText(parsing: text).root).count > 0)
  }

  @Test(arguments: kinds.map(path) + ["Schemas/kind.json"])
  func examplesAndDefaultsAreValid(_ path: String) throws {
    let root = try Self.json(path).root
    var found = 0
    try Self.visit(root) { subschema in
      var alone: JSONObject = ["allOf": .array([subschema.value])]
      alone["$schema"] = root["$schema"]?.value
      alone["$defs"] = root["$defs"]?.value
      let schema = try Schema(compiling: JSONText(formatting: .object(alone)))
      for sample in Array(subschema["examples"]?.elements.map { $0 } ?? []) + [subschema["default"]].compactMap({ $0 })
      {
        found += 1
        #expect(schema.validate(sample).map(\.description) == [], "\(sample.position) in \(path)")
      }
    }
    #expect(found > 0)
  }

  @Test(arguments: kinds)
  func eachMemberHasATitleAndADescription(_ kind: String) throws {
    try Self.visit(try Self.json(Self.path(kind)).root) { subschema in
      #expect(subschema["title"]?.string?.isEmpty == false, "\(subschema.position)")
      #expect(subschema["description"]?.string?.isEmpty == false, "\(subschema.position)")
    }
  }

  @Test(arguments: kinds)
  func aDocumentMayNameItsSchema(_ kind: String) throws {
    #expect(try Self.json(Self.path(kind)).root["properties"]?["$schema"]?["type"]?.string == "string")
  }

  @Test func secretMembersAreStringsThatAreOnlyWritten() throws {
    var secrets: [String] = []
    for kind in Self.kinds {
      try Self.visit(try Self.json(Self.path(kind)).root) { subschema in
        guard subschema["x-secret"]?.bool == true else { return }
        secrets.append(kind)
        #expect(subschema["writeOnly"]?.bool == true)
        #expect(subschema["type"]?.string == "string")
        #expect(subschema["examples"] == nil && subschema["default"] == nil)
      }
    }
    #expect(secrets == ["llm-profile", "rsshub-profile", "user"])
  }

  @Test func theTemplatesDocumentsAreValidAndFormatted() throws {
    let documents = try Checkout.files(below: "store-template")
      .filter { $0.hasSuffix(".json") && !$0.contains("/.") }
    #expect(documents.count >= 5)
    let collections = try Self.collections()
    for path in documents {
      let names = path.split(separator: "/").dropFirst()
      let collection = names.dropLast().joined(separator: "/")
      let kind = try #require(collections[collection], "\(path) is in no collection")
      let document = try Self.json(path)
      let schema = try Schema(compiling: Self.json(Self.path(kind)))
      #expect(schema.validate(document.root).map(\.description) == [], "\(path)")
      #expect(JSONText(formatting: document.root.value).bytes == document.bytes, "\(path) is not formatted as we do")
      #expect(
        schema.members(where: "x-secret").flatMap { $0.pointers(in: document.root) }.isEmpty, "\(path) has a secret")
    }
  }

  @Test func editorsFindTheSchemaOfEachKind() throws {
    let settings = try Self.json("store-template/.vscode/settings.json").root
    let matches = try #require(settings["json.schemas"]).elements.map { $0 }
    for (collection, kind) in try Self.collections() {
      let match = try #require(matches.first { $0["url"]?.string == "./schemas/\(kind).schema.json" }, "\(kind)")
      #expect(match["fileMatch"]?[0]?.string?.hasPrefix("/\(collection)/") == true)
    }
    #expect(matches.contains { $0["url"]?.string == "./schemas/kind.json" })
  }

  /// The kinds by their collections.
  private static func collections() throws -> [String: String] {
    try Dictionary(
      uniqueKeysWithValues: kinds.map { kind in
        (try #require(try json(path(kind)).root["x-daybook"]?["collection"]?.string), kind)
      })
  }

  /// Visits a schema and those of its members and definitions that describe something of their own.
  private static func visit(_ schema: JSONNode, _ body: (JSONNode) throws -> Void) throws {
    if schema["title"] != nil || schema["examples"] != nil || schema["default"] != nil { try body(schema) }
    for keyword in ["properties", "$defs"] {
      for member in schema[keyword]?.members.map({ $0 }) ?? [] { try visit(member.value, body) }
    }
  }
}
