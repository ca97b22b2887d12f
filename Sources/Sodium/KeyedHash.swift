import CSodium

/// BLAKE2b keyed with a secret key: a name for it, or another key derived from it.
package enum KeyedHash {
  /// How long a hash may be.
  package static let byteCounts = 16...64

  /// Bytes that only a holder of the key can work out, as many as `byteCounts` allows.
  package static func hash(_ message: [UInt8], with key: SecretKey, byteCount: Int) throws(SodiumError) -> [UInt8] {
    precondition(byteCounts.contains(byteCount), "A keyed hash has 16 to 64 bytes.")
    var output = [UInt8](repeating: 0, count: byteCount)
    let status = unsafe key.withBytes { key in
      unsafe crypto_generichash(&output, byteCount, message, UInt64(message.count), key, SecretKey.byteCount)
    }
    guard status == 0 else { throw .unavailable("hashing failed") }
    return output
  }

  /// The key for one purpose, derived from a key for all: each different message gives an unrelated key.
  package static func derivedKey(_ message: [UInt8], from key: SecretKey) throws(SodiumError) -> SecretKey {
    var status: Int32 = -1
    let derived = try unsafe SecretKey { output in
      status = unsafe key.withBytes { key in
        unsafe crypto_generichash(
          output, SecretKey.byteCount, message, UInt64(message.count), key, SecretKey.byteCount)
      }
    }
    guard status == 0 else { throw .unavailable("deriving a key failed") }
    return derived
  }
}
