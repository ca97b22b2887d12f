import Documents
import Testing

/// Changes that are taken back in later versions.
@Suite struct JSONTakingBackTests {
  private func json(_ text: String) throws -> JSONValue { try JSONText(parsing: text).root.value }

  @Test func aChangeTakenBackAtOnceGivesWhatWasBefore() throws {
    var random = RandomJSON(seed: 5)
    for round in 0..<300 {
      let (before, after) = (random.value(), random.value())
      let reversal = JSONMerge(takingBack: (from: before, to: after), in: after)
      #expect(reversal.value == before && reversal.collisions.isEmpty, "round \(round)")
      let again = JSONMerge(takingBack: (from: before, to: after), in: before)
      #expect(again.value == before && again.collisions.isEmpty, "round \(round)")
    }
  }

  @Test(arguments: [
    (#"{"a": 1}"#, #"{"a": 2}"#, #"{"a": 2, "b": 3}"#, #"{"a": 1, "b": 3}"#),
    (#"{"a": 1}"#, #"{"a": 1, "b": 2}"#, #"{"a": 5, "b": 2}"#, #"{"a": 5}"#),
    (#"{"a": 1, "b": 2}"#, #"{"a": 1}"#, #"{"a": 5}"#, #"{"a": 5, "b": 2}"#),
    (#"{"o": {"a": 1}}"#, #"{"o": {"a": 2}}"#, #"{"o": {"a": 2, "x": 0}}"#, #"{"o": {"a": 1, "x": 0}}"#),
    (#"[{"id": 1}]"#, #"[{"id": 1}, {"id": 2}]"#, #"[{"id": 1}, {"id": 2}, {"id": 3}]"#, #"[{"id": 1}, {"id": 3}]"#),
    (#"[{"id": 1}, {"id": 2}]"#, #"[{"id": 1}]"#, #"[{"id": 1}, {"id": 3}]"#, #"[{"id": 1}, {"id": 2}, {"id": 3}]"#),
    (
      #"[{"id": 1}, {"id": 2}]"#, #"[{"id": 2}, {"id": 1}]"#, #"[{"id": 2}, {"id": 1, "n": 5}]"#,
      #"[{"id": 1, "n": 5}, {"id": 2}]"#
    ),
    (
      #"[{"id": 1, "n": 1}]"#, #"[{"id": 1, "n": 2}]"#, #"[{"id": 0}, {"id": 1, "n": 2}]"#,
      #"[{"id": 0}, {"id": 1, "n": 1}]"#
    ),
    (#"{"tags": ["a"]}"#, #"{"tags": ["a", "b"]}"#, #"{"tags": ["a", "b"], "n": 1}"#, #"{"tags": ["a"], "n": 1}"#),
  ])
  func whatHappenedToOtherMembersStays(before: String, after: String, current: String, expected: String) throws {
    let reversal = JSONMerge(takingBack: (from: try json(before), to: try json(after)), in: try json(current))
    #expect(reversal.value == (try json(expected)))
    #expect(reversal.collisions == [])
  }

  @Test(arguments: [
    (#"{"a": 1, "b": 1}"#, #"{"a": 2, "b": 2}"#, #"{"a": 3, "b": 2}"#, ["/a"]),
    (#"{"a": 1}"#, #"{"a": 1, "b": {"c": 1}}"#, #"{"a": 1, "b": {"c": 2}}"#, ["/b"]),
    (#"{"a": 1, "b": 2}"#, #"{"a": 1}"#, #"{"a": 1, "b": 3}"#, ["/b"]),
    (#"{"tags": ["a"]}"#, #"{"tags": ["a", "b"]}"#, #"{"tags": ["b"]}"#, ["/tags"]),
    (#"[{"id": 1, "n": 1}]"#, #"[{"id": 1, "n": 2}]"#, #"[{"id": 0}, {"id": 1, "n": 3}]"#, ["/1/n"]),
    (#"[{"id": 1, "n": 1}]"#, #"[{"id": 1, "n": 2}]"#, "[]", ["/0"]),
    ("1", "2", "3", [""]),
  ])
  func aMemberThatWasChangedAgainIsAConflictAndKeepsItsValue(
    before: String, after: String, current: String, conflicts: [String]
  ) throws {
    let reversal = JSONMerge(takingBack: (from: try json(before), to: try json(after)), in: try json(current))
    #expect(reversal.collisions.map(\.pointer.description) == conflicts)
    for pointer in reversal.collisions.map(\.pointer) where (try json(current))[pointer] != nil {
      #expect(reversal.value?[pointer] == (try json(current))[pointer])
    }
  }
}
