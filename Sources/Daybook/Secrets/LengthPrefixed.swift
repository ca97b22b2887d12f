/// A list of texts as one message, each preceded by its length in bytes as four bytes, most significant first, so that no
/// two lists share a message.
enum LengthPrefixed {
  static func bytes(of texts: [String]) -> [UInt8] {
    var message: [UInt8] = []
    for text in texts {
      let length = UInt32(text.utf8.count)
      message += (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) }
      message += text.utf8
    }
    return message
  }
}
