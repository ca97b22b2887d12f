import Testing

@testable import Documents

@Suite struct SchemaViolationTests {
  private func violations(_ schema: String, _ document: String, maximum: Int = 20) throws -> [SchemaViolation] {
    try Schema(compiling: JSONText(parsing: schema))
      .validate(JSONText(parsing: document).root, maximumViolations: maximum)
  }

  private func messages(_ schema: String, _ document: String) throws -> [String] {
    try violations(schema, document).map(\.message)
  }

  @Test func saysWhereWhatAndByWhichRule() throws {
    let schema =
      ##"{"properties": {"llm": {"$ref": "#/$defs/llm"}}, "$defs": {"llm": {"properties": {"temperature": {"maximum": 2}}}}}"##
    let document = """
      {
        "llm": {"model": "é", "temperature": 3.5}
      }
      """
    let found = try violations(schema, document)
    #expect(
      found == [
        SchemaViolation(
          pointer: JSONPointer(["llm", "temperature"]), rule: "maximum",
          schemaPointer: "#/$defs/llm/properties/temperature/maximum",
          message: "temperature must be at most 2, found 3.5",
          position: JSONPosition(line: 2, column: 40, offset: 42))
      ])
    #expect(found.first?.description == "line 2, column 40, /llm/temperature: temperature must be at most 2, found 3.5")
  }

  @Test(arguments: [
    (#"{"properties": {"a": {"type": "string"}}}"#, #"{"a": 1}"#, "a must be a string, found 1"),
    (
      #"{"properties": {"a": {"type": ["string", "null"]}}}"#, #"{"a": [1]}"#,
      "a must be null or a string, found an array of 1 element"
    ),
    (#"{"type": "object"}"#, "[]", "the document must be an object, found an array of 0 elements"),
    (
      #"{"properties": {"a": {"enum": ["on", "off", 1]}}}"#, #"{"a": "of"}"#,
      #"a must be "on", "off" or 1, found "of"; did you mean "on"?"#
    ),
    (#"{"properties": {"a": {"const": true}}}"#, #"{"a": 1}"#, "a must be true, found 1"),
    (#"{"properties": {"a": {"minimum": 1.5}}}"#, #"{"a": 1}"#, "a must be at least 1.5, found 1"),
    (#"{"properties": {"a": {"exclusiveMinimum": 1}}}"#, #"{"a": 1.0}"#, "a must be greater than 1, found 1.0"),
    (#"{"properties": {"a": {"exclusiveMaximum": 1}}}"#, #"{"a": 1}"#, "a must be less than 1, found 1"),
    (#"{"properties": {"a": {"multipleOf": 0.1}}}"#, #"{"a": 0.35}"#, "a must be a multiple of 0.1, found 0.35"),
    (#"{"properties": {"a": {"minLength": 2}}}"#, #"{"a": "🐲"}"#, "a must have at least 2 characters, found 1"),
    (#"{"properties": {"a": {"maxLength": 1}}}"#, #"{"a": "e\u0301"}"#, "a must have at most 1 character, found 2"),
    (#"{"properties": {"a": {"pattern": "^x"}}}"#, #"{"a": "y\n"}"#, #"a must match the pattern ^x, found "y ""#),
    (
      #"{"properties": {"a": {"format": "email"}}}"#, #"{"a": "x"}"#,
      #"a must be an e-mail address such as ana@example.com, found "x""#
    ),
    (#"{"items": {"type": "integer"}}"#, "[1, 1.5]", "element [1] must be an integer, found 1.5"),
    (#"{"properties": {"a": {"items": {"minimum": 3}}}}"#, #"{"a": [4, 2]}"#, "a[1] must be at least 3, found 2"),
    (#"{"minItems": 2}"#, "[1]", "the document must have at least 2 elements, found 1"),
    (#"{"maxItems": 1}"#, "[1, 2]", "the document must have at most 1 element, found 2"),
    (#"{"uniqueItems": true}"#, "[1, 2, 1.0]", "the document must not have equal elements, but elements 0 and 2 are"),
    (#"{"contains": {"const": 1}}"#, "[2]", "the document must have at least 1 element of the wanted form, found 0"),
    (
      #"{"contains": {"const": 1}, "maxContains": 1}"#, "[1, 1]",
      "the document must have at most 1 element of the limited form, found 2"
    ),
    (#"{"required": ["b", "a"]}"#, #"{"a": 1}"#, #"the document must have the member "b""#),
    (#"{"dependentRequired": {"a": ["b"]}}"#, #"{"a": 1}"#, #"the document must have "b" beside "a""#),
    (#"{"minProperties": 1}"#, "{}", "the document must have at least 1 member, found 0"),
    (
      #"{"properties": {"temperature": true}, "additionalProperties": false}"#, #"{"temprature": 1}"#,
      #"temprature is not a known member; did you mean "temperature"?"#
    ),
    (#"{"properties": {"a": {}}, "unevaluatedProperties": false}"#, #"{"zzz": 1}"#, "zzz is not a known member"),
    (
      #"{"propertyNames": {"pattern": "^[a-z]+$"}}"#, #"{"A": 1}"#,
      #"the name of member "A" must match the pattern ^[a-z]+$, found "A""#
    ),
    (#"{"not": {"type": "null"}}"#, "null", "the document must not be of the excluded form, found null"),
    (#"{"properties": {"a": false}}"#, #"{"a": 1}"#, "a is not allowed"),
    (
      #"{"anyOf": [{"type": "null"}, {"type": "string", "maxLength": 1}]}"#, #""ab""#,
      "the document must have at most 1 character, found 2"
    ),
    (#"{"anyOf": [{"type": "null"}, {"type": "string"}]}"#, "1", "the document must be null or a string, found 1"),
    (
      #"{"oneOf": [{"minimum": 1}, {"minimum": 2}]}"#, "3",
      "the document must match exactly one of the allowed forms, but matches several"
    ),
  ])
  func saysInASentenceWhatWasExpectedAndFound(schema: String, document: String, message: String) throws {
    #expect(try messages(schema, document) == [message])
  }

  @Test func explainsOnlyTheBranchThatWasMeant() throws {
    let schema = """
      {"oneOf": [
        {"properties": {"kind": {"const": "llm"}, "model": {"type": "string"}}},
        {"properties": {"kind": {"const": "feed"}, "url": {"type": "string", "format": "uri"}}, "required": ["url"]}
      ]}
      """
    let found = try violations(schema, #"{"kind": "feed", "url": "nowhere"}"#)
    #expect(found.map(\.pointer.description) == ["/url"])
    #expect(found.map(\.rule) == ["format"])
  }

  @Test func listsViolationsInTheOrderOfTheTextUpToTheMaximum() throws {
    let schema = #"{"required": ["z"], "properties": {"a": {"minimum": 1}, "b": {"minimum": 1}, "c": {"minimum": 1}}}"#
    let document = #"{"c": 0, "b": 0, "a": 0}"#
    #expect(try violations(schema, document).map(\.pointer.description) == ["", "/c", "/b", "/a"])
    #expect(try violations(schema, document, maximum: 2).count == 2)
    #expect(try violations(schema, document, maximum: 0).count == 1)
  }

  @Test func placesAMemberThatShouldNotBeThereAtItsKey() throws {
    let found = try violations(#"{"additionalProperties": false}"#, "{\n  \"x\": 1}")
    #expect(found.first?.position == JSONPosition(line: 2, column: 3, offset: 4))
    #expect(found.first?.pointer == JSONPointer(["x"]))
  }

  @Test(arguments: [
    #"{"properties": {"key": {"x-secret": true, "pattern": "^sk-", "maxLength": 3, "enum": ["a"], "format": "uri"}}}"#,
    #"{"properties": {"key": {"writeOnly": true, "type": "integer"}}}"#,
    ##"{"properties": {"key": {"$ref": "#/$defs/secret", "anyOf": [{"maxLength": 2}, {"const": 4}]}}, "$defs": {"secret": {"x-secret": true}}}"##,
    #"{"additionalProperties": {"x-secret": true, "not": {"type": "string"}}}"#,
  ])
  func neverQuotesASecret(schema: String) throws {
    let found = try violations(schema, #"{"key": "canary-123"}"#)
    #expect(!found.isEmpty)
    #expect(!found.contains { $0.message.contains("canary") })
  }

  @Test func quotesOnlyTheBeginningOfALongText() throws {
    let text = String(repeating: "x", count: 5_000)
    let message = try messages(#"{"maxLength": 1, "pattern": "y"}"#, "\"\(text)\"").last ?? ""
    #expect(message.count < 150)
    #expect(message.hasSuffix("x…\""))
  }

  @Test func listsOnlySomeOfManyAllowedValues() throws {
    let values = (0..<40).map(String.init).joined(separator: ", ")
    let message = try messages(#"{"enum": [\#(values)]}"#, "true").first
    #expect(message == "the document must be 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 or one of 28 others, found true")
  }
}
