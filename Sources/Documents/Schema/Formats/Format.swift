/// A `format` that is checked; all others are only remarks.
enum Format: String, Sendable {
  case dateTime = "date-time"
  case uri
  case email
  case uuid

  /// Whether a text of valid UTF-8 has the format.
  func accepts(_ text: ArraySlice<UInt8>) -> Bool {
    switch self {
    case .dateTime: DateTimeFormat.accepts(text)
    case .uri: URIFormat.accepts(text)
    case .email: EmailFormat.accepts(text)
    case .uuid: Self.isUUID(text)
    }
  }

  /// What a text of the format looks like, to be said to a person.
  var example: String {
    switch self {
    case .dateTime: "a date and time such as 2026-11-21T08:30:00Z"
    case .uri: "a URI such as https://example.com/feed"
    case .email: "an e-mail address such as ana@example.com"
    case .uuid: "a UUID such as 018f3c1e-7a2b-7c4d-9e5f-0a1b2c3d4e5f"
    }
  }

  /// RFC 4122: hexadecimal digits of either case in groups of 8, 4, 4, 4 and 12.
  private static func isUUID(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.count == 36 else { return false }
    return zip(0..., text).allSatisfy { place, byte in
      switch place {
      case 8, 13, 18, 23: byte == UInt8(ascii: "-")
      default: byte.isHexDigit
      }
    }
  }
}

/// Whether applying `format` can make a document invalid.
package enum FormatPolicy: Sendable {
  /// `date-time`, `uri`, `email` and `uuid` are checked.
  case asserted
  /// Formats are remarks, as the specification has it for schemas that do not ask for more.
  case annotated
}

extension UInt8 {
  var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
  var isLetter: Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= self | 0x20 }
  var isHexDigit: Bool { isDigit || UInt8(ascii: "a")...UInt8(ascii: "f") ~= self | 0x20 }
}
