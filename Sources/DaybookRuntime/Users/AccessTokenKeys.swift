import Daybook
import Sodium
import Synchronization

/// The keys of access tokens: one for each data key of the ring that is in use, the first of which signs. They are derived
/// again when the ring has changed; a rotation so ends all tokens by its end, and clients renew theirs.
final class AccessTokenKeys: Sendable {
  private let store: Store
  private let known = Mutex<(dataKeys: [String], keys: [AccessToken.Key])>(([], []))

  private static let purpose = "access-token"
  private static let successors = "refresh-token"

  init(_ store: Store) {
    self.store = store
  }

  /// - Throws: `.keyMissing` when this machine has no key ring.
  func current() throws(StoreError) -> [AccessToken.Key] {
    let dataKeys = try store.dataKeyIDs()
    if let keys = known.withLock({ $0.dataKeys == dataKeys ? $0.keys : nil }) { return keys }
    var keys: [AccessToken.Key] = []
    for id in dataKeys { keys.append(AccessToken.Key(id: id, try store.key(for: Self.purpose, from: id))) }
    known.withLock { $0 = (dataKeys, keys) }
    return keys
  }

  /// The secret that follows that of a refresh token: the same each time, and known to nobody without the keys.
  ///
  /// - Throws: `.keyMissing` when the ring has no active key.
  func successor(of secret: String) throws(StoreError) -> String {
    let key = try store.key(for: Self.successors, from: signing().id)
    do {
      let bytes = try KeyedHash.hash(Array(secret.utf8), with: key, byteCount: OpaqueToken.secretBytes)
      return String(decoding: Base64URL.encode(bytes), as: UTF8.self)
    } catch {
      throw StoreError(.unavailable, "A token could not be made.", cause: error)
    }
  }

  /// The key that signs.
  ///
  /// - Throws: `.keyMissing` when the ring has no active key.
  func signing() throws(StoreError) -> AccessToken.Key {
    guard let key = try current().first else {
      throw StoreError(.keyMissing, "The key ring of the store has no key in use.", hint: "Run `daybook keys rotate`.")
    }
    return key
  }
}
