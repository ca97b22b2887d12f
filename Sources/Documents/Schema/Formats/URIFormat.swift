/// The `URI` of RFC 3986, section 3: with a scheme, so no relative reference.
///
///     scheme ":" [ "//" authority ] path [ "?" query ] [ "#" fragment ]
enum URIFormat {
  static func accepts(_ text: ArraySlice<UInt8>) -> Bool {
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")), isScheme(text[..<colon]) else { return false }
    let (beforeFragment, fragment) = split(text[(colon + 1)...], at: "#")
    let (hierarchy, query) = split(beforeFragment, at: "?")
    guard consists(fragment ?? [], of: "/?:@"), consists(query ?? [], of: "/?:@") else { return false }
    guard hierarchy.starts(with: "//".utf8) else { return consists(hierarchy, of: "/:@") }
    let afterSlashes = hierarchy.dropFirst(2)
    let authority = afterSlashes.prefix { $0 != UInt8(ascii: "/") }
    return isAuthority(authority) && consists(afterSlashes.dropFirst(authority.count), of: "/:@")
  }

  private static func isScheme(_ text: ArraySlice<UInt8>) -> Bool {
    guard let first = text.first, first.isLetter else { return false }
    return text.allSatisfy { $0.isLetter || $0.isDigit || "+-.".utf8.contains($0) }
  }

  private static func isAuthority(_ text: ArraySlice<UInt8>) -> Bool {
    var host = text
    if let at = text.lastIndex(of: UInt8(ascii: "@")) {
      guard consists(text[..<at], of: ":") else { return false }
      host = text[(at + 1)...]
    }
    if host.first == UInt8(ascii: "[") {
      guard let bracket = host.firstIndex(of: UInt8(ascii: "]")) else { return false }
      return isPort(host[(bracket + 1)...]) && isLiteral(host[(host.startIndex + 1)..<bracket])
    }
    let (name, port) = split(host, at: ":")
    return consists(name, of: "") && (port ?? []).allSatisfy(\.isDigit)
  }

  private static func isPort(_ text: ArraySlice<UInt8>) -> Bool {
    text.isEmpty || (text.first == UInt8(ascii: ":") && text.dropFirst().allSatisfy(\.isDigit))
  }

  /// What stands in brackets: an IPv6 address, or `v1.anything` for a version to come.
  private static func isLiteral(_ text: ArraySlice<UInt8>) -> Bool {
    guard let first = text.first, first | 0x20 == UInt8(ascii: "v") else { return InternetAddress.isVersion6(text) }
    let (version, address) = split(text.dropFirst(), at: ".")
    guard let address, !address.isEmpty, !version.isEmpty, version.allSatisfy(\.isHexDigit) else { return false }
    return !address.contains(UInt8(ascii: "%")) && consists(address, of: ":")
  }

  /// Whether a text holds only unreserved characters, sub-delimiters, percent-encoded bytes and these others.
  private static func consists(_ text: ArraySlice<UInt8>, of others: String) -> Bool {
    var rest = text
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        guard let high = rest.popFirst(), high.isHexDigit, let low = rest.popFirst(), low.isHexDigit else {
          return false
        }
      } else if !(byte.isLetter || byte.isDigit || "-._~!$&'()*+,;=".utf8.contains(byte) || others.utf8.contains(byte))
      {
        return false
      }
    }
    return true
  }

  private static func split(
    _ text: ArraySlice<UInt8>, at mark: Unicode.Scalar
  ) -> (before: ArraySlice<UInt8>, after: ArraySlice<UInt8>?) {
    guard let place = text.firstIndex(of: UInt8(ascii: mark)) else { return (text, nil) }
    return (text[..<place], text[(place + 1)...])
  }
}
