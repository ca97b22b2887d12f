import Documents
import Testing

struct JSONDiffTests {
  private func words(_ old: JSONValue, _ new: JSONValue) -> [String] { JSONDiff.between(old, new).map(\.words) }

  @Test func namesWhatChanged() {
    let old: JSONValue = ["model": "gpt-4o", "temperature": 0.2, "proxy": "x", "limits": ["tokens": 1]]
    let new: JSONValue = ["model": "gpt-4o", "temperature": 0.7, "limits": ["tokens": 2], "description": "fast"]
    #expect(
      words(old, new) == ["temperature 0.2 → 0.7", "- proxy", "limits/tokens 1 → 2", #"+ description "fast""#])
    #expect(words(old, old) == [] && words(1, 2) == ["document 1 → 2"] && words(1, 1.0) == [])
  }

  @Test func matchesElementsByTheirIDs() {
    let old: JSONValue = [["id": "a", "n": 1], ["id": "b", "n": 2], ["id": "c", "n": 3]]
    let new: JSONValue = [["id": "c", "n": 3], ["id": "a", "n": 5], ["id": "d"]]
    let changes = JSONDiff.between(old, new)
    #expect(changes.map(\.words) == ["c moved", "a/n 1 → 5", #"+ d {"id":"d"}"#, "- b"])
    #expect(changes.map(\.pointer.description) == ["/0", "/1/n", "/2", "/1"])
    #expect(changes[2].id == "d" && changes[3].id == "b")
  }

  @Test func matchesOtherElementsByALongestCommonSubsequence() {
    #expect(words([1, 2, 3, 4, 5], [1, 3, 4, 6, 5]) == ["- 1", "+ 3 6"])
    #expect(words(["a", "b", "c"], ["a", "x", "c"]) == [#"1 "b" → "x""#])
    #expect(words([["n": 1], ["n": 2]], [["n": 1], ["n": 3]]) == ["1/n 2 → 3"])
    #expect(words([["id": "a"], ["id": "a"]], [["id": "a"]]) == ["- 1"], "ids that repeat do not count")
  }

  @Test func matchesByPositionWhereTheTableWouldBeTooLarge() {
    let old = JSONValue.array((0..<2_000).map { .number(JSONNumber($0)) })
    let new = JSONValue.array((1..<2_001).reversed().map { .number(JSONNumber($0)) })
    #expect(JSONDiff.between(old, new).count > 1_900)
  }

  @Test func cutsLongValuesAndNeverBreaksTheLine() {
    let long = JSONValue.string(String(repeating: "word ", count: 100))
    let text = words(["a": "x"], ["a": long])[0]
    #expect(text.hasPrefix(#"a "x" → "word word"#) && text.hasSuffix("…\""))
    #expect(text.count <= JSONValue.longestShortText + 12)
    #expect(words([:], ["a\nb": "c\nd"]) == [#"+ a\nb "c\nd""#])
    let deep = JSONValue.object([String(repeating: "k", count: 200): 1])
    #expect(words([:], deep)[0].count < 80)
  }

  @Test func hidesSealedValues() {
    let sealed = JSONValue.string("sealed:1:key:nonce:box")
    #expect(words(["k": sealed], ["k": "sealed:1:key:other:box"]) == ["k ‹sealed› → ‹sealed›"])
    #expect(words([:], ["p": ["k": sealed]]) == [#"+ p {"k":"‹sealed›"}"#])
  }

  /// Applying what a diff says leads from one value to the other.
  @Test func tellsAllDifferences() throws {
    for seed in UInt64(0)..<800 {
      var maker = RandomJSON(seed: seed)
      let old = JSONValue.object(maker.object(depth: 4))
      let new = maker.mutated(maker.mutated(old))
      let changes = JSONDiff.between(old, new)
      #expect(changes.isEmpty == (old == new), "seed \(seed)")
      for change in changes {
        if change.kind != .removed { #expect(new[change.pointer] == change.new, "seed \(seed) \(change)") }
        if change.kind == .removed { #expect(old[change.pointer] == change.old, "seed \(seed) \(change)") }
        #expect(change.kind == .moved || change.old != change.new, "seed \(seed)")
        #expect(!change.words.contains("\n"), "seed \(seed)")
      }
    }
  }
}
