import Testing

@testable import Documents

/// What the official suite does not ask.
@Suite struct SchemaTests {
  private func isValid(_ schema: String, _ document: String) throws -> Bool {
    try Schema(compiling: JSONText(parsing: schema)).validate(JSONText(parsing: document).root).isEmpty
  }

  @Test(arguments: [
    (#"{"maximum": 9007199254740993}"#, "9007199254740994", false), (#"{"const": 1}"#, "10e-1", true),
    (#"{"maximum": 100000000000000000000000000001}"#, "100000000000000000000000000002", false),
    (#"{"multipleOf": 0.0001}"#, "0.0075", true), (#"{"multipleOf": 3}"#, "-9", true),
    (#"{"multipleOf": 3}"#, "-8", false),
    (#"{"type": "integer"}"#, "1e2", true), (#"{"type": "integer"}"#, "1.5e0", false),
    (#"{"minimum": -0.0}"#, "0", true), (#"{"enum": [0]}"#, "false", false),
    (#"{"enum": [{"a": [1]}]}"#, #"{"a": [1.0]}"#, true),
    (#"{"minItems": 1e400}"#, "[]", false), (#"{"maxLength": 3.0}"#, #""abcd""#, false),
  ])
  func comparesNumbersExactly(schema: String, document: String, expected: Bool) throws {
    #expect(try isValid(schema, document) == expected)
  }

  @Test(arguments: [
    (#"{"properties": {"\u00e9": {"type": "string"}}, "additionalProperties": false}"#, #"{"e\u0301": ""}"#, false),
    (#"{"enum": ["\u00e9"]}"#, #""e\u0301""#, false), (#"{"required": ["a\"b"]}"#, #"{"a\"b": 1}"#, true),
    (#"{"properties": {"a/b~c": false}}"#, #"{"a/b~c": 1}"#, false),
  ])
  func comparesNamesByTheirBytes(schema: String, document: String, expected: Bool) throws {
    #expect(try isValid(schema, document) == expected)
  }

  @Test func findsEqualElementsAmongMany() throws {
    let schema = #"{"uniqueItems": true}"#
    let distinct = (0..<500).map { #"{"a": \#($0), "b": [true]}"# }
    #expect(try isValid(schema, "[" + distinct.joined(separator: ",") + "]"))
    #expect(try !isValid(schema, "[" + (distinct + [#"{"b": [true], "a": 77.0}"#]).joined(separator: ",") + "]"))
  }

  @Test func checksFormatsOnlyWhenTheyAreAsserted() throws {
    let text = try JSONText(parsing: #"{"format": "uuid"}"#)
    let value = try JSONText(parsing: #""x""#).root
    #expect(try !Schema(compiling: text).validate(value).isEmpty)
    #expect(try Schema(compiling: text, formats: .annotated).validate(value).isEmpty)
  }

  @Test func resolvesReferencesRelativeToTheBaseURI() throws {
    let text = try JSONText(parsing: #"{"$ref": "common.json#/$defs/name"}"#)
    let common = try JSONText(parsing: #"{"$defs": {"name": {"type": "string"}}}"#)
    let schema = try Schema(
      compiling: text, baseURI: "file:///store/schemas/task.json",
      resources: SchemaTexts(["file:///store/schemas/common.json": common]))
    let found = schema.validate(try JSONText(parsing: "1").root)
    #expect(found.map(\.schemaPointer) == ["file:///store/schemas/common.json#/$defs/name/type"])
  }

  @Test func looksUpNamesThatShareASlot() {
    let names = (0..<200).map { "name\($0)" }
    let table = NameTable(names.enumerated().map { (name: $1, value: $0) })
    for (place, name) in names.enumerated() { #expect(table[Array(name.utf8)[...]] == place) }
    #expect(table[Array("name200".utf8)[...]] == nil)
    #expect(NameTable<Int>([])[[]] == nil)
  }

  @Test func validatesAPartOfADocumentFromThere() throws {
    let document = try JSONText(parsing: #"{"a": {"b": [1, "x"]}}"#)
    let schema = try Schema(compiling: JSONText(parsing: #"{"properties": {"b": {"items": {"type": "integer"}}}}"#))
    let part = try #require(document.root["a"])
    #expect(schema.validate(part).map(\.pointer.description) == ["/b/1"])
    #expect(schema.validate(part).map(\.position.column) == [17])
  }
}
