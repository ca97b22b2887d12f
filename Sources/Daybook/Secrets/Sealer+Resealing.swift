import Documents
import Sodium

extension Sealer {
  /// The text with every secret under the active key of the ring: those that another key sealed are opened and sealed
  /// again in their place, and those from a time when the member was no secret are sealed.
  ///
  /// What this machine cannot open stays as it is; so does everything else, to the byte.
  func reseal(
    _ text: JSONText, secrets: [SchemaMemberPath], address: DocumentAddress
  ) throws(StoreError) -> JSONText {
    guard let ring = try keys.ring(), let active = ring.active else { throw keys.file.isMissing }
    var replacements: [Replacement] = []
    for member in text.secretMembers(at: secrets) {
      guard SecretState(of: member.node).needsSealing(with: active.id), member.path.isStable,
        let envelope = try resealed(member, ring, SecretSubject(path: member.path, address: address))
      else { continue }
      replacements.append(Replacement(of: member.node, by: JSONText.canonicalBytes(of: envelope.text)))
    }
    return try splice(replacements, into: text, address)
  }

  private func resealed(
    _ member: SecretMember, _ ring: KeyRing, _ subject: SecretSubject
  ) throws(StoreError) -> Envelope? {
    let place = try place(of: subject)
    var plaintext: [UInt8]
    switch SecretState(of: member.node) {
    case .sealed(let envelope):
      guard let opened = try? ring.open(envelope, at: place) else { return nil }
      plaintext = opened
    case .clear(let value): plaintext = JSONText.canonicalBytes(of: value)
    case .empty, .unreadable: return nil
    }
    defer { wipe(&plaintext) }
    do {
      return try ring.seal(plaintext, at: place)
    } catch {
      throw subject.cannotBeSealed(error, location)
    }
  }
}

/// What stands in the place of a secret.
enum SecretState {
  case sealed(Envelope)
  /// A text that nobody sealed, from a time when the member was no secret.
  case clear(String)
  /// Null.
  case empty
  /// Neither a text nor an envelope that this version reads.
  case unreadable

  init(of node: JSONNode) {
    guard let text = node.string else {
      self = node.kind == .null ? .empty : .unreadable
      return
    }
    if text == Envelope.mask {
      self = .unreadable
    } else if Envelope.isClaimed(by: text) {
      self = (try? Envelope(parsing: text)).map { .sealed($0) } ?? .unreadable
    } else {
      self = .clear(text)
    }
  }

  func needsSealing(with key: KeyID) -> Bool {
    switch self {
    case .sealed(let envelope): envelope.keyID != key
    case .clear: true
    case .empty, .unreadable: false
    }
  }
}
