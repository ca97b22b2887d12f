import Sodium

/// The public name of a data key: 16 bytes that only the key itself gives, so that a damaged or exchanged key is noticed
/// before anything is sealed with it.
struct KeyID: Hashable, Sendable, CustomStringConvertible {
  static let byteCount = 16
  private static let message = Array("daybook/key/1".utf8)

  let bytes: [UInt8]

  /// Nil unless there are 16 bytes.
  init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  init(of key: SecretKey) throws(SodiumError) {
    bytes = try KeyedHash.hash(Self.message, with: key, byteCount: Self.byteCount)
  }

  /// Enough to tell a store's keys apart, for people.
  var short: String { String(description.prefix(8)) }

  /// Base64url: 22 characters.
  var description: String { String(decoding: Base64URL.encode(bytes), as: UTF8.self) }
}

/// One key of a ring. Values are never sealed with it directly but with keys derived from it, one for each place.
struct DataKey: Sendable {
  /// In the order in which a key goes through them; see `KeyRing`.
  enum State: String, Sendable, CaseIterable, Comparable {
    /// Seals and opens. A ring has at most one such key.
    case active
    /// Opens what it sealed before another key took over. Documents may still use it.
    case openOnly = "open-only"
    /// Opens old revisions: no document used it any more when it was retired.
    case retired

    static func < (left: State, right: State) -> Bool { left.place < right.place }

    private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  let id: KeyID
  /// When it was made, as RFC 3339 text: for people only.
  let created: String
  var state: State
  let secret: SecretKey

  init(created: String, state: State, secret: SecretKey) throws(SodiumError) {
    id = try KeyID(of: secret)
    self.created = created
    self.state = state
    self.secret = secret
  }
}
