import CSodium

/// Base64 in the alphabet for URLs, without padding (RFC 4648, section 5), in a time that does not depend on the bytes.
/// Text is taken and given as ASCII bytes, since a key must not pass through a `String`, which cannot be wiped.
package enum Base64URL {
  /// The one text for these bytes.
  package static func encode(_ bytes: [UInt8]) -> [UInt8] {
    let textCount = (bytes.count * 8 + 5) / 6
    // The library ends its text with a zero byte.
    var text = [CChar](repeating: 0, count: textCount + 1)
    let capacity = text.count
    _ = unsafe sodium_bin2base64(&text, capacity, bytes, bytes.count, sodium_base64_VARIANT_URLSAFE_NO_PADDING)
    defer { unsafe sodium_memzero(&text, capacity) }
    return text.dropLast().map { UInt8(bitPattern: $0) }
  }

  /// The bytes of a text, or nil for anything but the one text of some bytes: padding, spaces, other characters, and
  /// bits left over that are not zero.
  package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    var text = text.map { CChar(bitPattern: $0) }
    let textCount = text.count
    defer { unsafe sodium_memzero(&text, textCount) }
    var bytes = [UInt8](repeating: 0, count: textCount * 6 / 8)
    let capacity = bytes.count
    var count = 0
    let status = unsafe sodium_base642bin(
      &bytes, capacity, text, textCount, nil, &count, nil, sodium_base64_VARIANT_URLSAFE_NO_PADDING)
    return status == 0 && count == capacity ? bytes : nil
  }
}
