import Documents
import Sodium

/// A sealed value as it stands in a document: one JSON string, so that no merge can ever join the nonce of one value with
/// the box of another.
///
/// ```
/// sealed:1:<key id>:<nonce>:<box>
/// ```
///
/// The three parts are base64url without padding: 16 bytes that name the data key, 24 bytes of nonce, and the secret box
/// of the padded plaintext (see `KeyRing+Sealing.swift`). Each envelope has one text only: a text that differs in any
/// character is another envelope or none.
struct Envelope: Hashable, Sendable {
  /// What stands in for a sealed value wherever it is shown; written back, it means "leave the value as it is".
  static let mask = JSONValue.sealedWord
  /// The same in a comparison, where it is another value than before. It is never written back.
  static let maskOfChanged = JSONValue.resealedWord
  /// What every sealed value begins with. No plaintext of a secret may begin so.
  static let prefix = "sealed:"

  private static let version = "1"
  /// A bound on the digits of a version, which tells a later format from nonsense.
  private static let longestVersion = 3

  var keyID: KeyID
  var nonce: [UInt8]
  var box: [UInt8]

  init(keyID: KeyID, nonce: [UInt8], box: [UInt8]) {
    self.keyID = keyID
    self.nonce = nonce
    self.box = box
  }

  /// Reads an envelope strictly.
  init(parsing text: String) throws(EnvelopeError) {
    let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard text.hasPrefix(Self.prefix), parts.count >= 2 else { throw .malformed }
    guard parts[1].elementsEqual(Self.version.utf8) else {
      throw Self.isLaterVersion(parts[1]) ? .newerFormat : .malformed
    }
    guard parts.count == 5,
      let keyID = Base64URL.decode(parts[2]).flatMap(KeyID.init),
      let nonce = Base64URL.decode(parts[3]), nonce.count == SecretBox.nonceByteCount,
      let box = Base64URL.decode(parts[4]), Self.isBoxLength(box.count)
    else { throw .malformed }
    self.init(keyID: keyID, nonce: nonce, box: box)
  }

  var text: String {
    let parts = [keyID.bytes, nonce, box].map { String(decoding: Base64URL.encode($0), as: UTF8.self) }
    return "\(Self.prefix)\(Self.version):\(parts.joined(separator: ":"))"
  }

  /// Whether a text claims to be an envelope, of whatever version.
  static func isClaimed(by text: String) -> Bool { text.utf8.starts(with: prefix.utf8) }

  private static func isBoxLength(_ count: Int) -> Bool {
    let padded = count - SecretBox.overheadByteCount
    return padded > 0 && padded.isMultiple(of: KeyRing.paddingBlockBytes)
  }

  private static func isLaterVersion(_ text: some Collection<UInt8>) -> Bool {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    return (1...longestVersion).contains(text.count) && text.allSatisfy(digits.contains)
      && text.first != UInt8(ascii: "0")
  }
}

/// Why a text is not an envelope.
enum EnvelopeError: Error, Hashable {
  /// It does not have the form of one.
  case malformed
  /// It has a version that this program does not know.
  case newerFormat
}
