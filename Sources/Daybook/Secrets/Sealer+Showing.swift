import Documents
import Sodium

extension Sealer {
  /// The text with every sealed value opened: for those who may read secrets, and never to be stored or logged.
  ///
  /// A secret that is not sealed, as an old revision from before it was one may have it, stays as it is.
  func reveal(
    _ text: JSONText, secrets: [SchemaMemberPath], address: DocumentAddress
  ) throws(StoreError) -> JSONText {
    var replacements: [Replacement] = []
    defer { for position in replacements.indices { wipe(&replacements[position].bytes) } }
    for member in text.secretMembers(at: secrets) {
      guard let value = member.node.string, Envelope.isClaimed(by: value) else { continue }
      let subject = SecretSubject(path: member.path, address: address)
      let envelope: Envelope
      do {
        envelope = try Envelope(parsing: value)
      } catch {
        throw subject.isNoEnvelope(error)
      }
      // The plaintext is the JSON of the value: it goes into the text as it is.
      let plaintext = try open(envelope, place(of: subject), subject, whenHarmed: .damaged)
      replacements.append(Replacement(of: member.node, by: plaintext))
    }
    return try splice(replacements, into: text, address)
  }

  /// The text with a mask in place of every secret, sealed or not, except null. Needs no key.
  ///
  /// With an earlier text, a secret that is another one there has a mask of its own.
  static func mask(
    _ text: JSONText, secrets: [SchemaMemberPath], changedSince earlier: JSONText? = nil
  ) throws(StoreError) -> JSONText {
    let before = byPath(earlier, secrets)
    let replacements = text.secretMembers(at: secrets).filter { $0.node.kind != .null }.map { member in
      let isSame = before[member.path].map { $0.kind == .null || $0.isEqual(to: member.node) } ?? true
      return Replacement(
        of: member.node, by: JSONText.canonicalBytes(of: isSame ? Envelope.mask : Envelope.maskOfChanged))
    }
    do {
      // Masks are shown, not stored: they may take a text over the limit of a document.
      return try text.replacing(replacements, limits: limitsOfMasked)
    } catch {
      throw StoreError(.limit, "A document has more secrets than can be masked.")
    }
  }

  /// The text with replacements that make it a document to be stored or edited.
  func splice(
    _ replacements: [Replacement], into text: JSONText, _ address: DocumentAddress
  ) throws(StoreError) -> JSONText {
    do {
      return try text.replacing(replacements, limits: .standard)
    } catch {
      // Without the cause, which might quote the text.
      throw StoreError(
        .limit, "\(address) is too large with its secrets in place.",
        hint: "A document has at most \(Limits.documentBytes) bytes.", document: "\(address)")
    }
  }

  private static let limitsOfMasked = JSONLimits(maximumBytes: 16 * Limits.documentBytes)
}
