import Documents
import Testing

struct JSONNodeTests {
  private let text = """
    {
      "name": "é",
      "list": [1, {"deep": [true, null]}, "x"],
      "a/b": {"~": 1.50},
      "empty": {}
    }
    """

  @Test func walksMembersAndElementsInOrder() throws {
    let root = try JSONText(parsing: text).root
    #expect(root.members.map(\.key) == ["name", "list", "a/b", "empty"])
    #expect(root["list"]?.elements.map(\.kind) == [.number, .object, .string])
    #expect(root["list"]?.count == 3)
    #expect(root["empty"]?.members.map(\.key) == [])
    #expect(root["name"]?.elements.map(\.kind) == [])
  }

  @Test func findsWhatAPointerLeadsTo() throws {
    let root = try JSONText(parsing: text).root
    #expect(root[try JSONPointer(parsing: "/list/1/deep/0")]?.bool == true)
    #expect(root[try JSONPointer(parsing: "/a~1b/~0")]?.number?.text == "1.50")
    #expect(root[.root]?.kind == .object)
    for missing in ["/list/3", "/list/01", "/list/-", "/name/0", "/nothing", "/list/1/deep/x"] {
      #expect(root[try JSONPointer(parsing: missing)] == nil)
    }
  }

  @Test func knowsWhereAValueIs() throws {
    let text = try JSONText(parsing: text)
    let node = try #require(text.root["list"]?[1])
    #expect(node.position == JSONPosition(line: 3, column: 15, offset: 32))
    #expect(String(decoding: text.bytes[node.range], as: UTF8.self) == #"{"deep": [true, null]}"#)
    let member = try #require(text.root.members.first { $0.isNamed("a/b") })
    #expect(String(decoding: text.bytes[member.keyRange], as: UTF8.self) == #""a/b""#)
  }

  @Test func givesNilForWhatAValueIsNot() throws {
    let root = try JSONText(parsing: #"["a", 1, true, 1.5, 1e2, 99999999999999999999]"#).root
    #expect(root[0]?.number == nil && root[0]?.bool == nil)
    #expect(root[1]?.string == nil && root[1]?.integer == 1)
    #expect(root[2]?.bool == true && root[2]?.integer == nil)
    #expect(root[3]?.integer == nil && root[4]?.integer == 100 && root[5]?.integer == nil)
    #expect(root[6] == nil && root[-1] == nil && root["a"] == nil)
  }

  @Test func comparesWhatTextsMean() throws {
    let equal = [
      (#"{"a": 1, "b": [1.0, "é"]}"#, #"{ "b" : [1, "\u00e9"], "a": 10e-1 }"#), ("[]", "[ ]"), ("-0", "0.0"),
    ]
    for (one, other) in equal {
      #expect(try JSONText(parsing: one).root.isEqual(to: JSONText(parsing: other).root))
      #expect(try JSONText(parsing: one) != JSONText(parsing: other))
    }
    for (one, other) in [
      ("[1, 2]", "[2, 1]"), (#"{"a": 1}"#, #"{"a": 1, "b": 1}"#), (#"{"a": 1}"#, #"{"b": 1}"#), ("1", "\"1\""),
    ] {
      #expect(try !JSONText(parsing: one).root.isEqual(to: JSONText(parsing: other).root))
    }
  }

  @Test func comparesAsTheValuesDo() throws {
    for seed in UInt64(0)..<300 {
      var maker = RandomJSON(seed: seed)
      let one = maker.value()
      let other = maker.below(2) == 0 ? maker.mutated(one) : one
      let nodes = (try JSONText(parsing: maker.text(of: one)).root, try JSONText(parsing: maker.text(of: other)).root)
      #expect(nodes.0.isEqual(to: nodes.1) == (one == other), "seed \(seed)")
      #expect((one.canonicalBytes == other.canonicalBytes) == (one == other), "seed \(seed)")
      if one == other { #expect(one.hashValue == other.hashValue, "seed \(seed)") }
    }
  }
}
