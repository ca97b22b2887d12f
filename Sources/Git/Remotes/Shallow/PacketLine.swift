/// How client and server frame what they say: four hexadecimal digits for the length of a line, themselves included, and
/// the line; `0000` in place of one ends a section.
enum PacketLine: Equatable {
  case text(ArraySlice<UInt8>)
  case flush

  static let lengthDigits = 4
  /// Longer than any that there can be.
  static let longest = 1 << 16

  /// What bytes begin with.
  enum Beginning: Equatable {
    case whole(PacketLine, rest: ArraySlice<UInt8>)
    /// More is to come.
    case part
    /// None of those.
    case other
  }

  static func beginning(of bytes: ArraySlice<UInt8>) -> Beginning {
    guard bytes.count >= lengthDigits else { return .part }
    let digits = bytes.prefix(lengthDigits)
    guard let length = Int(String(decoding: digits, as: UTF8.self), radix: 16), digits.first != UInt8(ascii: "-"),
      digits.first != UInt8(ascii: "+")
    else { return .other }
    if length == 0 { return .whole(.flush, rest: bytes.dropFirst(lengthDigits)) }
    guard length >= lengthDigits else { return .other }
    guard bytes.count >= length else { return .part }
    return .whole(.text(bytes.prefix(length).dropFirst(lengthDigits)), rest: bytes.dropFirst(length))
  }

  /// The line as it is sent.
  static func bytes(_ text: String) -> [UInt8] {
    let length = String(text.utf8.count + lengthDigits, radix: 16)
    return Array((String(repeating: "0", count: lengthDigits - length.count) + length + text).utf8)
  }
}
