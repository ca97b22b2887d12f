/// Writes HTML. Markup can only be a literal, and text is always escaped, so that nothing that comes from elsewhere can become
/// markup.
struct HTMLWriter {
  private(set) var bytes: [UInt8] = []

  mutating func markup(_ markup: StaticString) {
    bytes += String(describing: markup).utf8
  }

  mutating func text(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "<"): bytes += "&lt;".utf8
      case UInt8(ascii: ">"): bytes += "&gt;".utf8
      case UInt8(ascii: "&"): bytes += "&amp;".utf8
      case UInt8(ascii: "\""): bytes += "&quot;".utf8
      default: bytes.append(byte)
      }
    }
  }

  /// A text within an element that needs no attributes.
  mutating func element(_ opening: StaticString, _ text: String, _ closing: StaticString) {
    markup(opening)
    self.text(text)
    markup(closing)
  }
}
