import CSodium

/// HMAC with SHA-256 (RFC 2104): what only a holder of the key can make for a message.
package enum MessageCode {
  package static let byteCount = 32

  package static func code(for message: [UInt8], with key: SecretKey) throws(SodiumError) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: byteCount)
    let status = unsafe key.withBytes { key in
      unsafe crypto_auth_hmacsha256(&code, message, UInt64(message.count), key)
    }
    guard status == 0 else { throw .unavailable("hashing failed") }
    return code
  }

  /// Whether a code was made for this message with this key, in a time that does not depend on how much of it is right.
  package static func isCode(_ code: [UInt8], for message: [UInt8], with key: SecretKey) -> Bool {
    guard code.count == byteCount else { return false }
    let status = unsafe key.withBytes { key in
      unsafe crypto_auth_hmacsha256_verify(code, message, UInt64(message.count), key)
    }
    return status == 0
  }
}
