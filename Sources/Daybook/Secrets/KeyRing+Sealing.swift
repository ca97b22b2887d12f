import Sodium

/// Sealing and opening one value. The plaintext is the value's canonical JSON, padded so that its exact length does not
/// show, in a secret box under the key of its place.
extension KeyRing {
  /// Plaintexts are padded to a multiple of this: most API keys come out alike.
  static let paddingBlockBytes = 32

  /// Seals with the active key, under a nonce never used before.
  func seal(_ plaintext: [UInt8], at place: FieldPlace) throws(SealingError) -> Envelope {
    guard let key = active else { throw .noActiveKey }
    do {
      var padded = plaintext
      try Padding.pad(&padded, toBlocksOf: Self.paddingBlockBytes)
      defer { wipe(&padded) }
      let (nonce, box) = try SecretBox.seal(padded, with: KeyedHash.derivedKey(place.message, from: key.secret))
      return Envelope(keyID: key.id, nonce: nonce, box: box)
    } catch {
      throw .sodium(error)
    }
  }

  /// The plaintext of an envelope, if it was sealed for this very place. The caller wipes it.
  func open(_ envelope: Envelope, at place: FieldPlace) throws(SealingError) -> [UInt8] {
    guard let key = self[envelope.keyID] else { throw .unknownKey(envelope.keyID) }
    do {
      let derived = try KeyedHash.derivedKey(place.message, from: key.secret)
      var plaintext = try SecretBox.open(envelope.box, nonce: envelope.nonce, with: derived)
      try Padding.unpad(&plaintext, fromBlocksOf: Self.paddingBlockBytes)
      return plaintext
    } catch .cannotOpen {
      throw .doesNotOpen
    } catch {
      throw .sodium(error)
    }
  }
}

/// Why a value cannot be sealed or opened. Nothing of the value, its nonce or its box is in it.
enum SealingError: Error, Hashable {
  /// The ring has no key that seals.
  case noActiveKey
  /// The ring lacks the key that the value was sealed with.
  case unknownKey(KeyID)
  /// Sealed for another place, or damaged.
  case doesNotOpen
  /// The library below failed.
  case sodium(SodiumError)
}
