/// The `Mailbox` of RFC 5321, section 4.1.2, as it is used: `ana@example.com`, `"a b"@example.com`, `ana@[192.0.2.1]`.
enum EmailFormat {
  static let maximumLocalLength = 64
  static let maximumDomainLength = 255
  static let maximumLabelLength = 63

  static func accepts(_ text: ArraySlice<UInt8>) -> Bool {
    guard let at = text.lastIndex(of: UInt8(ascii: "@")) else { return false }
    let local = text[..<at]
    let domain = text[(at + 1)...]
    return (1...maximumLocalLength).contains(local.count) && (1...maximumDomainLength).contains(domain.count)
      && (isQuoted(local) || isDotted(local, part: isAtom)) && (isLiteral(domain) || isDotted(domain, part: isLabel))
  }

  private static func isDotted(_ text: ArraySlice<UInt8>, part: (ArraySlice<UInt8>) -> Bool) -> Bool {
    text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy(part)
  }

  private static func isAtom(_ text: ArraySlice<UInt8>) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isLetter || $0.isDigit || "!#$%&'*+-/=?^_`{|}~".utf8.contains($0) }
  }

  private static func isLabel(_ text: ArraySlice<UInt8>) -> Bool {
    let hyphen = UInt8(ascii: "-")
    return (1...maximumLabelLength).contains(text.count) && text.first != hyphen && text.last != hyphen
      && text.allSatisfy { $0.isLetter || $0.isDigit || $0 == hyphen }
  }

  /// Printable ASCII in quotes, where a backslash stands before a quote or a backslash.
  private static func isQuoted(_ text: ArraySlice<UInt8>) -> Bool {
    let quote = UInt8(ascii: "\"")
    guard text.count >= 2, text.first == quote, text.last == quote else { return false }
    var rest = text.dropFirst().dropLast()
    while var byte = rest.popFirst() {
      if byte == quote { return false }
      if byte == UInt8(ascii: "\\") {
        guard let escaped = rest.popFirst() else { return false }
        byte = escaped
      }
      guard (0x20...0x7E).contains(byte) else { return false }
    }
    return true
  }

  private static func isLiteral(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]") else { return false }
    let address = text.dropFirst().dropLast()
    let prefix = "IPv6:".utf8
    return address.starts(with: prefix)
      ? InternetAddress.isVersion6(address.dropFirst(prefix.count)) : InternetAddress.isVersion4(address)
  }
}
