import Documents
import Testing

@Suite struct SchemaMembersTests {
  private static let profile = ##"""
    {
      "properties": {
        "name": {"title": "Name", "x-secret": false},
        "api_key": {"$ref": "#/$defs/secret", "title": "Key"},
        "headers": {"properties": {"Accept": {}}, "patternProperties": {"^X-": {"x-secret": true}}, "additionalProperties": {"$ref": "#/$defs/secret"}},
        "endpoints": {"prefixItems": [{"title": "First"}], "items": {"allOf": [{"properties": {"token": {"x-secret": true}}}]}},
        "child": {"$ref": "#"}
      },
      "$defs": {"secret": {"writeOnly": true, "x-secret": true, "x-merge": "latest"}}
    }
    """##

  private func schema() throws -> Schema { try Schema(compiling: JSONText(parsing: Self.profile)) }

  @Test func listsThePathsOfMembersWithAKeyword() throws {
    let paths = try schema().members(where: "x-secret")
    #expect(paths.map(\.description) == ["/api_key", "/headers/*(^X-)", "/headers/*", "/endpoints/[1...]/token"])
    #expect(try schema().members(where: "x-merge").map(\.value) == [.string("latest"), .string("latest")])
    #expect(try schema().members(where: "x-unknown").isEmpty)
  }

  @Test func findsTheMembersThatADocumentHas() throws {
    let document = try JSONText(
      parsing:
        #"{"name": "n", "api_key": "k", "headers": {"X-A": "1", "Accept": "*", "Other": "2"}, "endpoints": [{"token": "t0"}, {"token": "t1"}, {}, {"token": "t3"}]}"#
    )
    let expected = ["/api_key", "/headers/X-A", "/headers/Other", "/endpoints/1/token", "/endpoints/3/token"]
    let paths = try schema().members(where: "x-secret")
    #expect(paths.flatMap { $0.pointers(in: document.root) }.map(\.description) == expected)
    #expect(try schema().pointers(where: "x-secret", in: document.root).map(\.description) == expected)
  }

  @Test func tellsWhichMembersLieAtAPlaceOrAroundIt() throws {
    let paths = try schema().members(where: "x-secret")
    func below(_ place: String) throws -> [String] {
      try paths.compactMap { $0.below(try JSONPointer(parsing: place))?.description }
    }
    #expect(try below("") == paths.map(\.description))
    #expect(try below("/api_key") == [""])
    #expect(try below("/api_key/inside") == [""])
    #expect(try below("/headers/X-A/inside") == [""])
    #expect(try below("/endpoints") == ["/[1...]/token"])
    #expect(try below("/endpoints/0") == ["/token"], "elements may have moved")
    #expect(try below("/name") == [])
  }

  @Test func findsMembersOfASchemaThatRefersToItselfHoweverDeep() throws {
    let document = try JSONText(parsing: #"{"child": {"api_key": "1", "child": {"child": {"headers": {"h": "2"}}}}}"#)
    let found = try schema().pointers(where: "x-secret", in: document.root)
    #expect(found.map(\.description) == ["/child/api_key", "/child/child/child/headers/h"])
  }

  @Test func readsWhatKeywordsSayOfAMember() throws {
    let schema = try schema()
    #expect(schema.annotations("title", at: JSONPointer(["api_key"])).map(\.string) == ["Key"])
    #expect(schema.annotations("x-merge", at: JSONPointer(["child", "child", "api_key"])).map(\.string) == ["latest"])
    #expect(schema.annotations("title", at: JSONPointer(["endpoints", "0"])).map(\.string) == ["First"])
    #expect(schema.annotations("title", at: JSONPointer(["nowhere", "x"])).isEmpty)
  }

  @Test func tellsWhenNoListOfPathsCanHoldAllMembers() throws {
    #expect(try schema().hasEndlessMembers(where: "x-secret"))
    #expect(try !schema().hasEndlessMembers(where: "x-unknown"))
    let plain = try Schema(
      compiling: JSONText(
        parsing: ##"""
          {"properties": {"a": {"$ref": "#/$defs/s"}, "b": {"$ref": "#/$defs/s"}, "tree": {"$ref": "#/$defs/tree"}},
           "$defs": {"s": {"x-secret": true}, "tree": {"items": {"$ref": "#/$defs/tree"}}}}
          """##))
    #expect(plain.members(where: "x-secret").map(\.description) == ["/a", "/b"])
    #expect(!plain.hasEndlessMembers(where: "x-secret"))
  }

  @Test func endsTheSearchForMembersThatDoubleAtEachStep() throws {
    let steps = (0..<40).map { step in
      let next = ##"{"$ref": "#/$defs/a\##(step + 1)"}"##
      return ##""a\##(step)": {"properties": {"x": \##(next), "y": \##(next)}, "allOf": [\##(next), \##(next)]}"##
    }
    let schema = try Schema(
      compiling: JSONText(
        parsing: ##"{"$ref": "#/$defs/a0", "$defs": {\##(steps.joined(separator: ",")), "a40": {"x-secret": true}}}"##))
    #expect(schema.hasEndlessMembers(where: "x-secret"))
    #expect(schema.members(where: "x-secret").count <= 1_000)
  }

  @Test func keepsApartWhatTwoSubschemasCallAdditional() throws {
    let schema = try Schema(
      compiling: JSONText(
        parsing: #"""
          {"allOf": [{"properties": {"a": {}}, "additionalProperties": {"x-secret": true}},
                     {"properties": {"a": {}, "b": {}}, "additionalProperties": {"x-secret": true}}]}
          """#))
    let document = try JSONText(parsing: #"{"a": 1, "b": 2, "c": 3}"#)
    let found = schema.members(where: "x-secret").map { $0.pointers(in: document.root).map(\.description) }
    #expect(found == [["/b", "/c"], ["/c"]])
    #expect(schema.pointers(where: "x-secret", in: document.root).map(\.description) == ["/b", "/c"])
  }
}
