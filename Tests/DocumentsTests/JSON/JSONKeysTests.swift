import Documents
import TestSupport
import Testing

struct JSONKeysTests {
  private func text(of keys: [String]) -> String {
    "{" + keys.map { JSONValue.string($0).compactText + ":0" }.joined(separator: ",") + "}"
  }

  @Test(arguments: [1, 2, 5, 12, 13, 40, 300])
  func findsADuplicateOfAnyKeyInObjectsOfAnySize(count: Int) throws {
    let keys = (0..<count).map { "key number \($0)" }
    #expect(try JSONText(parsing: text(of: keys)).root.count == count)
    for duplicate in stride(from: 0, to: count, by: max(1, count / 20)) {
      let error = try #require(throws: JSONError.self) { try JSONText(parsing: text(of: keys + [keys[duplicate]])) }
      #expect(error.message.contains("twice"))
      #expect(error.position.offset == text(of: keys).utf8.count)
    }
  }

  @Test func tellsKeysApartByTheirBytes() throws {
    #expect(try JSONText(parsing: text(of: ["é", "e\u{301}"])).root.count == 2)
    #expect(throws: JSONError.self) { try JSONText(parsing: #"{"é": 1, "\u00e9": 2}"#) }
    #expect(throws: JSONError.self) { try JSONText(parsing: #"{"": 1, "": 2}"#) }
  }

  /// Keys that agree in length and in their first and last eight bytes all have the same fingerprint.
  @Test func readsManyKeysWithEqualFingerprintsInReasonableTime() throws {
    let keys = (100_000..<130_000).map { "abcdefgh\($0)abcdefgh" }
    let start = ContinuousClock.now
    #expect(try JSONText(parsing: text(of: keys)).root.count == keys.count)
    let took = ContinuousClock.now - start
    #expect(took < .seconds(20), "a quadratic search would take minutes")
    #expect(throws: JSONError.self) { try JSONText(parsing: text(of: keys + [keys[7]])) }
  }

  @Test func reportsTheFirstKeyThatIsADuplicate() throws {
    let error = try #require(throws: JSONError.self) {
      try JSONText(parsing: #"{"b": 1, "a": 2, "b": 3, "a": 4}"#)
    }
    #expect(error.position.column == 18)
  }
}
