import Documents
import Sodium

/// Seals the secret members of a document before anything else sees it, so that no log, commit, index or event ever
/// holds a plaintext.
///
/// What a writer hands in for a secret, and what is stored:
///
/// | value | stored |
/// | --- | --- |
/// | null | null |
/// | `‹sealed›` | what was stored before |
/// | an envelope | the same, if it was stored here before, now or earlier, or opens here; no other |
/// | the text that the envelope stored before opens to | that envelope, so that nothing changes |
/// | any other text, also an empty one | a new envelope |
struct Sealer: Sendable {
  let storeID: String
  /// Nil when this machine has none: documents whose secrets do not change can still be written.
  let ring: KeyRing?
  /// Where the ring is or should be, for messages.
  let location: KeyRing.Location

  /// The text with all its secrets sealed and everything else as it was, to the byte.
  ///
  /// - Parameters:
  ///   - previous: the document as it is stored now, sealed; nil for a new one.
  ///   - earlier: the same from its history, when it goes back to that: its envelopes are not opened.
  func seal(
    _ text: JSONText, secrets: [SchemaMemberPath], address: DocumentAddress, previous: JSONText?,
    earlier history: JSONText? = nil
  ) throws(StoreError) -> JSONText {
    let members = text.secretMembers(at: secrets)
    if members.isEmpty { return text }
    let earlier = Self.byPath(previous, secrets)
    let past = Self.byPath(history, secrets)
    var replacements: [Replacement] = []
    for member in members {
      if let value = member.node.string, (try? Envelope(parsing: value)) != nil, past[member.path]?.string == value {
        continue
      }
      let subject = SecretSubject(path: member.path, address: address)
      if let envelope = try stored(for: member, earlier: earlier[member.path]?.string, subject) {
        replacements.append(Replacement(of: member.node, by: JSONText.canonicalBytes(of: envelope)))
      }
    }
    return try splice(replacements, into: text, address)
  }

  /// The secrets of a text by where they belong.
  static func byPath(_ text: JSONText?, _ secrets: [SchemaMemberPath]) -> [FieldPath: JSONNode] {
    let members = text?.secretMembers(at: secrets) ?? []
    return Dictionary(members.map { ($0.path, $0.node) }, uniquingKeysWith: { first, _ in first })
  }

  /// What is to be stored in place of a secret's value; nil to leave it as it stands.
  private func stored(
    for member: SecretMember, earlier: String?, _ subject: SecretSubject
  ) throws(StoreError) -> String? {
    if member.node.kind == .null { return nil }
    guard let value = member.node.string else { throw subject.isNoText }
    let place = try place(of: subject)
    if value == Envelope.mask { return try kept(earlier, place, subject) }
    if Envelope.isClaimed(by: value) {
      try checkEnvelope(value, earlier, place, subject)
      return nil
    }
    return try sealed(value, earlier, place, subject)
  }

  private func sealed(
    _ value: String, _ earlier: String?, _ place: FieldPlace, _ subject: SecretSubject
  ) throws(StoreError) -> String {
    guard let ring else { throw subject.hasNoRing(location) }
    var plaintext = JSONText.canonicalBytes(of: value)
    defer { wipe(&plaintext) }
    if let earlier, let envelope = try? Envelope(parsing: earlier), var opened = try? ring.open(envelope, at: place) {
      defer { wipe(&opened) }
      if opened == plaintext { return earlier }
    }
    do {
      return try ring.seal(plaintext, at: place).text
    } catch {
      throw subject.cannotBeSealed(error, location)
    }
  }

  /// What the mask stands for: the value stored before, sealed now if it came from a time when it was no secret.
  private func kept(
    _ earlier: String?, _ place: FieldPlace, _ subject: SecretSubject
  ) throws(StoreError) -> String {
    guard let earlier, earlier != Envelope.mask else { throw subject.hasNothingToKeep }
    return Envelope.isClaimed(by: earlier) ? earlier : try sealed(earlier, nil, place, subject)
  }

  /// Refuses an envelope that was not stored here before and does not open here: stored, it would be lost.
  private func checkEnvelope(
    _ value: String, _ earlier: String?, _ place: FieldPlace, _ subject: SecretSubject
  ) throws(StoreError) {
    let envelope: Envelope
    do {
      envelope = try Envelope(parsing: value)
    } catch {
      if error == .newerFormat, value == earlier { return }
      throw subject.isNoEnvelope(error)
    }
    if value == earlier { return }
    var plaintext = try open(envelope, place, subject, whenHarmed: .invalid)
    wipe(&plaintext)
  }

  func open(
    _ envelope: Envelope, _ place: FieldPlace, _ subject: SecretSubject, whenHarmed code: StoreError.Code
  ) throws(StoreError) -> [UInt8] {
    guard let ring else { throw subject.hasNoRing(location) }
    do {
      return try ring.open(envelope, at: place)
    } catch {
      throw subject.cannotBeOpened(error, location, whenHarmed: code)
    }
  }

  func place(of subject: SecretSubject) throws(StoreError) -> FieldPlace {
    guard subject.path.isStable else { throw subject.hasNoStablePlace }
    return FieldPlace(storeID: storeID, address: subject.address, path: subject.path)
  }
}
