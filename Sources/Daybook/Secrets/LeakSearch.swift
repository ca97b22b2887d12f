import Documents
import Git
import Sodium

/// Finds secrets that commits made without us hold in clear text.
struct LeakSearch {
  let objects: ObjectReader
  let sealer: Sealer
  let kinds: Kinds

  /// Each secret once, with the oldest commit that holds it.
  func leaks(after base: ObjectID?, through tip: ObjectID) throws(GitError) -> [LeakNotes.Note] {
    guard kinds.all.contains(where: { !$0.secrets.isEmpty }) else { return [] }
    let commits = try objects.withRepository { repository throws(GitError) in
      try repository.commits(after: base, through: tip)
    }
    var notes: [LeakNotes.Note] = []
    var seen: Set<ObjectID> = []
    for id in commits {
      let commit = try objects.commit(id)
      if CommitSequences.said(by: commit) != nil { continue }
      let before = try commit.parents.first.map { parent throws(GitError) in try objects.commit(parent).tree }
      try TreeDifference(objects: objects).visit(from: before, to: commit.tree) { path, _, new throws(GitError) in
        guard let new, case .document(let address, let place) = StoreLayout.place(of: path, kinds),
          !kinds.all[place].secrets.isEmpty, seen.insert(new).inserted, let text = try? objects.text(new)
        else { return }
        notes += self.notes(text, kinds.all[place], address, id)
      }
    }
    return notes
  }

  private func notes(
    _ text: JSONText, _ kind: Kind, _ address: DocumentAddress, _ commit: ObjectID
  ) -> [LeakNotes.Note] {
    text.secretMembers(at: kind.secrets).compactMap { member in
      guard case .clear(let value) = SecretState(of: member.node), !value.isEmpty else { return nil }
      return LeakNotes.Note(
        document: "\(address)", member: "\(member.path)", commit: CommitID(commit),
        sealed: sealer.sealedForNote(value, SecretSubject(path: member.path, address: address)))
    }
  }
}

extension Sealer {
  /// Nil where it cannot be sealed.
  fileprivate func sealedForNote(_ value: String, _ subject: SecretSubject) -> String? {
    guard let place = try? place(of: subject), let ring = try? keys.ring() else { return nil }
    var plaintext = JSONText.canonicalBytes(of: value)
    defer { wipe(&plaintext) }
    return try? ring.seal(plaintext, at: place).text
  }

  /// Whether a member holds the very value that was sealed for a note, as far as it shows without asking for a passphrase.
  func holds(_ member: SecretMember, valueOf sealed: String?, at address: DocumentAddress) -> Bool {
    switch SecretState(of: member.node) {
    case .clear: return true
    case .empty: return false
    case .unreadable: return sealed == nil
    case .sealed(let envelope):
      guard let sealed, let noted = try? Envelope(parsing: sealed) else { return true }
      if noted.text == envelope.text { return true }
      let subject = SecretSubject(path: member.path, address: address)
      guard let ring = keys.openRing, let place = try? place(of: subject),
        var value = try? ring.open(envelope, at: place), var leaked = try? ring.open(noted, at: place)
      else { return true }
      defer {
        wipe(&value)
        wipe(&leaked)
      }
      return value == leaked
    }
  }
}
