/// The name of a Git object: the SHA-1 of its header and content, 20 bytes.
///
/// Kept as three integers in big-endian order, so that comparing and hashing one costs a few instructions and `<` is
/// the order of the bytes.
package struct ObjectID: Hashable, Comparable, Sendable {
  package static let byteCount = 20
  package static let zero = ObjectID(high: 0, middle: 0, low: 0)

  let high: UInt64
  let middle: UInt64
  let low: UInt32

  init(high: UInt64, middle: UInt64, low: UInt32) {
    self.high = high
    self.middle = middle
    self.low = low
  }

  /// Reads 20 bytes that begin at `offset`.
  package init(_ bytes: Span<UInt8>, at offset: Int = 0) {
    let id = bytes.extracting(offset..<offset + Self.byteCount)
    self = unsafe id.withUnsafeBytes { raw in
      unsafe ObjectID(
        high: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
        middle: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
        low: UInt32(bigEndian: raw.loadUnaligned(fromByteOffset: 16, as: UInt32.self)))
    }
  }

  package init(_ bytes: [UInt8], at offset: Int = 0) {
    self.init(bytes.span, at: offset)
  }

  /// The id that 40 hexadecimal digits spell; nil for anything else.
  package init?(hex: some StringProtocol) {
    var bytes: [UInt8] = []
    var half: UInt8?
    for character in hex.utf8 {
      guard let digit = Self.value(ofDigit: character) else { return nil }
      if let first = half {
        bytes.append(first << 4 | digit)
        half = nil
      } else {
        half = digit
      }
    }
    guard half == nil, bytes.count == Self.byteCount else { return nil }
    self.init(bytes)
  }

  /// All ids that begin with these hexadecimal digits; nil for anything else, or for none or too many of them.
  package static func range(beginning digits: String) -> ClosedRange<ObjectID>? {
    let missing = 2 * byteCount - digits.utf8.count
    guard missing >= 0, missing < 2 * byteCount,
      let lowest = ObjectID(hex: digits + String(repeating: "0", count: missing)),
      let highest = ObjectID(hex: digits + String(repeating: "f", count: missing))
    else { return nil }
    return lowest...highest
  }

  package var bytes: [UInt8] {
    var result: [UInt8] = []
    append(to: &result)
    return result
  }

  package func append(to bytes: inout [UInt8]) {
    unsafe withUnsafeBytes(of: (high.bigEndian, middle.bigEndian, low.bigEndian)) { raw in
      unsafe bytes.append(contentsOf: raw.prefix(Self.byteCount))
    }
  }

  /// Writes the 20 bytes over those at a place.
  func write(to bytes: inout [UInt8], at offset: Int) {
    precondition(offset >= 0 && offset + Self.byteCount <= bytes.count, "An id is written over 20 bytes.")
    unsafe bytes.withUnsafeMutableBytes { raw in
      unsafe raw.storeBytes(of: high.bigEndian, toByteOffset: offset, as: UInt64.self)
      unsafe raw.storeBytes(of: middle.bigEndian, toByteOffset: offset + 8, as: UInt64.self)
      unsafe raw.storeBytes(of: low.bigEndian, toByteOffset: offset + 16, as: UInt32.self)
    }
  }

  /// The 40 lower-case hexadecimal digits.
  package var hex: String { String(decoding: hexBytes, as: UTF8.self) }

  var hexBytes: [UInt8] {
    let digits: [16 of UInt8] = [48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 97, 98, 99, 100, 101, 102]
    var result: [UInt8] = []
    result.reserveCapacity(2 * Self.byteCount)
    for byte in bytes {
      result.append(digits[Int(byte >> 4)])
      result.append(digits[Int(byte & 15)])
    }
    return result
  }

  /// The first eight bytes as a number: as good a hash as any.
  package var prefix: UInt64 { high }

  /// The first digits, enough for people.
  package var short: String { String(hex.prefix(10)) }

  package static func < (left: ObjectID, right: ObjectID) -> Bool {
    (left.high, left.middle, left.low) < (right.high, right.middle, right.low)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(high)
  }

  private static func value(ofDigit character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension ObjectID: CustomStringConvertible {
  package var description: String { hex }
}
