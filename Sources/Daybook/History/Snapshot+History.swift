public import Documents
import Git

extension Snapshot {
  /// The changes of a document, newest first; also of one that was deleted. From the index, so its cost is that of what it
  /// returns, however long the store's history is.
  ///
  /// - Parameter sequence: Only changes before this one: the sequence of the last one of the page before.
  public func history(
    of address: String, before sequence: UInt64? = nil, limit: Int = 100
  ) throws(StoreError) -> [DocumentVersion] {
    let name = Index.name(of: try kinds.address(address))
    var versions: [DocumentVersion] = []
    for state in index.history(of: name, before: sequence, limit: limit) {
      guard let id = index.commit(at: state.sequence) else { continue }
      versions.append(
        DocumentVersion(commit: try summary(id, state.sequence), revision: state.revision.map { Revision($0) }))
    }
    return versions
  }

  /// The commits of the store, newest first.
  public func commits(before sequence: UInt64? = nil, limit: Int = 100) throws(StoreError) -> [CommitSummary] {
    var summaries: [CommitSummary] = []
    for commit in index.commits(before: sequence, limit: limit) {
      summaries.append(try summary(commit.id, commit.sequence))
    }
    return summaries
  }

  /// A commit by its id, the beginning of its id, or whatever else Git takes for one, such as `HEAD~2`; or by its
  /// sequence, as `#4711`.
  public func commit(named name: String) throws(StoreError) -> CommitSummary {
    if name.hasPrefix("#"), let sequence = UInt64(name.dropFirst()) {
      guard let id = index.commit(at: sequence) else {
        throw StoreError(.notFound, "There is no commit with the sequence \(sequence).")
      }
      return try summary(id, sequence)
    }
    if name == "HEAD", let commit { return try summary(commit.id, sequence) }
    do {
      let id = try objects.withRepository { repository throws(GitError) in try repository.resolve(name) }
      let commit = try objects.commit(id)
      return CommitSummary(id, CommitSequence.of(commit) ?? 0, commit)
    } catch {
      throw StoreError(.notFound, "There is no commit '\(name)'.", hint: "`daybook log` lists them.", cause: error)
    }
  }

  /// What a commit changed, against the one before it.
  public func changes(in commit: CommitSummary) throws(StoreError) -> [Change] {
    try ChangeReader(kinds: kinds, objects: objects).changes(of: commit)
  }

  /// What is different between two commits, old first.
  public func changes(from old: CommitSummary, to new: CommitSummary) throws(StoreError) -> [Change] {
    try ChangeReader(kinds: kinds, objects: objects).changes(from: old.commit.id, to: new)
  }

  /// A document's text at a revision, secrets sealed.
  public func text(at revision: Revision, of address: DocumentAddress) throws(StoreError) -> JSONText {
    try text(revision.id, of: address)
  }

  /// The text of a file at a revision, for one that need not be JSON.
  public func fileBytes(at revision: Revision, path: String) throws(StoreError) -> [UInt8] {
    try content(revision.id, of: path)
  }

  /// The document as it was after a commit; nil when it did not exist then.
  public func document(_ address: String, at commit: CommitSummary) throws(StoreError) -> Document? {
    let address = try kinds.address(address)
    let path = try StoreLayout.path(of: address, try kinds.kind(of: address.collection.text))
    let revision = try StoreOpening.reading("commit \(commit.commit.short)") { () throws(GitError) in
      var editor = TreeEditor(root: try objects.commit(commit.commit.id).tree, objects: objects)
      return try editor.file(at: path)
    }
    guard let revision else { return nil }
    return Document(
      address: address, revision: Revision(revision), sequence: commit.sequence, text: try text(revision, of: address))
  }

  private func summary(_ id: ObjectID, _ sequence: UInt64) throws(StoreError) -> CommitSummary {
    try StoreOpening.reading("commit \(id.short)") { () throws(GitError) in
      CommitSummary(id, sequence, try objects.commit(id))
    }
  }
}
