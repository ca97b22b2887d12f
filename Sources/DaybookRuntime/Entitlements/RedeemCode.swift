import Daybook
import Documents
import Sodium

/// A code as people write it, `7H3KQ-0XW2M-…`: 25 digits and letters, which are 125 random bits. Case, spaces and hyphens
/// do not matter, and letters that look like digits count as these. The store has its digest only.
struct RedeemCode: Equatable {
  /// 25 characters.
  private let characters: String

  /// Crockford's base 32: no I, L, O and U.
  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
  private static let count = 25

  static func random() throws(StoreError) -> RedeemCode {
    let bytes: [UInt8]
    do {
      // A whole number of alphabets fits into a byte, so no character is likelier than another.
      bytes = try randomBytes(count)
    } catch {
      throw StoreError(.unavailable, "A code could not be made.", cause: error)
    }
    return RedeemCode(checked: bytes.map { alphabet[Int($0) % alphabet.count] })
  }

  /// Nil for a text that is no code.
  init?(parsing text: String) {
    guard text.utf8.count <= Self.longest else { return nil }
    var found: [UInt8] = []
    for byte in text.utf8 where byte != UInt8(ascii: "-") && byte != UInt8(ascii: " ") {
      guard let character = Self.read(byte) else { return nil }
      found.append(character)
    }
    guard found.count == Self.count else { return nil }
    self.init(checked: found)
  }

  private init(checked characters: [UInt8]) {
    self.characters = String(decoding: characters, as: UTF8.self)
  }

  private static let longest = 100

  private static func read(_ byte: UInt8) -> UInt8? {
    let upper = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 0x20 : byte
    switch upper {
    case UInt8(ascii: "O"): return UInt8(ascii: "0")
    case UInt8(ascii: "I"), UInt8(ascii: "L"): return UInt8(ascii: "1")
    default: return alphabet.contains(upper) ? upper : nil
    }
  }

  /// In five groups of five.
  var text: String {
    stride(from: 0, to: Self.count, by: 5).map { place in
      String(decoding: Array(characters.utf8)[place..<place + 5], as: UTF8.self)
    }.joined(separator: "-")
  }

  /// The id of its document: the digest, in hexadecimal digits.
  func id() throws(StoreError) -> String {
    do {
      return try Digest.of(Array(characters.utf8)).map { byte in
        let digits = String(byte, radix: 16)
        return digits.utf8.count == 1 ? "0" + digits : digits
      }.joined()
    } catch {
      throw StoreError(.unavailable, "A code could not be worked on.", cause: error)
    }
  }
}
