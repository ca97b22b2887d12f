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
      let (scalar, end) = escapedScalar(at: next)
      content.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      next = end
    }
    return content
  }

  /// What an escape means, and where it ends.
  func escapedScalar(at backslash: Int) -> (Unicode.Scalar, end: Int) {
    switch self[backslash + 1] {
    case UInt8(ascii: "b"): ("\u{08}", backslash + 2)
    case UInt8(ascii: "f"): ("\u{0C}", backslash + 2)
    case UInt8(ascii: "n"): ("\n", backslash + 2)
    case UInt8(ascii: "r"): ("\r", backslash + 2)
    case UInt8(ascii: "t"): ("\t", backslash + 2)
    case UInt8(ascii: "u"): scalar(ofEscapeAt: backslash)
    case let literal: (Unicode.Scalar(literal), backslash + 2)
    }
  }

  private func scalar(ofEscapeAt backslash: Int) -> (Unicode.Scalar, end: Int) {
    let first = codeUnit(ofEscapeAt: backslash) ?? 0
    guard UTF16.isLeadSurrogate(first), let second = codeUnit(ofEscapeAt: backslash + 6) else {
      return (Unicode.Scalar(first) ?? "\u{FFFD}", backslash + 6)
    }
    let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
    return (Unicode.Scalar(value) ?? "\u{FFFD}", backslash + 12)
  }

  /// The scalar whose encoding begins at a place, and where that ends. The text is known to be UTF-8.
  func scalar(at place: Int) -> (Unicode.Scalar, end: Int) {
    let first = self[place]
    let count = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    var value = count == 1 ? UInt32(first) : UInt32(first & (0x7F >> UInt8(count)))
    for offset in 1..<count { value = value << 6 | UInt32(self[place + offset] & 0x3F) }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", place + count)
  }
}
