/// Internet addresses as texts, by RFC 3986, section 3.2.2.
enum InternetAddress {
  /// `192.0.2.1`: four numbers up to 255 without needless zeros.
  static func isVersion4(_ text: ArraySlice<UInt8>) -> Bool {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        (1...3).contains(part.count) && part.allSatisfy(\.isDigit)
          && (part.count == 1 || part.first != UInt8(ascii: "0"))
          && part.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= 255
      }
  }

  /// `2001:db8::7`: eight groups; one run of zeros may be left out, and the last two may be a version 4 address.
  static func isVersion6(_ text: ArraySlice<UInt8>) -> Bool {
    let fullLength = 8
    guard let gap = gap(in: text) else { return groups(text, mayEndInVersion4: true) == fullLength }
    let before = text[..<gap]
    let after = text[(gap + 2)...]
    guard let left = before.isEmpty ? 0 : groups(before, mayEndInVersion4: false),
      let right = after.isEmpty ? 0 : groups(after, mayEndInVersion4: true)
    else { return false }
    return left + right < fullLength
  }

  /// Where the first `::` is.
  private static func gap(in text: ArraySlice<UInt8>) -> Int? {
    let colon = UInt8(ascii: ":")
    return text.indices.dropLast().first { text[$0] == colon && text[$0 + 1] == colon }
  }

  /// How many groups of 16 bits a text has, or nil when it is not made of them.
  private static func groups(_ text: ArraySlice<UInt8>, mayEndInVersion4: Bool) -> Int? {
    var parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    var count = 0
    if mayEndInVersion4, let last = parts.last, isVersion4(last) {
      parts.removeLast()
      count = 2
    }
    guard parts.allSatisfy({ (1...4).contains($0.count) && $0.allSatisfy(\.isHexDigit) }) else { return nil }
    return count + parts.count
  }
}
