/// Reads a JSON text into a tape by recursive descent, checking all that RFC 8259 and our own limits ask for.
///
/// The bytes are passed to each method, since a structure cannot keep a span; `at` is the next byte to be looked at.
struct JSONReader {
  let limits: JSONLimits
  var tape: [JSONTapeNode] = []
  var at = 0
  /// The fingerprints of the keys of all objects that are still open, innermost last.
  var fingerprints: [UInt64] = []

  static func read(_ bytes: [UInt8], limits: JSONLimits) throws(JSONFault) -> [JSONTapeNode] {
    guard bytes.count <= limits.maximumBytes else { throw JSONFault(.tooLong(limit: limits.maximumBytes), at: 0) }
    var reader = JSONReader(limits: limits)
    reader.tape.reserveCapacity(bytes.count / bytesForOneNode + 1)
    try reader.readText(bytes.span)
    return reader.tape
  }

  /// What a value takes in usual documents; only a guess for reserving memory.
  private static let bytesForOneNode = 14

  private mutating func readText(_ bytes: Span<UInt8>) throws(JSONFault) {
    skipWhitespace(bytes)
    guard at < bytes.count else { throw JSONFault(.empty, at: at) }
    if at == 0, bytes[0] == 0xEF, bytes.count >= 3, bytes[1] == 0xBB, bytes[2] == 0xBF {
      throw JSONFault(.byteOrderMark, at: 0)
    }
    try readValue(bytes, depth: 0)
    skipWhitespace(bytes)
    guard at == bytes.count else { throw JSONFault(.textAfterValue, at: at) }
  }

  private mutating func readValue(_ bytes: Span<UInt8>, depth: Int) throws(JSONFault) {
    guard tape.count < limits.maximumNodes else { throw JSONFault(.tooMany(limit: limits.maximumNodes), at: at) }
    switch current(bytes) {
    case UInt8(ascii: "\""): try readString(bytes)
    case UInt8(ascii: "{"): try readObject(bytes, depth: depth + 1)
    case UInt8(ascii: "["): try readArray(bytes, depth: depth + 1)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try readNumber(bytes)
    case UInt8(ascii: "t"): try readWord(bytes, 0x65_75_72_74, length: 4, .bool, flagged: true)
    case UInt8(ascii: "f"): try readWord(bytes, 0x65_73_6C_61_66, length: 5, .bool)
    case UInt8(ascii: "n"): try readWord(bytes, 0x6C_6C_75_6E, length: 4, .null)
    default: throw JSONFault(.expectedValue, at: at)
    }
  }

  private mutating func readObject(_ bytes: Span<UInt8>, depth: Int) throws(JSONFault) {
    let object = try open(.object, depth: depth)
    var count = 0
    skipWhitespace(bytes)
    if current(bytes) != UInt8(ascii: "}") {
      while true {
        guard current(bytes) == UInt8(ascii: "\"") else { throw missingKey(bytes, isFirst: count == 0) }
        try readKey(bytes)
        skipWhitespace(bytes)
        guard current(bytes) == UInt8(ascii: ":") else { throw unexpected(.expectedColon, bytes) }
        at += 1
        skipWhitespace(bytes)
        try readValue(bytes, depth: depth)
        count += 1
        skipWhitespace(bytes)
        guard current(bytes) == UInt8(ascii: ",") else { break }
        at += 1
        skipWhitespace(bytes)
      }
      guard current(bytes) == UInt8(ascii: "}") else { throw unexpected(.expectedCommaOrBrace, bytes) }
    }
    close(object, count: count)
    try refuseDuplicateKeys(bytes, of: object, count: count)
  }

  private mutating func readArray(_ bytes: Span<UInt8>, depth: Int) throws(JSONFault) {
    let array = try open(.array, depth: depth)
    var count = 0
    skipWhitespace(bytes)
    if current(bytes) != UInt8(ascii: "]") {
      while true {
        if count > 0, current(bytes) == UInt8(ascii: "]") { throw JSONFault(.commaBeforeBracket, at: at) }
        try readValue(bytes, depth: depth)
        count += 1
        skipWhitespace(bytes)
        guard current(bytes) == UInt8(ascii: ",") else { break }
        at += 1
        skipWhitespace(bytes)
      }
      guard current(bytes) == UInt8(ascii: "]") else { throw unexpected(.expectedCommaOrBracket, bytes) }
    }
    close(array, count: count)
  }

  private mutating func open(_ kind: JSONNode.Kind, depth: Int) throws(JSONFault) -> Int {
    guard depth <= limits.maximumDepth else { throw JSONFault(.tooDeep(limit: limits.maximumDepth), at: at) }
    tape.append(JSONTapeNode(kind, start: at, end: 0, next: 0))
    at += 1
    return tape.count - 1
  }

  private mutating func close(_ container: Int, count: Int) {
    at += 1
    let next = tape.count
    tape[container].close(end: at, next: next, count: count)
  }

  /// Reads `true`, `false` or `null`, given as a little-endian number.
  private mutating func readWord(
    _ bytes: Span<UInt8>, _ word: UInt64, length: Int, _ kind: JSONNode.Kind, flagged: Bool = false
  ) throws(JSONFault) {
    for place in 0..<length {
      guard at + place < bytes.count, bytes[at + place] == UInt8(truncatingIfNeeded: word >> UInt64(8 * place)) else {
        throw JSONFault(.expectedValue, at: at)
      }
    }
    tape.append(JSONTapeNode(kind, start: at, end: at + length, next: tape.count + 1, flagged: flagged))
    at += length
  }

  /// The byte at hand, or 0 at the end of the text, which means nothing in JSON either.
  @inline(__always) func current(_ bytes: Span<UInt8>) -> UInt8 {
    at < bytes.count ? bytes[at] : 0
  }

  @inline(__always) private mutating func skipWhitespace(_ bytes: Span<UInt8>) {
    var next = at
    while next < bytes.count {
      let byte = bytes[next]
      guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { break }
      next += 1
    }
    at = next
  }

  private func unexpected(_ reason: JSONFault.Reason, _ bytes: Span<UInt8>) -> JSONFault {
    JSONFault(at < bytes.count ? reason : .unexpectedEnd, at: at)
  }

  private func missingKey(_ bytes: Span<UInt8>, isFirst: Bool) -> JSONFault {
    let isClosing = !isFirst && current(bytes) == UInt8(ascii: "}")
    return unexpected(isClosing ? .commaBeforeBrace : .expectedKey, bytes)
  }
}
