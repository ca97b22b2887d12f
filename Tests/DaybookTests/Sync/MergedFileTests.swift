import Documents
import TestSupport
import Testing

@testable import Daybook

/// Single files as the stock client has them merged. What Git makes of it show the tests of the command.
struct MergedFileTests {
  private let temporary: TemporaryStore
  private let driver: MergeDriver

  init() throws {
    temporary = try TemporaryStore(kinds: SampleKinds.all)
    driver = MergeDriver(ofStoreAt: temporary.path)
  }

  private func merge(
    _ base: String, _ ours: String, _ theirs: String, at path: String = "notes/a.json"
  ) throws -> (text: String, hasConflicts: Bool) {
    let outcome = try driver.merge(
      base: Array(base.utf8), ours: Array(ours.utf8), theirs: Array(theirs.utf8), at: path)
    return (String(decoding: outcome.bytes, as: UTF8.self), outcome.hasConflicts)
  }

  /// A text with markers as it is when one side is taken each time.
  private func taking(ours: Bool, from text: String) throws -> JSONValue {
    var lines: [Substring] = []
    var (isInOurs, isInTheirs) = (false, false)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("<<<<<<< ours") {
        isInOurs = true
      } else if line.hasPrefix("=======") {
        (isInOurs, isInTheirs) = (false, true)
      } else if line.hasPrefix(">>>>>>> theirs") {
        isInTheirs = false
      } else if !(ours ? isInTheirs : isInOurs) {
        lines.append(line)
      }
    }
    return try JSONText(parsing: lines.joined(separator: "\n")).root.value
  }

  private static func lines(_ members: String...) -> String { "{\n  \(members.joined(separator: ",\n  "))\n}\n" }

  @Test func eachSideBetweenTheMarkersIsADocumentByItself() throws {
    let cases = [
      (Self.lines("\"a\": 1", "\"b\": 1"), Self.lines("\"a\": 2", "\"b\": 2"), Self.lines("\"a\": 3", "\"b\": 3")),
      (Self.lines("\"a\": 1", "\"b\": 1", "\"c\": 1"), Self.lines("\"c\": 2"), Self.lines("\"a\": 2", "\"b\": 2")),
      (Self.lines("\"a\": 1"), Self.lines("\"a\": {\"x\": 1}"), Self.lines("\"a\": [1]")),
      ("", Self.lines("\"a\": 1", "\"b\": 1"), Self.lines("\"a\": 2", "\"c\": 1")),
      (
        Self.lines("\"l\": [{\"id\": 1, \"n\": 1}, {\"id\": 2, \"n\": 1}, {\"id\": 3, \"n\": 1}]"),
        Self.lines("\"l\": [{\"id\": 2, \"n\": 2}, {\"id\": 3, \"n\": 2}]"),
        Self.lines("\"l\": [{\"id\": 1, \"n\": 2}, {\"id\": 3, \"n\": 3}]")
      ),
      ("{}", "{\"a\":1}", "{\"a\":2}"),
    ]
    for (base, ours, theirs) in cases {
      let (text, hasConflicts) = try merge(base, ours, theirs)
      #expect(hasConflicts && text.contains("<<<<<<< ours"))
      let before = base.isEmpty ? JSONValue?.none : try JSONText(parsing: base).root.value
      let (one, other) = (try JSONText(parsing: ours).root.value, try JSONText(parsing: theirs).root.value)
      #expect(throws: JSONError.self) { try JSONText(parsing: text) }
      let (mine, yours) = (try taking(ours: true, from: text), try taking(ours: false, from: text))
      #expect(mine != yours)
      // Whoever takes one side has joined both, with that side's values where they collide.
      for (taken, side) in [(mine, one), (yours, other)] {
        let again = JSONMerge(base: before, ours: side, theirs: taken)
        #expect(again.collisions.isEmpty && again.value == taken, "\(text)")
      }
    }
  }

  @Test func segmentsAreAUnionAlsoWhereOneItemCollides() throws {
    let path = "threads/t/events/000001.json"
    let (text, hasConflicts) = try merge(
      "[\n  {\"id\": \"1\", \"n\": 1}\n]\n", "[\n  {\"id\": \"1\", \"n\": 2},\n  {\"id\": \"2\"}\n]\n",
      "[\n  {\"id\": \"1\", \"n\": 3},\n  {\"id\": \"3\"}\n]\n", at: path)
    #expect(hasConflicts)
    #expect(
      text == """
        [
        <<<<<<< ours
          {"id": "1", "n": 2},
        =======
          {"id": "1", "n": 3},
        >>>>>>> theirs
          {"id": "2"},
          {
            "id": "3"
          }
        ]

        """)
  }

  @Test func theManifestTakesTheNewestVersions() throws {
    let (text, hasConflicts) = try merge(
      #"{"format": 1, "versions": {"a": 1}}"#, #"{"format": 1, "versions": {"a": 3}}"#,
      #"{"format": 1, "versions": {"a": 2, "b": 1}}"#, at: "daybook.json")
    #expect(!hasConflicts)
    #expect(try JSONText(parsing: text).root["versions"]?.value == ["a": 3, "b": 1])
  }

  @Test func aFileInNoCollectionIsJoinedByItsMembers() throws {
    let (text, hasConflicts) = try merge(#"{"a":1,"b":1}"#, #"{"a":2,"b":1}"#, #"{"a":1,"b":2}"#, at: "tools/x.json")
    #expect(text == #"{"a":2,"b":2}"# && !hasConflicts)
    let (markdown, isOpen) = try merge("a\nb\nc\n", "a\nb\nd\n", "e\nb\nc\n", at: "README.md")
    #expect(markdown == "e\nb\nd\n" && !isOpen)
  }

  @Test func aSideThatIsEmptyIsNoDocument() throws {
    let (text, hasConflicts) = try merge("{}\n", "", "{\"a\": 1}\n")
    #expect(hasConflicts && text.contains(">>>>>>> theirs"))
  }
}
