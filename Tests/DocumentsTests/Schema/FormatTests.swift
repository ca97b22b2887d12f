import Testing

@testable import Documents

/// What the official suite leaves open.
@Suite struct FormatTests {
  private func accepts(_ format: Format, _ text: String) -> Bool { format.accepts(Array(text.utf8)[...]) }

  @Test(arguments: [
    ("2024-02-29T00:00:00Z", true), ("2023-02-29T00:00:00Z", false), ("1900-02-29T00:00:00Z", false),
    ("2000-02-29T00:00:00Z", true), ("2024-00-01T00:00:00Z", false), ("2024-13-01T00:00:00Z", false),
    ("2024-01-01T24:00:00Z", false), ("2024-01-01T00:60:00Z", false), ("2024-01-01T00:00:00.Z", false),
    ("2024-01-01T00:00:00", false), ("2024-01-01 00:00:00Z", false), ("2024-01-01T00:00:00+24:00", false),
    ("2024-01-01T05:29:60+05:30", true), ("2024-01-01T05:29:60-05:30", false), ("2024-01-01T00:00:00Z ", false),
    ("", false),
  ])
  func knowsDatesAndTimes(text: String, isValid: Bool) {
    #expect(accepts(.dateTime, text) == isValid)
  }

  @Test(arguments: [
    ("a:", true), ("http://", true), ("http:///path", true), ("http://[::1]:80/", true), ("http://[v1.a:b]/", true),
    ("http://[::1", false), ("http://[12345::]", false), ("http://a:b/", false), ("http://a/%4", false),
    ("http://a/[x]", false), ("1http://a", false), ("http://ü/", false), ("http://a/?q=#f#g", false), ("", false),
    ("http://[1::2::3]/", false), ("http://[1:2:3:4:5:6:1.2.3.4]/", true), ("http://[1:2:3:4:5:6:7::]/", true),
    ("http://[1:2:3:4:5:6:7:8::]/", false), ("http://[:1:2:3:4:5:6:7]/", false),
  ])
  func knowsURIs(text: String, isValid: Bool) {
    #expect(accepts(.uri, text) == isValid)
  }

  @Test(arguments: [
    ("a@b", true), ("a@-b.com", false), ("a@b-.com", false), ("a@b..com", false), ("@b", false), ("a@", false),
    ("a b@c", false), ("\"a\\\"b\"@c", true), ("\"a\"b\"@c", false), ("\"a\\\"@c", false), ("ü@example.com", false),
    ("a@[1.2.3]", false), ("a@[IPv6:1::]", true), ("a@[::1]", false),
  ])
  func knowsEmailAddresses(text: String, isValid: Bool) {
    #expect(accepts(.email, text) == isValid)
  }

  @Test func boundsTheLengthsOfAnEmailAddress() {
    let label = String(repeating: "a", count: 63)
    #expect(accepts(.email, String(repeating: "a", count: 64) + "@b"))
    #expect(!accepts(.email, String(repeating: "a", count: 65) + "@b"))
    #expect(accepts(.email, "a@" + [label, label, label, label].joined(separator: ".")))
    #expect(!accepts(.email, "a@" + [label, label, label, label, "b"].joined(separator: ".")))
    #expect(!accepts(.email, "a@a" + label))
  }
}
