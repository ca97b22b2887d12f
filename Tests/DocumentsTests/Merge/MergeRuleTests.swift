import Documents
import Testing

/// What `x-merge` makes of a member that both sides changed.
@Suite struct MergeRuleTests {
  private static let schema = #"""
    {"properties": {
      "status": {"x-merge": "latest"}, "count": {"x-merge": "sum"}, "seen": {"x-merge": "max"},
      "tags": {"x-merge": "union"}, "plan": {"x-merge": "manual"},
      "steps": {"items": {"properties": {"n": {"x-merge": "sum"}}}},
      "stats": {"additionalProperties": {"x-merge": "sum"}}
    }}
    """#

  private func json(_ text: String) throws -> JSONValue { try JSONText(parsing: text).root.value }

  /// The second text is the later side's.
  private func merge(_ base: String, _ later: String, _ earlier: String) throws -> JSONMerge {
    let members = try Schema(compiling: JSONText(parsing: Self.schema)).members(where: "x-merge")
    let rules = try members.map { path in
      (path: path, rule: try #require(path.value.string.flatMap(MergeRule.init(rawValue:))))
    }
    let one = Ranked(try json(later) as JSONValue?, at: Timestamp(milliseconds: 2), name: "")
    let other = Ranked(try json(earlier) as JSONValue?, at: Timestamp(milliseconds: 1), name: "")
    let merge = JSONMerge(base: try json(base), one: one, other: other, rules: MergeRules(rules))
    let mirrored = JSONMerge(base: try json(base), one: other, other: one, rules: MergeRules(rules))
    #expect(merge.value?.compactText == mirrored.value?.compactText && merge.collisions == mirrored.collisions)
    return merge
  }

  @Test(arguments: [
    (#"{"status":"a"}"#, #"{"status":"b"}"#, #"{"status":"c"}"#, #"{"status":"b"}"#),
    (#"{"status":"a"}"#, #"{}"#, #"{"status":"c"}"#, #"{"status":"c"}"#),  // a deletion gives way to a change
    (#"{"status":{"a":0}}"#, #"{"status":{"a":1}}"#, #"{"status":{"b":1}}"#, #"{"status":{"a":1}}"#),
    (#"{"count":4}"#, #"{"count":6,"x":1}"#, #"{"count":6}"#, #"{"count":8,"x":1}"#),
    (#"{"count":4}"#, #"{"count":3}"#, #"{"count":9}"#, #"{"count":8}"#),
    (#"{}"#, #"{"count":2}"#, #"{"count":1}"#, #"{"count":3}"#),
    (#"{"count":0.1}"#, #"{"count":0.3}"#, #"{"count":0.2}"#, #"{"count":0.4}"#),
    (#"{"seen":4}"#, #"{"seen":5}"#, #"{"seen":6.5}"#, #"{"seen":6.5}"#),
    (
      #"{"seen":"2026-11-21T06:00:00Z"}"#, #"{"seen":"2026-11-21T07:00:00Z"}"#,
      #"{"seen":"2026-11-21T09:30:00+02:00"}"#,
      #"{"seen":"2026-11-21T09:30:00+02:00"}"#
    ),
    (#"{"tags":["a","b"]}"#, #"{"tags":["c","b"]}"#, #"{"tags":["a","b","d","c"]}"#, #"{"tags":["c","b","d"]}"#),
    (#"{}"#, #"{"tags":["a"]}"#, #"{"tags":["b","a"]}"#, #"{"tags":["a","b"]}"#),
    (
      #"{"steps":[{"id":1,"n":1}]}"#, #"{"steps":[{"id":1,"n":2}]}"#, #"{"x":1,"steps":[{"id":1,"n":2}]}"#,
      #"{"steps":[{"id":1,"n":3}],"x":1}"#
    ),
    (#"{"stats":{"in":1}}"#, #"{"stats":{"in":2}}"#, #"{"x":1,"stats":{"in":2}}"#, #"{"stats":{"in":3},"x":1}"#),
  ])
  func changesCombineAsTheRuleSays(base: String, later: String, earlier: String, expected: String) throws {
    let merge = try merge(base, later, earlier)
    #expect(merge.value?.compactText == (try json(expected)).compactText)
    #expect(merge.collisions == [])
  }

  @Test(arguments: [
    (#"{"plan":{"a":0}}"#, #"{"plan":{"a":1}}"#, #"{"plan":{"a":0,"b":1}}"#, #"{"plan":{"a":1}}"#),
    (#"{"count":4}"#, #"{"count":"5"}"#, #"{"count":6}"#, #"{"count":"5"}"#),
    (#"{"count":1}"#, #"{"count":1e999999}"#, #"{"count":2}"#, #"{"count":1e999999}"#),
    (#"{"seen":4}"#, #"{"seen":null}"#, #"{"seen":6}"#, #"{"seen":null}"#),
    (#"{"tags":["a"]}"#, #"{"tags":"b"}"#, #"{"tags":[]}"#, #"{"tags":"b"}"#),
    (#"{"count":4}"#, #"{}"#, #"{"count":6}"#, #"{"count":6}"#),
  ])
  func whatTheRuleIsNotForCollides(base: String, later: String, earlier: String, expected: String) throws {
    let merge = try merge(base, later, earlier)
    #expect(merge.value?.compactText == (try json(expected)).compactText)
    #expect(merge.collisions.count == 1)
  }

  @Test func equalDocumentsAreOneChangeWhoseCountsCountOnce() throws {
    #expect(try merge(#"{"count":1}"#, #"{"count":2}"#, #"{"count":2}"#).value == ["count": 2])
  }
}
