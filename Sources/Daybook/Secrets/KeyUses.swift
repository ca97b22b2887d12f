import Documents

/// Which keys the secrets of a store's newest documents are sealed with: what a rotation has left to do follows from it,
/// so no file beside the store needs to remember that.
struct KeyUses {
  struct Count: Equatable {
    var secrets = 0
    var documents = 0
  }

  /// By key; what is not sealed counts for nil.
  private(set) var counts: [KeyID?: Count] = [:]
  /// Values that only claim to be sealed, or that a newer version sealed.
  private(set) var unreadable = Count()

  subscript(key: KeyID?) -> Count { counts[key] ?? Count() }

  /// What is not under this key.
  func others(than key: KeyID?) -> Count {
    counts.filter { $0.key != key }.values.reduce(into: Count()) { sum, count in
      sum.secrets += count.secrets
      sum.documents += count.documents
    }
  }

  mutating func add(_ members: [SecretMember]) {
    var seen: [KeyID?: Int] = [:]
    var unreadable = 0
    for member in members {
      switch SecretState(of: member.node) {
      case .sealed(let envelope): seen[envelope.keyID, default: 0] += 1
      case .clear: seen[KeyID?.none, default: 0] += 1
      case .unreadable: unreadable += 1
      case .empty: break
      }
    }
    for (key, secrets) in seen { counts[key, default: Count()].add(secrets) }
    if unreadable > 0 { self.unreadable.add(unreadable) }
  }
}

extension KeyUses.Count {
  /// One more document, with so many secrets.
  fileprivate mutating func add(_ secrets: Int) {
    self.secrets += secrets
    documents += 1
  }
}

extension Snapshot {
  /// All secrets of the store, document by document.
  func forEachDocumentWithSecrets(
    _ body: (Document, [SecretMember]) throws(StoreError) -> Void
  ) throws(StoreError) {
    for kind in kinds.all where !kind.secrets.isEmpty {
      var scan = documents(of: kind)
      while let document = try scan.next() {
        let members = document.text.secretMembers(at: kind.secrets)
        if !members.isEmpty { try body(document, members) }
      }
    }
  }

  func keyUses() throws(StoreError) -> KeyUses {
    var uses = KeyUses()
    try forEachDocumentWithSecrets { _, members in uses.add(members) }
    return uses
  }
}
