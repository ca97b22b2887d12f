import Documents
import Testing

@Suite struct SchemaSuiteTests {
  /// The number of tests in the version that is fetched; fewer would mean that some were not found.
  private static let requiredTests = 1_000

  @Test func passesAllRequiredTestsOfTheOfficialSuite() throws {
    let suite = try SchemaSuite.shared.get()
    var count = 0
    for file in try suite.requiredFiles() {
      for group in try suite.groups(file) {
        let (tests, failures) = group.failures(suite.remotes, formats: .annotated)
        count += tests
        for failure in failures { Issue.record("\(failure)") }
      }
    }
    #expect(count >= Self.requiredTests)
  }

  @Test(arguments: ["date-time", "email", "uri", "uuid"])
  func passesTheOfficialTestsOfAnAssertedFormat(format: String) throws {
    let suite = try SchemaSuite.shared.get()
    for group in try suite.groups("optional/format/\(format)") {
      let (tests, failures) = group.failures(suite.remotes, formats: .asserted)
      #expect(tests > 0)
      for failure in failures { Issue.record("\(failure)") }
    }
  }

  @Test(arguments: [
    "anchor", "bignum", "dynamicRef", "ecmascript-regex", "float-overflow", "id", "no-schema", "non-bmp-regex",
    "refOfUnknownKeyword", "unknownKeyword",
  ])
  func passesOptionalTestsOfTheOfficialSuite(file: String) throws {
    let suite = try SchemaSuite.shared.get()
    for group in try suite.groups("optional/\(file)") {
      let (tests, failures) = group.failures(suite.remotes, formats: .annotated)
      #expect(tests > 0)
      for failure in failures { Issue.record("\(failure)") }
    }
  }
}
