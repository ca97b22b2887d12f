import Daybook
import Sodium

/// Short names for keys of any length: a BLAKE2b of the length-prefixed parts, in lower-case letters and digits.
enum KeyDigest {
  /// For threads, which share their collections with those of other users.
  static let threadBytes = 15
  /// For what one thread has.
  static let innerBytes = 10

  private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

  /// - Parameter bytes: a multiple of 5, of which each gives 8 characters for 5.
  static func text(of parts: [String], bytes: Int) throws(StoreError) -> String {
    var message: [UInt8] = []
    for part in parts {
      message += "\(part.utf8.count):".utf8
      message += part.utf8
    }
    do {
      return text(try Digest.of(message).prefix(bytes))
    } catch {
      throw StoreError(.unavailable, "A key could not be hashed.", cause: error)
    }
  }

  private static func text(_ bytes: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    var (word, bits): (UInt, Int) = (0, 0)
    for byte in bytes {
      word = word << 8 | UInt(byte)
      bits += 8
      while bits >= 5 {
        bits -= 5
        text.append(alphabet[Int(word >> bits & 31)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
