import CSodium

/// Authenticated encryption of a few bytes under one key: XSalsa20-Poly1305 with a random 24-byte nonce.
package enum SecretBox {
  package static let nonceByteCount = 24
  /// How much longer a box is than what it holds.
  package static let overheadByteCount = 16

  /// Seals under a nonce of its own, which need not be secret and never repeats in practice.
  package static func seal(_ plaintext: [UInt8], with key: SecretKey) throws(SodiumError) -> (
    nonce: [UInt8], box: [UInt8]
  ) {
    let nonce = try randomBytes(nonceByteCount)
    var box = [UInt8](repeating: 0, count: plaintext.count + overheadByteCount)
    let status = unsafe key.withBytes { key in
      unsafe crypto_secretbox_easy(&box, plaintext, UInt64(plaintext.count), nonce, key)
    }
    guard status == 0 else { throw .unavailable("sealing failed") }
    return (nonce, box)
  }

  /// Throws `.cannotOpen` unless the box was sealed with this key and nonce and is unharmed. The caller wipes the result.
  package static func open(_ box: [UInt8], nonce: [UInt8], with key: SecretKey) throws(SodiumError) -> [UInt8] {
    guard nonce.count == nonceByteCount, box.count >= overheadByteCount else { throw .cannotOpen }
    var plaintext = [UInt8](repeating: 0, count: box.count - overheadByteCount)
    let status = unsafe key.withBytes { key in
      unsafe crypto_secretbox_open_easy(&plaintext, box, UInt64(box.count), nonce, key)
    }
    guard status == 0 else { throw .cannotOpen }
    return plaintext
  }
}
