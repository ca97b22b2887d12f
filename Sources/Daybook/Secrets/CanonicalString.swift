import Documents

extension JSONText {
  /// The one JSON text of a string (RFC 8785): what must be escaped is, in its shortest form; nothing else is.
  static func canonicalBytes(of string: String) -> [UInt8] {
    var bytes: [UInt8] = []
    // Growing would leave copies of a secret behind in freed memory: every byte may take six.
    bytes.reserveCapacity(string.utf8.count * 6 + 2)
    bytes.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes += #"\""#.utf8
      case UInt8(ascii: "\\"): bytes += #"\\"#.utf8
      case 0x08: bytes += #"\b"#.utf8
      case 0x09: bytes += #"\t"#.utf8
      case 0x0A: bytes += #"\n"#.utf8
      case 0x0C: bytes += #"\f"#.utf8
      case 0x0D: bytes += #"\r"#.utf8
      case 0..<0x20: bytes += byte < 0x10 ? "\\u000".utf8 : "\\u001".utf8; bytes.append(hexadecimalDigit(byte & 0xF))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
    return bytes
  }

  private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
