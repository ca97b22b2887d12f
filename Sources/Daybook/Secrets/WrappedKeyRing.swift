import Documents
import Sodium

/// A key ring that only a passphrase opens. In this form it travels between machines (`daybook keys export`, the file is
/// then called a bundle), and in this form it may lie in its own place (`daybook keys wrap`):
///
/// ```json
/// {
///   "format": 1,
///   "store": "<store id>",
///   "wrapped": {
///     "kdf": "argon2id13", "passes": 3, "memory": 268435456, "salt": "<16 bytes>",
///     "nonce": "<24 bytes>", "box": "<the bytes of the ring's plain file, sealed>"
///   }
/// }
/// ```
///
/// Bytes are base64url; `memory` is in bytes. The key of the box is derived from what Argon2id makes of the passphrase,
/// with everything that stands in clear as message (`PassphraseKey`), so that a changed head does not open. The plain file
/// inside names the store once more.
struct WrappedKeyRing: Hashable, Sendable {
  static let kdf = "argon2id13"

  /// What a passphrase is made into a key with.
  struct Head: Hashable, Sendable {
    let storeID: String
    let cost: PasswordHash.Cost
    let salt: [UInt8]
  }

  let head: Head
  let nonce: [UInt8]
  let box: [UInt8]

  var fileBytes: [UInt8] {
    func text(_ bytes: [UInt8]) -> String { String(decoding: Base64URL.encode(bytes), as: UTF8.self) }
    let lines = """
      {
        "format": \(KeyRing.format),
        "store": "\(head.storeID)",
        "wrapped": {
          "kdf": "\(Self.kdf)", "passes": \(head.cost.passes), "memory": \(head.cost.memoryBytes), "salt": "\(text(head.salt))",
          "nonce": "\(text(nonce))", "box": "\(text(box))"
        }
      }

      """
    return Array(lines.utf8)
  }

  init(head: Head, nonce: [UInt8], box: [UInt8]) {
    self.head = head
    self.nonce = nonce
    self.box = box
  }

  /// Nil when the text is a ring in clear; everything that it says is checked before any work is done on it.
  init?(parsing text: JSONText) throws(KeyRingError) {
    guard let node = text.root["wrapped"] else { return nil }
    guard let format = text.root["format"]?.integer, format >= 1 else { throw .damaged("it does not tell its format") }
    guard format <= KeyRing.format else { throw .newerFormat }
    guard let storeID = text.root["store"]?.string else { throw .damaged("it does not tell its store") }
    guard let kdf = node["kdf"]?.string, kdf == Self.kdf else {
      throw .damaged("it does not say that \(Self.kdf) made its key")
    }
    guard let passes = node["passes"]?.integer, let memory = node["memory"]?.integer else {
      throw .damaged("it does not tell what its key costs")
    }
    let cost = PasswordHash.Cost(passes: passes, memoryBytes: memory)
    guard cost.isAcceptable else { throw .damaged("the cost of its key is out of bounds") }
    guard let salt = Self.bytes(node["salt"]), salt.count == PasswordHash.saltByteCount,
      let nonce = Self.bytes(node["nonce"]), nonce.count == SecretBox.nonceByteCount,
      let box = Self.bytes(node["box"]), box.count > SecretBox.overheadByteCount
    else { throw .damaged("it is not whole") }
    self.init(head: Head(storeID: storeID, cost: cost, salt: salt), nonce: nonce, box: box)
  }

  private static func bytes(_ node: JSONNode?) -> [UInt8]? {
    node?.string.flatMap { Base64URL.decode($0.utf8) }
  }
}

/// What a passphrase was made into: it wraps and opens rings of one head, so that a changed ring can be written again
/// without asking twice.
struct PassphraseKey: Sendable {
  let head: WrappedKeyRing.Head
  private let key: SecretKey

  /// Takes about a second at the usual cost. The caller wipes the passphrase.
  init(_ passphrase: [UInt8], _ head: WrappedKeyRing.Head) throws(SodiumError) {
    self.head = head
    let made = try PasswordHash.key(from: passphrase, salt: head.salt, cost: head.cost)
    let texts = [
      "daybook/wrap/1", head.storeID, WrappedKeyRing.kdf, "\(head.cost.passes)", "\(head.cost.memoryBytes)",
    ]
    key = try KeyedHash.derivedKey(LengthPrefixed.bytes(of: texts), from: made)
  }

  /// A key for a ring that was not wrapped with this passphrase before.
  init(_ passphrase: [UInt8], storeID: String, cost: PasswordHash.Cost) throws(SodiumError) {
    let salt = try randomBytes(PasswordHash.saltByteCount)
    try self.init(passphrase, WrappedKeyRing.Head(storeID: storeID, cost: cost, salt: salt))
  }

  func wrap(_ ring: KeyRing) throws(SodiumError) -> WrappedKeyRing {
    var plain = ring.fileBytes
    defer { wipe(&plain) }
    let (nonce, box) = try SecretBox.seal(plain, with: key)
    return WrappedKeyRing(head: head, nonce: nonce, box: box)
  }

  /// Nil when the passphrase is another one, or the ring is damaged: the two cannot be told apart.
  func open(_ wrapped: WrappedKeyRing) -> KeyRing? {
    guard wrapped.head == head, var plain = try? SecretBox.open(wrapped.box, nonce: wrapped.nonce, with: key) else {
      return nil
    }
    defer { wipe(&plain) }
    guard let ring = try? KeyRing(parsing: plain), ring.storeID == head.storeID else { return nil }
    return ring
  }
}
