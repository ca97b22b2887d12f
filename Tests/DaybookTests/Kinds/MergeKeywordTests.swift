import Documents
import Testing

@testable import Daybook

@Suite struct MergeKeywordTests {
  private func kind(_ member: String) throws -> Kind {
    let schema = """
      {"x-daybook": {"collection": "notes"}, "properties": {"a": \(member), "b": {"x-merge": "sum"}}}
      """
    return try Kind(parsing: Array(schema.utf8), fileName: "note.schema.json")
  }

  @Test func theRulesOfAKindSayHowItsMembersAreJoined() throws {
    let rules = try kind(#"{"items": {"properties": {"n": {"x-merge": "max"}}}}"#).mergeRules
    func side(_ n: Int, _ b: Int, at time: Int64) -> Ranked<JSONValue?> {
      let value: JSONValue = ["a": [["id": "x", "n": .number(JSONNumber(n))]], "b": .number(JSONNumber(b))]
      return Ranked(value, at: Timestamp(milliseconds: time), name: "")
    }
    let merge = JSONMerge(
      base: side(0, 0, at: 0).value, one: side(2, 1, at: 2), other: side(3, 1, at: 1), rules: rules)
    #expect(merge.value == ["a": [["id": "x", "n": 3]], "b": 2] && merge.collisions.isEmpty)
  }

  @Test(arguments: [
    (#"{"x-merge": "newest"}"#, "the member /a has \"x-merge\": \"newest\", which is none of \"latest\", \"max\""),
    (#"{"x-merge": true}"#, "\"x-merge\": true"), (#"{"items": {"x-merge": ["max"]}}"#, "the member /a/[]"),
    (##"{"x-merge": "max", "properties": {"a": {"$ref": "#/properties/a"}}}"##, "refers to itself"),
  ])
  func aBrokenRuleIsRefusedWithItsPlace(member: String, words: String) {
    let error = #expect(throws: StoreError.self) { try kind(member) }
    #expect(error?.code == .invalid)
    #expect(error?.message.hasPrefix("schemas/note.schema.json:1:") == true, "\(error?.message ?? "")")
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }
}
