import Documents
import Testing

@Suite struct SchemaErrorTests {
  private func error(_ schema: String, _ resources: some SchemaResources = NoSchemaResources()) throws -> SchemaError? {
    let text = try JSONText(parsing: schema)
    do throws(SchemaError) {
      _ = try Schema(compiling: text, resources: resources)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    (
      #"{"type": "strin"}"#, "/type",
      #"type must be "array", "boolean", "integer", "null", "number", "object" or "string", found "strin"; did you mean "string"?"#
    ),
    (#"{"minLength": -1}"#, "/minLength", "minLength must be at least 0, found -1"),
    (#"{"properties": {"a": {"required": "b"}}}"#, "/properties/a/required", #"required must be an array, found "b""#),
    (
      #"{"$defs": {"never used": {"items": 7}}}"#, "/$defs/never used/items",
      "items must be true or false or an object, found 7"
    ),
    ("[]", "", "the document must be true or false or an object, found an array of 0 elements"),
    (
      #"{"properties": {"a": {"pattern": "a("}}}"#, "/properties/a/pattern",
      "the pattern is not valid: a group without its ')' at character 3"
    ),
    (
      #"{"patternProperties": {"(?=x)": true}}"#, "/patternProperties/(?=x)",
      "the pattern is not valid: look-around '(?=' is not supported, since its time could not be bounded, at character 4"
    ),
    (##"{"items": {"$ref": "#/$defs/x"}}"##, "/items/$ref", "'#/$defs/x' leads to nothing"),
    (##"{"$ref": "#anchor"}"##, "/$ref", "'#anchor' leads to nothing"),
    (#"{"$ref": "http://example.com/x#/a"}"#, "/$ref", "there is no schema at http://example.com/x"),
    (
      #"{"$schema": "http://json-schema.org/draft-07/schema#"}"#, "/$schema",
      "there is no meta-schema at http://json-schema.org/draft-07/schema; the usual one is https://json-schema.org/draft/2020-12/schema"
    ),
    (
      #"{"$defs": {"a": {"$anchor": "x"}, "b": {"$anchor": "x"}}}"#, "/$defs/b/$anchor",
      "another subschema has the anchor 'x' already"
    ),
    (
      #"{"$id": "http://x.test/a", "$defs": {"b": {"$id": "a"}}}"#, "/$defs/b/$id",
      "another schema has the URI http://x.test/a already"
    ),
  ])
  func saysWhatIsWrongAndWhere(schema: String, pointer: String, message: String) throws {
    let error = try error(schema)
    #expect(error?.pointer.description == pointer)
    #expect(error?.message == message)
  }

  @Test func tellsLineAndColumn() throws {
    let error = try error("{\n  \"items\": {\"$ref\": \"#nothing\"}\n}")
    #expect(error?.position == JSONPosition(line: 2, column: 21, offset: 22))
    #expect(error?.description == "line 2, column 21, /items/$ref: '#nothing' leads to nothing")
  }

  @Test func namesTheOtherSchemaThatIsWrong() throws {
    let other = try JSONText(parsing: #"{"properties": {"a": {"type": 5}}}"#)
    let error = try error(#"{"$ref": "other.json"}"#, SchemaTexts(["other.json": other]))
    #expect(error?.resource == "other.json")
    #expect(error?.pointer == JSONPointer(["properties", "a", "type"]))
  }

  @Test func refusesAVocabularyThatIsRequiredAndUnknown() throws {
    let meta = try JSONText(parsing: #"{"$vocabulary": {"https://example.com/vocabulary": true}}"#)
    let error = try error(#"{"$schema": "https://example.com/meta"}"#, SchemaTexts(["https://example.com/meta": meta]))
    #expect(error?.message == "its vocabulary https://example.com/vocabulary is required and not known here")
  }

  @Test func acceptsAMetaSchemaThatDescribesItself() throws {
    let uri = "https://example.com/meta"
    let meta = try JSONText(parsing: #"{"$schema": "\#(uri)", "$id": "\#(uri)", "required": ["title"]}"#)
    #expect(try error(#"{"$schema": "\#(uri)", "title": "x"}"#, SchemaTexts([uri: meta])) == nil)
    #expect(
      try error(#"{"$schema": "\#(uri)"}"#, SchemaTexts([uri: meta]))?.message
        == #"the document must have the member "title""#)
  }

  @Test(arguments: [
    ##"{"$ref": "#"}"##, ##"{"allOf": [{"$ref": "#"}, {"$ref": "#"}]}"##, ##"{"not": {"$ref": "#"}}"##,
    ##"{"anyOf": [true, {"$ref": "#"}], "$ref": "#/$defs/a", "$defs": {"a": {"$dynamicRef": "#b", "$dynamicAnchor": "b"}}}"##,
  ])
  func endsAReferenceThatGoesRoundInCircles(schema: String) throws {
    let found = try Schema(compiling: JSONText(parsing: schema)).validate(JSONText(parsing: "1").root)
    #expect(found.map(\.rule) == ["$ref"])
    #expect(found.first?.message.contains("without end") == true)
  }

  @Test func endsReferencesThatDoubleAtEachStep() throws {
    var definitions = (0..<60).map {
      ##""a\##($0)": {"allOf": [{"$ref": "#/$defs/a\##($0 + 1)"}, {"$ref": "#/$defs/a\##($0 + 1)"}]}"##
    }
    definitions.append(#""a60": {"minimum": 1}"#)
    let schema = ##"{"$ref": "#/$defs/a0", "$defs": {\##(definitions.joined(separator: ","))}}"##
    let found = try Schema(compiling: JSONText(parsing: schema)).validate(JSONText(parsing: "1").root)
    #expect(found.map(\.rule) == ["$ref"])
  }

  @Test func validatesTheDeepestDocumentWithARecursiveSchema() throws {
    let schema = try Schema(
      compiling: JSONText(parsing: ##"{"anyOf": [{"type": "integer"}, {"items": {"$ref": "#"}, "type": "array"}]}"##))
    let depth = JSONLimits.standard.maximumDepth
    for (leaf, isValid) in [("1", true), ("null", false)] {
      let text = try JSONText(
        parsing: String(repeating: "[", count: depth) + leaf + String(repeating: "]", count: depth))
      #expect(schema.validate(text.root).isEmpty == isValid)
    }
  }

  @Test func compilesTheMetaSchemasByTheirOwnRules() throws {
    for name in ["schema", "meta/core", "meta/applicator", "meta/validation", "meta/unevaluated", "meta/content"] {
      #expect(try error(#"{"$ref": "https://json-schema.org/draft/2020-12/\#(name)"}"#) == nil)
    }
  }
}
