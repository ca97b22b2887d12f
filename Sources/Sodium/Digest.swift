import CSodium

/// BLAKE2b without a key, for what nobody can guess: a long random token is recognized by its digest, and cannot be had
/// from it.
package enum Digest {
  package static let byteCount = 32

  package static func of(_ message: [UInt8]) throws(SodiumError) -> [UInt8] {
    try Library.ensureStarted()
    var digest = [UInt8](repeating: 0, count: byteCount)
    let status = unsafe crypto_generichash(&digest, byteCount, message, UInt64(message.count), nil, 0)
    guard status == 0 else { throw .unavailable("hashing failed") }
    return digest
  }

  /// Whether two digests are the same, in a time that does not depend on how much of them is.
  package static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    return unsafe sodium_memcmp(one, other, one.count) == 0
  }
}
