import Documents

/// Order-preserving bytes for JSON values: comparing two encodings byte by byte compares the values.
///
/// Each value is a tag and a body that ends itself, so that encodings can be put one behind the other:
///
/// | tag | value | body |
/// | --- | --- | --- |
/// | 1 | null, or the member is absent | |
/// | 2, 3 | false, true | |
/// | 4, 5, 6 | a negative number, zero, a positive number | exponent (4 bytes, biased), decimal digits + 1, 0; a negative one's complemented |
/// | 7 | a string | its UTF-8 bytes, 0 spelt as 0 255, then 0 0; cut at `Limits.indexedStringBytes` |
///
/// Numbers keep their digits, `Limits.indexedStringBytes` at most: 9007199254740993 and 9007199254740992 are two values. Objects and arrays are not
/// indexed and count as absent.
enum IndexKey {
  private static let null: UInt8 = 1
  private static let negative: UInt8 = 4
  private static let string: UInt8 = 7
  private static let exponentBias = 1 << 31

  /// Appends the value; answers false when it was cut, so that equal keys need not be equal values.
  @discardableResult
  static func append(_ value: JSONNode?, to key: inout [UInt8]) -> Bool {
    switch value?.kind {
    case .bool: key.append(value?.bool == true ? 3 : 2)
    case .number: return value?.number.map { append($0, to: &key) } ?? true
    case .string: return append(string: value?.string ?? "", to: &key)
    default: key.append(null)
    }
    return true
  }

  /// The same for a value that a query names.
  @discardableResult
  static func append(_ value: JSONValue, to key: inout [UInt8]) -> Bool {
    switch value {
    case .bool(let value): key.append(value ? 3 : 2)
    case .number(let number): return append(number, to: &key)
    case .string(let text): return append(string: text, to: &key)
    case .null, .array, .object: key.append(null)
    }
    return true
  }

  /// The bytes that all strings with this prefix begin with.
  static func appendStringPrefix(_ prefix: String, to key: inout [UInt8]) {
    key.append(string)
    for byte in prefix.utf8.prefix(Limits.indexedStringBytes) { appendEscaped(byte, to: &key) }
  }

  /// Where the values end that begin at `start`; nil when the bytes are no such values.
  static func end(ofValues count: Int, in key: [UInt8], from start: Int) -> Int? {
    var place = start
    for _ in 0..<count {
      guard place < key.count else { return nil }
      let tag = key[place]
      place += 1
      switch tag {
      case negative, negative + 2:
        let stop: UInt8 = tag == negative ? 255 : 0
        place += 4
        while place < key.count, key[place] != stop { place += 1 }
        place += 1
      case string:
        while place + 1 < key.count, key[place] != 0 || key[place + 1] == 255 { place += key[place] == 0 ? 2 : 1 }
        place += 2
      default: break
      }
    }
    return place <= key.count ? place : nil
  }

  private static func append(string text: String, to key: inout [UInt8]) -> Bool {
    key.append(string)
    let bytes = text.utf8
    for byte in bytes.prefix(Limits.indexedStringBytes) { appendEscaped(byte, to: &key) }
    key.append(0)
    key.append(0)
    return bytes.count <= Limits.indexedStringBytes
  }

  private static func appendEscaped(_ byte: UInt8, to key: inout [UInt8]) {
    key.append(byte)
    if byte == 0 { key.append(255) }
  }

  private static func append(_ number: JSONNumber, to key: inout [UInt8]) -> Bool {
    let decimal = number.decimal
    guard !decimal.digits.isEmpty else {
      key.append(negative + 1)
      return true
    }
    key.append(decimal.isNegative ? negative : negative + 2)
    let start = key.count
    let exponent = UInt32(clamping: decimal.point + exponentBias)
    for shift in stride(from: 24, through: 0, by: -8) {
      key.append(UInt8(truncatingIfNeeded: exponent >> UInt32(shift)))
    }
    for digit in decimal.digits.prefix(Limits.indexedStringBytes) { key.append(digit + 1) }
    key.append(0)
    if decimal.isNegative {
      for index in start..<key.count { key[index] = ~key[index] }
    }
    return decimal.digits.count <= Limits.indexedStringBytes
  }
}
