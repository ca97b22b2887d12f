import Documents
import TestSupport
import Testing

@Suite struct JSONMergeTests {
  private func value(_ text: String) throws -> JSONValue { try JSONText(parsing: text).root.value }

  @Test(arguments: [
    (#"{"a":1,"b":2}"#, #"{"a":3,"b":2}"#, #"{"a":1,"b":4}"#, #"{"a":3,"b":4}"#),
    (#"{"a":{"x":1,"y":1}}"#, #"{"a":{"x":2,"y":1}}"#, #"{"a":{"x":1}}"#, #"{"a":{"x":2}}"#),
    (#"{"a":1}"#, #"{"a":1,"b":1}"#, #"{"a":1,"c":1}"#, #"{"a":1,"b":1,"c":1}"#),
    (#"{"a":1}"#, #"{"a":2}"#, #"{"a":2}"#, #"{"a":2}"#),
    (
      #"[{"id":1,"n":0},{"id":2,"n":0}]"#, #"[{"id":1,"n":1},{"id":2,"n":0}]"#, #"[{"id":2,"n":2},{"id":3,"n":3}]"#,
      #"[{"id":1,"n":1},{"id":2,"n":2},{"id":3,"n":3}]"#
    ),
    (
      #"[{"id":1}]"#, #"[{"id":1},{"id":2}]"#, #"[{"id":1},{"id":3}]"#, #"[{"id":1},{"id":2},{"id":3}]"#
    ),
    (
      #"[{"id":1},{"id":2}]"#, #"[{"id":1,"n":1},{"id":2}]"#, #"[{"id":2},{"id":1}]"#, #"[{"id":2},{"id":1,"n":1}]"#
    ),
    (#"{"a":[1]}"#, #"{"a":[1,2]}"#, #"{"a":[1]}"#, #"{"a":[1,2]}"#),
    (#"{"a":[1,2]}"#, #"{"a":[1,2,3]}"#, #"{"a":[0,1,2]}"#, #"{"a":[0,1,2,3]}"#),
    (#"[{"id":1}]"#, #"[{"id":1},{"id":2}]"#, #"[{"id":0},{"id":1}]"#, #"[{"id":0},{"id":1},{"id":2}]"#),
  ])
  func bothSidesChangesAreThere(base: String, ours: String, theirs: String, expected: String) throws {
    let merge = JSONMerge(base: try value(base), ours: try value(ours), theirs: try value(theirs))
    #expect(merge.value == (try value(expected)))
  }

  @Test func whatCollidesStaysAsOursAndIsTold() throws {
    let merge = JSONMerge(
      base: try value(#"{"a":1,"b":{"c":[1]},"d":0}"#), ours: try value(#"{"a":2,"b":{"c":[1,2]}}"#),
      theirs: try value(#"{"a":3,"b":{"c":[3]},"d":1}"#))
    #expect(merge.value == (try value(#"{"a":2,"b":{"c":[1,2]},"d":1}"#)))
    #expect(merge.collisions.map(\.pointer.description) == ["/a", "/b/c", "/d"])
    let collision = try #require(merge.collisions.first)
    #expect(collision.base == 1 && collision.kept == 2 && collision.lost == 3 && collision.keptSide == .first)
  }

  @Test func whereOursDeletedWhatTheirsChangedTheCollisionSaysThatTheirsWasKept() throws {
    let merge = JSONMerge(base: try value(#"{"a":1}"#), ours: [:], theirs: try value(#"{"a":2}"#))
    #expect(merge.value == ["a": 2])
    let collision = try #require(merge.collisions.first)
    #expect(collision.kept == 2 && collision.lost == nil && collision.keptSide == .second)
  }

  /// A collision tells two things that a person can choose between, and the first of them is what stands there.
  @Test func aListThatCollidesIsToldAsItStandsAndAsItWouldBeTheOtherWay() throws {
    let merge = JSONMerge(
      base: try value(#"{"a":[1,2,3,4]}"#), ours: try value(#"{"a":[1,5,3,4]}"#),
      theirs: try value(#"{"a":[0,1,6,3,4,7]}"#))
    let collision = try #require(merge.collisions.first)
    #expect(merge.collisions.count == 1 && collision.pointer.description == "/a")
    #expect(merge.value?["a"] == [0, 1, 5, 3, 4, 7] && collision.kept == merge.value?["a"])
    #expect(collision.lost == [0, 1, 6, 3, 4, 7])
  }

  @Test func aSealedValueIsOneThing() throws {
    func profile(_ envelope: String, _ model: String) -> JSONValue {
      ["api_key": .string(envelope), "model": .string(model)]
    }
    let merge = JSONMerge(
      base: profile("sealed:1:k:n0:aaaa", "m"), ours: profile("sealed:1:k:n1:aaab", "m"),
      theirs: profile("sealed:1:k:n2:aaaa", "n"))
    #expect(merge.value == profile("sealed:1:k:n1:aaab", "n"))
    #expect(merge.collisions.map(\.pointer.description) == ["/api_key"])
    #expect(merge.collisions.first?.lost == "sealed:1:k:n2:aaaa")
  }

  /// Each side's change is in the outcome, or told as a collision; a side that changed nothing gives the other side.
  @Test(arguments: 0..<300) func nothingThatChangedIsLost(seed: Int) throws {
    var random = RepeatableRandom(seed: UInt64(seed))
    func object(_ depth: Int) -> JSONValue {
      var object: JSONObject = [:]
      for name in ["a", "b", "c"] where Bool.random(using: &random) {
        object[name] =
          depth > 0 && Bool.random(using: &random)
          ? nested(depth - 1) : .number(JSONNumber(Int.random(in: 0..<3, using: &random)))
      }
      return .object(object)
    }
    func nested(_ depth: Int) -> JSONValue { object(depth) }
    let (base, ours, theirs) = (object(2), object(2), object(2))
    let merge = JSONMerge(base: base, ours: ours, theirs: theirs)
    #expect(JSONMerge(base: base, ours: base, theirs: theirs).value == theirs)
    #expect(JSONMerge(base: base, ours: ours, theirs: base).value == ours)
    #expect(JSONMerge(base: base, ours: ours, theirs: ours).collisions == [])
    let other = JSONMerge(base: base, ours: theirs, theirs: ours)
    #expect(Set(merge.collisions.map(\.pointer.description)) == Set(other.collisions.map(\.pointer.description)))
    if merge.collisions.isEmpty { #expect(merge.value == other.value) }
  }
}
