/// Plain fields, one behind the other: integers as 7 bits a byte with the low ones first, and bytes with their count
/// before them.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  init(reserving capacity: Int = 0) {
    bytes.reserveCapacity(capacity)
  }

  mutating func write(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func write(_ field: [UInt8]) {
    write(UInt64(field.count))
    bytes.append(contentsOf: field)
  }

  mutating func write(_ text: String) {
    write(UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }
}

/// Reads what `ByteWriter` wrote; throws when it is cut short.
struct ByteReader {
  struct CutShort: Error {}

  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func number() throws(CutShort) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while let byte = rest.popFirst() {
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
      if shift > 63 { break }
    }
    throw CutShort()
  }

  mutating func field() throws(CutShort) -> [UInt8] {
    let count = try number()
    guard count <= UInt64(rest.count) else { throw CutShort() }
    let field = Array(rest.prefix(Int(count)))
    rest = rest.dropFirst(Int(count))
    return field
  }

  mutating func text() throws(CutShort) -> String {
    String(decoding: try field(), as: UTF8.self)
  }
}
