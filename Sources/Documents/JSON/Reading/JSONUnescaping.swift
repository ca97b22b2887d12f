extension JSONText.Storage {
  /// The bytes that the inside of a string with escapes means.
  func unescaped(_ range: Range<Int>) -> [UInt8] {
    let text = bytes
    return text.span.unescaped(range)
  }
}

extension Span<UInt8> {
  /// The bytes that the inside of a string means. The text has been read, so its escapes are known to be good.
  func unescaped(_ range: Range<Int>) -> [UInt8] {
    var content: [UInt8] = []
    content.reserveCapacity(range.count)
    var next = range.lowerBound
    while next < range.upperBound {
      guard self[next] == UInt8(ascii: "\\") else {
        content.append(self[next])
        next += 1
        continue
      }
      next = appendEscape(at: next, to: &content)
    }
    return content
  }

  private func appendEscape(at backslash: Int, to content: inout [UInt8]) -> Int {
    switch self[backslash + 1] {
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "u"):
      let (scalar, end) = scalar(ofEscapeAt: backslash)
      content.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      return end
    case let literal: content.append(literal)
    }
    return backslash + 2
  }

  private func scalar(ofEscapeAt backslash: Int) -> (Unicode.Scalar, end: Int) {
    let first = codeUnit(ofEscapeAt: backslash) ?? 0
    guard UTF16.isLeadSurrogate(first), let second = codeUnit(ofEscapeAt: backslash + 6) else {
      return (Unicode.Scalar(first) ?? "\u{FFFD}", backslash + 6)
    }
    let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
    return (Unicode.Scalar(value) ?? "\u{FFFD}", backslash + 12)
  }
}
