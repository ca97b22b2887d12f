import Crypto

/// The key by which an ssh server shows who it is.
package struct HostKey: Hashable, Sendable {
  /// As it goes over the wire: the name of its type, and then the key.
  package let bytes: [UInt8]

  package init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Such as `ssh-ed25519`; empty for what is no key.
  package var type: String {
    guard bytes.count > 4 else { return "" }
    let count = bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
    guard count <= bytes.count - 4 else { return "" }
    return String(decoding: bytes[4..<4 + count], as: UTF8.self)
  }

  /// The SHA-256 that `ssh-keygen -l` shows, as bytes.
  package var fingerprint: [UInt8] { Array(SHA256.hash(data: bytes)) }

  /// What `known_hosts` holds in place of a host's name that it hides: HMAC-SHA-1 of the name under a salt.
  package static func hiddenName(_ name: String, salt: [UInt8]) -> [UInt8] {
    var code = HMAC<Insecure.SHA1>(key: SymmetricKey(data: salt))
    code.update(data: Array(name.utf8))
    return Array(code.finalize())
  }
}

/// What is known of a server's key.
package enum HostKeyVerdict: Equatable, Sendable {
  case known
  /// Nobody has said yet that this host has this key.
  case unknown
  /// This host is known by another key, or the key was revoked.
  case changed
}
