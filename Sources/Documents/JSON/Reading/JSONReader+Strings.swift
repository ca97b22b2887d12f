extension JSONReader {
  mutating func readString(_ bytes: Span<UInt8>) throws(JSONFault) {
    let start = at
    let hasEscapes = try skipString(bytes)
    tape.append(JSONTapeNode(.string, start: start, end: at, next: tape.count + 1, flagged: hasEscapes))
  }

  /// Moves past a string, quotes included, and says whether it holds escapes.
  @inline(__always) mutating func skipString(_ bytes: Span<UInt8>) throws(JSONFault) -> Bool {
    var next = at + 1
    var hasEscapes = false
    while true {
      next = bytes.offsetOfSpecialByte(from: next)
      guard next < bytes.count else { throw JSONFault(.unfinishedString, at: at) }
      switch bytes[next] {
      case UInt8(ascii: "\""):
        at = next + 1
        return hasEscapes
      case UInt8(ascii: "\\"):
        hasEscapes = true
        next = try endOfEscape(bytes, at: next)
      case 0..<0x20:
        throw JSONFault(.controlCharacter, at: next)
      default:
        next = try endOfScalar(bytes, at: next)
      }
    }
  }

  private func endOfEscape(_ bytes: Span<UInt8>, at backslash: Int) throws(JSONFault) -> Int {
    guard backslash + 1 < bytes.count else { throw JSONFault(.unfinishedString, at: at) }
    switch bytes[backslash + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return backslash + 2
    case UInt8(ascii: "u"):
      return try endOfUnicodeEscape(bytes, at: backslash)
    default:
      throw JSONFault(.unknownEscape, at: backslash)
    }
  }

  private func endOfUnicodeEscape(_ bytes: Span<UInt8>, at backslash: Int) throws(JSONFault) -> Int {
    guard let unit = bytes.codeUnit(ofEscapeAt: backslash) else { throw JSONFault(.badUnicodeEscape, at: backslash) }
    if UTF16.isTrailSurrogate(unit) { throw JSONFault(.loneSurrogate, at: backslash) }
    guard UTF16.isLeadSurrogate(unit) else { return backslash + escapeLength }
    guard let second = bytes.codeUnit(ofEscapeAt: backslash + escapeLength), UTF16.isTrailSurrogate(second) else {
      throw JSONFault(.loneSurrogate, at: backslash)
    }
    return backslash + 2 * escapeLength
  }

  /// Checks one scalar outside ASCII by the table of well-formed sequences (Unicode 16, table 3-7).
  private func endOfScalar(_ bytes: Span<UInt8>, at first: Int) throws(JSONFault) -> Int {
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch bytes[first] {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    case 0xF1...0xF3: length = 4
    default: throw JSONFault(.notUTF8, at: first)
    }
    guard first + length <= bytes.count, second.contains(bytes[first + 1]) else { throw JSONFault(.notUTF8, at: first) }
    for place in first + 2..<max(first + length, first + 2) where bytes[place] & 0b1100_0000 != 0b1000_0000 {
      throw JSONFault(.notUTF8, at: first)
    }
    return first + length
  }
}

/// `\uXXXX`
private let escapeLength = 6

extension Span<UInt8> {
  /// The first byte at or after `offset` that needs a look inside a string: a quote, a backslash, a control
  /// character or one outside ASCII. Looks at eight bytes at a time.
  @inline(__always) func offsetOfSpecialByte(from offset: Int) -> Int {
    var next = offset
    while next &+ 8 <= count {
      let word = word(at: next)
      let quotes = (word ^ 0x2222_2222_2222_2222) &- 0x0101_0101_0101_0101
      let backslashes = (word ^ 0x5C5C_5C5C_5C5C_5C5C) &- 0x0101_0101_0101_0101
      let controls = word &- 0x2020_2020_2020_2020
      // The top bit of each byte now tells. A borrow can only mislead above the first byte that is truly special.
      let special = (quotes | backslashes | controls | word) & 0x8080_8080_8080_8080
      if special != 0 { return next &+ special.trailingZeroBitCount >> 3 }
      next &+= 8
    }
    while next < count, self[next] < 0x80, self[next] >= 0x20, self[next] != 0x22, self[next] != 0x5C { next += 1 }
    return next
  }

  /// Eight bytes as a little-endian number. The compiler makes one load of this, as the check comes first.
  @inline(__always) func word(at offset: Int) -> UInt64 {
    let bytes = extracting(offset..<offset &+ 8)
    return UInt64(bytes[0]) | UInt64(bytes[1]) << 8 | UInt64(bytes[2]) << 16 | UInt64(bytes[3]) << 24
      | UInt64(bytes[4]) << 32 | UInt64(bytes[5]) << 40 | UInt64(bytes[6]) << 48 | UInt64(bytes[7]) << 56
  }

  /// The UTF-16 unit that `\uXXXX` at `offset` means, or nil if there is no such escape.
  func codeUnit(ofEscapeAt offset: Int) -> UInt16? {
    guard offset + escapeLength <= count, self[offset] == UInt8(ascii: "\\"), self[offset + 1] == UInt8(ascii: "u")
    else {
      return nil
    }
    var unit: UInt16 = 0
    for place in offset + 2..<offset + escapeLength {
      guard let digit = hexadecimalDigit(self[place]) else { return nil }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }
}

/// The value of a hexadecimal digit in either case.
func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
