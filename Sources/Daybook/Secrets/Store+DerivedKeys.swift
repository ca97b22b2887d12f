package import Sodium

/// Keys for purposes outside of documents, such as signing tokens: derived from the data keys of the ring, so that they are
/// never stored, are the same wherever the ring is, and change with its rotation. Their message is a list of
/// length-prefixed texts: `daybook/purpose/1`, store id, purpose.
extension Store {
  /// The id by which the store is told from all others.
  package var id: String { parts.manifest.storeID }

  /// The ids of the data keys that documents may be sealed with; the one that seals now comes first.
  ///
  /// - Throws: `.keyMissing` when this machine has no ring, or no passphrase for it.
  package func dataKeyIDs() throws(StoreError) -> [String] {
    let keys = try dataKeys().filter { $0.state != .retired }
    return (keys.filter { $0.state == .active } + keys.filter { $0.state != .active }).map { "\($0.id)" }
  }

  /// The key for a purpose that a data key gives.
  ///
  /// - Throws: `.keyMissing` when the ring has no such data key.
  package func key(for purpose: String, from dataKeyID: String) throws(StoreError) -> SecretKey {
    guard let dataKey = try dataKeys().first(where: { "\($0.id)" == dataKeyID }) else {
      throw StoreError(.keyMissing, "The key ring has no key '\(dataKeyID)'.")
    }
    do {
      let message = LengthPrefixed.bytes(of: ["daybook/purpose/1", id, purpose])
      return try KeyedHash.derivedKey(message, from: dataKey.secret)
    } catch {
      throw StoreError(.unavailable, "A key could not be derived.", cause: error)
    }
  }

  private func dataKeys() throws(StoreError) -> [DataKey] {
    let shared = parts.sealer.keys
    guard let ring = try shared.ring() else { throw shared.file.isMissing }
    return ring.keys
  }
}
