/// Base64 as JSON carries bytes: the standard alphabet, with padding (RFC 4648, section 4). Not for keys: its time
/// depends on the bytes.
package enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")
  private static let foreign: UInt8 = 0xFF

  /// What each character stands for.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: foreign, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()

  /// The one text for these bytes.
  package static func encode(_ bytes: [UInt8]) -> String {
    let alphabet = alphabet
    var text = [UInt8](repeating: padding, count: (bytes.count + 2) / 3 * 4)
    var (next, place) = (0, 0)
    while next < bytes.count {
      let count = min(3, bytes.count - next)
      var word = UInt32(bytes[next]) << 16
      if count > 1 { word |= UInt32(bytes[next + 1]) << 8 }
      if count > 2 { word |= UInt32(bytes[next + 2]) }
      for character in 0...count {
        text[place + character] = alphabet[Int(word >> UInt32(18 - 6 * character) & 63)]
      }
      next += 3
      place += 4
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of a text; nil for anything but the one text of some bytes.
  package static func decode(_ text: String) -> [UInt8]? {
    let text = Array(text.utf8)
    guard text.count.isMultiple(of: 4) else { return nil }
    guard !text.isEmpty else { return [] }
    let padded = text.suffix(2).reduce(0) { $0 + ($1 == padding ? 1 : 0) }
    if padded == 2, text[text.count - 2] != padding { return nil }
    let values = values
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    var (word, bits): (UInt32, UInt32) = (0, 0)
    var seen: UInt8 = 0
    for character in text.dropLast(padded) {
      let value = values[Int(character)]
      seen |= value
      word = word << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: word >> bits))
      }
    }
    let rest = word & (1 << bits - 1)
    return seen & 0xC0 == 0 && rest == 0 ? bytes : nil
  }
}
