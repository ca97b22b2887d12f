package import Daybook
import Sodium

/// What a request is called that a client may send again: by the key that the client gave it, and by what it asks, since
/// one key must not stand for two things.
///
/// The commits that come of it keep the name (`Daybook-Request: <key>-<content>`). What is asked may hold a password or a
/// key, so both are hashes with a key of the store: whoever has the history and not the key ring cannot try out guesses.
package struct RequestName: Sendable, Hashable {
  package let key: String
  package let content: String

  private static let bytes = 16
  private static let purpose = "request-name"

  /// - Parameters:
  ///   - key: what the client calls it.
  ///   - user: whose client it is: another's may use the same key.
  ///   - content: what it asks.
  package init(_ key: String, of user: String, asking content: [UInt8], in store: Store) throws(StoreError) {
    let secret = try Self.secret(store)
    self.key = try Self.hash(Array("\(user)\n\(key)".utf8), secret)
    self.content = try Self.hash(content, secret)
  }

  /// Reads what a commit keeps; nil for anything else.
  package init?(trailer: String) {
    let parts = trailer.split(separator: "-")
    guard parts.count == 2 else { return nil }
    (key, content) = (String(parts[0]), String(parts[1]))
  }

  /// As commits keep it.
  package var trailer: String { "\(key)-\(content)" }

  /// The beginning of the key: enough to look a request up by, and to be held against its commit.
  package var mark: UInt64 { UInt64(key.prefix(16), radix: 16) ?? 0 }

  /// The active key of the ring; nil on a machine without a ring, where nothing is sealed and nobody signs in.
  private static func secret(_ store: Store) throws(StoreError) -> SecretKey? {
    do {
      return try store.dataKeyIDs().first.map { id throws(StoreError) in try store.key(for: purpose, from: id) }
    } catch  where error.code == .keyMissing {
      return nil
    }
  }

  private static func hash(_ message: [UInt8], _ secret: SecretKey?) throws(StoreError) -> String {
    do {
      let hash: [UInt8]
      if let secret {
        hash = try KeyedHash.hash(message, with: secret, byteCount: bytes)
      } else {
        hash = try Digest.of(message)
      }
      return hash.prefix(bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    } catch {
      throw StoreError(.unavailable, "A request could not be named.", cause: error)
    }
  }
}
