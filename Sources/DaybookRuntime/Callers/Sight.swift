package import Daybook
package import Documents

/// A store as one caller sees it, at one moment or any before: what the caller may not read is not there.
package struct Sight: Sendable {
  package let caller: Caller
  package let snapshot: Snapshot

  package init(_ caller: Caller, _ snapshot: Snapshot) {
    self.caller = caller
    self.snapshot = snapshot
  }

  // MARK: One document

  /// - Throws: `.refused` for a collection that the caller may not read at all.
  package func document(_ address: String) throws(StoreError) -> Document? {
    try visible(snapshot.document(try checked(address)))
  }

  package func document(_ address: String, in past: PastSnapshot) throws(StoreError) -> Document? {
    try visible(past.document(try checked(address)), at: past.commit.sequence)
  }

  /// - Throws: `.notFound` for a document that is not there, for this caller.
  package func check(_ address: String) throws(StoreError) {
    if caller.isLocal { return }
    if try document(address) == nil { throw Self.missing(address) }
  }

  /// - Throws: `.notFound` for a document that was not there then, for this caller.
  package func check(_ address: String, at point: Point) throws(StoreError) {
    if caller.isLocal { return }
    if try document(address, in: snapshot.past(at: point)) == nil { throw Self.missing(address) }
  }

  /// - Throws: `.notFound` for a document that is another's now, or was then.
  package func checkMayReturn(_ address: String, to point: Point) throws(StoreError) {
    if caller.isLocal { return }
    let address = try checked(address)
    let past = try snapshot.past(at: point)
    for (document, sequence) in [
      (try snapshot.document(address), snapshot.sequence), (try past.document(address), past.commit.sequence),
    ] {
      if let document, try !sees(address, document.root, at: sequence) { throw Self.missing("\(address)") }
    }
  }

  package static func missing(_ address: String) -> StoreError {
    StoreError(.notFound, "There is no document '\(address)'.", document: address)
  }

  private func checked(_ address: String) throws(StoreError) -> DocumentAddress {
    let address = try snapshot.kinds.address(address)
    try caller.check(.read, in: address.collection.text)
    return address
  }

  private func visible(_ document: Document?, at sequence: UInt64? = nil) throws(StoreError) -> Document? {
    guard let document, try sees(document.address, document.root, at: sequence) else { return nil }
    return document
  }

  /// Whether the caller may read a document that is so, or was at a sequence.
  package func sees(
    _ address: DocumentAddress, _ root: JSONNode, at sequence: UInt64? = nil
  ) throws(StoreError) -> Bool {
    if caller.isLocal { return true }
    return caller.may(.read, try snapshot.ownership(of: address, root, at: sequence), in: address.collection.text)
  }

  // MARK: Lists

  /// A query that finds only what the caller may read.
  ///
  /// - Throws: `.refused` for a collection that the caller may not list.
  package func bounded(_ query: Query) throws(StoreError) -> Query {
    if caller.isLocal { return query }
    try caller.grant.check(.read, in: query.collection)
    if Grant.guarded.contains(query.collection) { return query }
    if Caller.Ownership.isByUser(query.collection) || query.collection == Caller.Ownership.settingsOfSessions {
      throw StoreError(.refused, "You may not list '\(query.collection)'.", hint: "Read your own by its id.")
    }
    let seesOthers = caller.has(.read, to: Caller.Ownership.isShared(query.collection) ? .shared : .store)
    return try query.where(
      "/user", seesOthers ? .isOneOf([.string(caller.user), .null]) : .equals(.string(caller.user)))
  }

  /// How many documents of a collection the caller sees; nil when the caller may not list it.
  package func count(of collection: String, in past: PastSnapshot? = nil) throws(StoreError) -> Int? {
    if caller.isLocal {
      if let past { return try past.count(of: collection) }
      return try snapshot.count(of: collection)
    }
    guard var query = try? bounded(Query(collection)) else { return nil }
    guard let past else { return try snapshot.addresses(query).count }
    var count = 0
    query = query.limited(to: Daybook.Limits.pageDocuments)
    while true {
      let page = try past.query(query)
      count += page.documents.count
      guard let next = page.next else { return count }
      query = query.after(next)
    }
  }

  // MARK: History

  /// Whether the caller may know of a change: of what was there before, and of what it became.
  package func sees(_ change: Change) throws(StoreError) -> Bool {
    if caller.isLocal { return true }
    switch change.subject {
    case .file: return caller.grant.administers
    case .document(let address):
      return try sees(address, at: [change.before, change.after].compactMap(\.self), change.commit.sequence)
    case .series(_, let address):
      let revisions = try snapshot.revisions(of: address, around: change.commit.sequence)
      if revisions.isEmpty { return false }
      return try sees(address, at: revisions, change.commit.sequence)
    }
  }

  /// Of the differences since a point, those of which the caller may know.
  package func visible(_ changes: [Change], since point: Point) throws(StoreError) -> [Change] {
    if caller.isLocal { return changes }
    let past = try snapshot.past(at: point)
    var visible: [Change] = []
    for change in changes where try sees(change) {
      // It may have been another's document of the same id.
      if let address = change.address, let old = try past.document(address),
        try !sees(address, old.root, at: past.commit.sequence)
      {
        continue
      }
      visible.append(change)
    }
    return visible
  }

  /// - Throws: `.notFound` for a commit that changed anything of which the caller may not know.
  package func checkSeesAll(of commit: CommitSummary) throws(StoreError) {
    if caller.isLocal { return }
    for change in try snapshot.changes(in: commit) where try !sees(change) {
      throw StoreError(.notFound, "There is no such commit, or it changed what is not yours.")
    }
  }

  /// Whether the caller may read all of these revisions of a document, which it had around a sequence.
  package func sees(
    _ address: DocumentAddress, at revisions: [Revision], _ sequence: UInt64
  ) throws(StoreError) -> Bool {
    for revision in revisions {
      guard let root = try snapshot.text(of: address, at: revision)?.root, try sees(address, root, at: sequence) else {
        return false
      }
    }
    return true
  }

  /// A commit as the caller may know it: nil when it changed nothing that the caller sees. The subject of one that also
  /// changed what is others' is left out.
  package func commit(_ commit: CommitSummary) throws(StoreError) -> CommitSummary? {
    if caller.isLocal { return commit }
    let changes = try snapshot.changes(in: commit)
    var seen = 0
    for change in changes where try sees(change) { seen += 1 }
    if seen == 0 { return nil }
    return seen == changes.count ? commit : commit.withoutSubject
  }

  /// A version of a document as the caller may know it.
  package func version(_ version: DocumentVersion, of address: DocumentAddress) throws(StoreError) -> CommitSummary? {
    if caller.isLocal { return version.commit }
    let revisions = try snapshot.revisions(of: address, around: version.commit.sequence)
    // Of a document that was made again, the deletion before it may be another's.
    guard !revisions.isEmpty, try sees(address, at: revisions, version.commit.sequence) else { return nil }
    return try commit(version.commit)
  }
}

