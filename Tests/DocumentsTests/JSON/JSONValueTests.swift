import Documents
import Testing

struct JSONValueTests {
  @Test func keepsTheOrderOfMembersButComparesWithoutIt() {
    var object: JSONObject = ["b": 1, "a": 2]
    object["c"] = 3
    object["b"] = 4
    #expect(object.keys == ["b", "a", "c"])
    #expect(object == ["a": 2, "c": 3, "b": 4])
    #expect(object.hashValue == (["a": 2, "c": 3, "b": 4] as JSONObject).hashValue)
    object["a"] = nil
    #expect(object.keys == ["b", "c"] && object.count == 2)
    #expect(object != ["b": 4, "d": 3])
  }

  /// The table of large objects must tell the same as the walk over small ones.
  @Test func growsAndShrinksLikeADictionary() {
    var maker = RandomJSON(seed: 11)
    var object = JSONObject()
    var model: [String: Int] = [:]
    for step in 0..<3_000 {
      let key = "k\(maker.below(40))"
      if maker.below(5) < 2 {
        object[key] = nil
        model[key] = nil
      } else {
        object[key] = .number(JSONNumber(step))
        model[key] = step
      }
      #expect(object.count == model.count)
      #expect(object[key]?.integer == model[key])
    }
    for (key, value) in object { #expect(model[key] == value.integer) }
  }

  @Test func tellsStringsApartByTheirScalars() {
    #expect("é" == "e\u{301}")
    #expect(JSONValue.string("é") != .string("e\u{301}"))
    let object: JSONObject = ["é": 1, "e\u{301}": 2]
    #expect(object["é"] == 1 && object["e\u{301}"] == 2)
    #expect(JSONPointer(["é"]) != JSONPointer(["e\u{301}"]))
  }

  @Test func findsWhatAPointerLeadsTo() throws {
    let value: JSONValue = ["a": [1, ["b": nil]]]
    #expect(value[try JSONPointer(parsing: "/a/1/b")] == .null)
    #expect(value[try JSONPointer(parsing: "/a/2")] == nil)
    #expect(value.depth == 3 && JSONValue.null.depth == 0 && ([] as JSONValue).depth == 1)
  }

  @Test func writesDocumentsAsTheyAreKept() {
    let value: JSONValue = ["name": "é\n\u{1}", "list": [1, [], ["x": true]], "none": nil, "empty": [:], "ratio": 0.5]
    #expect(
      JSONText(formatting: value).description == """
        {
          "name": "é\\n\\u0001",
          "list": [
            1,
            [],
            {
              "x": true
            }
          ],
          "none": null,
          "empty": {},
          "ratio": 0.5
        }

        """)
    #expect(value.compactText == #"{"name":"é\n\u0001","list":[1,[],{"x":true}],"none":null,"empty":{},"ratio":0.5}"#)
  }

  @Test func readsBackWhatItWrote() throws {
    for seed in UInt64(0)..<500 {
      var maker = RandomJSON(seed: seed)
      let value = maker.value(depth: 4)
      for text in [
        JSONText(formatting: value), try JSONText(parsing: value.compactText),
        try JSONText(parsing: maker.text(of: value)),
      ] {
        #expect(text.root.value == value, "seed \(seed)")
        #expect(text.root.value.compactText == value.compactText, "seed \(seed): order and numbers are kept")
      }
    }
  }

  @Test func hasOneCanonicalFormForEqualValues() {
    let one: JSONValue = ["b": .number(JSONNumber("1.50e1") ?? JSONNumber(0)), "a": ["z": 1, "é": 2]]
    #expect(String(decoding: one.canonicalBytes, as: UTF8.self) == #"{"a":{"z":1,"é":2},"b":15}"#)
    let texts = ["1e21": "1e21", "1e19": "10000000000000000000", "-0.00120": "-1.2e-3", "0e5": "0", "123.5": "1.235e2"]
    for (text, canonical) in texts {
      #expect(
        JSONNumber(text).map { String(decoding: JSONValue.number($0).canonicalBytes, as: UTF8.self) } == canonical)
    }
  }
}
