import CSodium

/// Argon2id, version 1.3: a key from a passphrase, slow and large on purpose, since whoever guesses pays as much for each
/// guess.
package enum PasswordHash {
  package static let saltByteCount = 16

  /// What making the key takes.
  package struct Cost: Hashable, Sendable {
    /// How often the memory is gone over.
    package var passes: Int
    package var memoryBytes: Int

    package init(passes: Int, memoryBytes: Int) {
      self.passes = passes
      self.memoryBytes = memoryBytes
    }

    /// The library's "moderate": about a second, and 256 MiB.
    package static let moderate = Cost(passes: 3, memoryBytes: 256 << 20)
    /// The least that the library takes: for tests only.
    package static let least = Cost(passes: 1, memoryBytes: 8 << 10)
    /// What a text from elsewhere may ask of this machine at most.
    package static let most = Cost(passes: 16, memoryBytes: 1 << 30)

    /// Whether the library can do it and this machine should.
    package var isAcceptable: Bool {
      (Self.least.passes...Self.most.passes).contains(passes)
        && (Self.least.memoryBytes...Self.most.memoryBytes).contains(memoryBytes)
    }
  }

  /// The one key for this passphrase, salt and cost, which must be acceptable. The caller wipes the passphrase.
  package static func key(from passphrase: [UInt8], salt: [UInt8], cost: Cost) throws(SodiumError) -> SecretKey {
    precondition(salt.count == saltByteCount, "A salt has 16 bytes.")
    precondition(cost.isAcceptable, "The cost of a passphrase's key is checked where it is read.")
    var text = passphrase.map { CChar(bitPattern: $0) }
    let count = text.count
    defer { unsafe sodium_memzero(&text, count) }
    var status: Int32 = -1
    let key = try unsafe SecretKey { output in
      status = unsafe crypto_pwhash(
        output, UInt64(SecretKey.byteCount), text, UInt64(count), salt, UInt64(cost.passes), cost.memoryBytes,
        crypto_pwhash_alg_argon2id13())
    }
    guard status == 0 else {
      throw .unavailable("\(cost.memoryBytes >> 20) MiB of memory are needed to use a passphrase")
    }
    return key
  }
}