extension Snapshot {
  /// Whose a document is that is so, or was at a sequence.
  package func ownership(
    of address: DocumentAddress, _ root: JSONNode, at sequence: UInt64? = nil
  ) throws(StoreError) -> Caller.Ownership {
    let isOfSession = address.collection.text == Caller.Ownership.settingsOfSessions
    let session = isOfSession ? try session(address.id, at: sequence ?? self.sequence) : nil
    return Caller.Ownership(of: address, root, session: session)
  }

  /// A session as it was at a sequence, or before it was deleted.
  private func session(_ id: DocumentID, at sequence: UInt64) throws(StoreError) -> JSONNode? {
    let address = try kinds.address("sessions/\(id)")
    let versions = try history(of: "\(address)", before: sequence + 1, limit: 2)
    guard let revision = versions.lazy.compactMap(\.revision).first else { return nil }
    return try text(of: address, at: revision)?.root
  }

  /// What a document was after a commit, and before it.
  package func revisions(of address: DocumentAddress, around sequence: UInt64) throws(StoreError) -> [Revision] {
    let versions = try history(of: "\(address)", before: sequence + 1, limit: 2)
    guard let newest = versions.first else { return [] }
    return (newest.commit.sequence == sequence ? versions : [newest]).compactMap(\.revision)
  }
}
