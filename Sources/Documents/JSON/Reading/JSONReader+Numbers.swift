extension JSONReader {
  mutating func readNumber(_ bytes: Span<UInt8>) throws(JSONFault) {
    let start = at
    at = try Self.endOfNumber(bytes, at: start)
    tape.append(JSONTapeNode(.number, start: start, end: at, next: tape.count + 1))
  }

  /// Where the number that begins at `start` ends. Its length and exponent are bounded, so that exact arithmetic on it
  /// stays cheap.
  static func endOfNumber(_ bytes: Span<UInt8>, at start: Int) throws(JSONFault) -> Int {
    var next = start
    if next < bytes.count, bytes[next] == UInt8(ascii: "-") { next += 1 }
    let integer = next
    next = try endOfDigits(bytes, at: next)
    if bytes[integer] == UInt8(ascii: "0"), next - integer > 1 { throw JSONFault(.leadingZero, at: integer) }
    if next < bytes.count, bytes[next] == UInt8(ascii: ".") {
      next = try endOfDigits(bytes, at: next + 1)
    }
    if next < bytes.count, bytes[next] | 0x20 == UInt8(ascii: "e") {
      next = try endOfExponent(bytes, at: next + 1)
    }
    guard next - start <= JSONNumber.maximumLength else { throw JSONFault(.numberTooLong, at: start) }
    return next
  }

  private static func endOfExponent(_ bytes: Span<UInt8>, at start: Int) throws(JSONFault) -> Int {
    var next = start
    if next < bytes.count, bytes[next] == UInt8(ascii: "+") || bytes[next] == UInt8(ascii: "-") { next += 1 }
    let digits = next
    next = try endOfDigits(bytes, at: next)
    var magnitude = 0
    for place in digits..<next {
      magnitude = magnitude * 10 + Int(bytes[place] - UInt8(ascii: "0"))
      guard magnitude <= JSONNumber.maximumExponent else { throw JSONFault(.exponentTooLarge, at: start) }
    }
    return next
  }

  @inline(__always) private static func endOfDigits(_ bytes: Span<UInt8>, at start: Int) throws(JSONFault) -> Int {
    var next = start
    while next < bytes.count, bytes[next] &- UInt8(ascii: "0") < 10 { next += 1 }
    guard next > start else { throw JSONFault(.expectedDigit, at: start) }
    return next
  }
}
