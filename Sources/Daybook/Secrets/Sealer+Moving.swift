import Documents
import Sodium

extension Sealer {
  /// A text in which sealed values stand elsewhere than in those that it was made of, with each of them sealed for its
  /// new place. Those that stayed need no key.
  ///
  /// - Throws: `.keyMissing` when one that moved cannot be opened here, `.invalid` when it came to where no secret belongs.
  func resealingMoved(
    from old: [JSONText], to new: JSONText, secrets: [SchemaMemberPath], address: DocumentAddress
  ) throws(StoreError) -> JSONText {
    let before = old.flatMap(\.sealedMembers)
    if before.isEmpty { return new }
    let stood = Set(before.map(\.place))
    let origins = Dictionary(before.map { ($0.text, $0.path) }, uniquingKeysWith: { first, _ in first })
    let allowed = Set(new.secretMembers(at: secrets).map(\.path))
    var replacements: [Replacement] = []
    for member in new.sealedMembers where !stood.contains(member.place) {
      let subject = SecretSubject(path: member.path, address: address)
      guard let origin = origins[member.text] else { throw subject.isNoEnvelope(.malformed) }
      guard allowed.contains(member.path) else { throw subject.isNoSecret }
      let envelope = try moved(member.text, from: SecretSubject(path: origin, address: address), to: subject)
      replacements.append(Replacement(of: member.node, by: JSONText.canonicalBytes(of: envelope.text)))
    }
    return try splice(replacements, into: new, address)
  }

  private func moved(
    _ text: String, from origin: SecretSubject, to target: SecretSubject
  ) throws(StoreError) -> Envelope {
    let envelope: Envelope
    do {
      envelope = try Envelope(parsing: text)
    } catch {
      throw origin.isNoEnvelope(error)
    }
    var plaintext = try open(envelope, place(of: origin), origin, whenHarmed: .damaged)
    defer { wipe(&plaintext) }
    let place = try place(of: target)
    do {
      return try ring(for: target).seal(plaintext, at: place)
    } catch let error as SealingError {
      throw target.cannotBeSealed(error, location)
    } catch {
      throw StoreError.unexpected(error)
    }
  }
}

extension JSONText {
  /// Whether sealed values stand elsewhere than in the texts that this one was made of.
  func hasMovedSecrets(since old: [JSONText]) -> Bool {
    let stood = Set(old.flatMap(\.sealedMembers).map(\.place))
    return sealedMembers.contains { !stood.contains($0.place) }
  }
}

/// A text in a document that claims to be sealed, wherever it stands.
private struct SealedMember {
  struct Place: Hashable {
    var path: FieldPath
    var text: String
  }

  let place: Place
  let node: JSONNode

  var path: FieldPath { place.path }
  var text: String { place.text }
}

extension JSONText {
  fileprivate var sealedMembers: [SealedMember] {
    var found: [SealedMember] = []
    Self.collect(root, FieldPath(), &found)
    return found
  }

  private static func collect(_ node: JSONNode, _ path: FieldPath, _ found: inout [SealedMember]) {
    switch node.kind {
    case .string:
      guard let text = node.string, Envelope.isClaimed(by: text) else { return }
      found.append(SealedMember(place: SealedMember.Place(path: path, text: text), node: node))
    case .object:
      for member in node.members { collect(member.value, path.appending(.member(member.key)), &found) }
    case .array:
      for (step, element) in node.steppedElements { collect(element, path.appending(step), &found) }
    default: return
    }
  }
}
