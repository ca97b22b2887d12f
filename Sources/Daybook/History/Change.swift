public import Documents
import Git

/// What one commit did to one document, or to one file that is none.
public struct Change: Sendable {
  public enum Subject: Sendable, Equatable {
    case document(DocumentAddress)
    /// A segment of a document's series.
    case series(String, of: DocumentAddress)
    /// A file by its path, such as a schema.
    case file(String)
  }

  public let subject: Subject
  /// The path of the file in the store.
  public let path: String
  /// The revision before; nil when there was none.
  public let before: Revision?
  /// The revision after; nil when it was deleted.
  public let after: Revision?
  public let commit: CommitSummary

  /// The document that it is about; nil for a file that is none.
  public var address: DocumentAddress? {
    switch subject {
    case .document(let address), .series(_, let address): address
    case .file: nil
    }
  }

  /// The document's address, with the name of its series for a segment; or the path of a file that is none.
  public var name: String {
    switch subject {
    case .document(let address): "\(address)"
    case .series(let series, let address): "\(address) \(series)"
    case .file(let path): path
    }
  }

  /// The id of this change's event: resuming from it continues behind its commit.
  public var eventID: String { "\(commit.sequence)-\(commit.commit.short)" }
}

/// Reads the changes of commits from the folders that differ.
struct ChangeReader {
  let index: Index
  let objects: ObjectReader

  private var kinds: Kinds { index.kinds }

  func changes(of commit: CommitSummary) throws(StoreError) -> [Change] {
    let content = try StoreOpening.reading("commit \(commit.commit.short)") { () throws(GitError) in
      try objects.commit(commit.commit.id)
    }
    return try changes(of: commit, content)
  }

  /// The same for a commit that was read already.
  func changes(of commit: CommitSummary, _ content: Commit) throws(StoreError) -> [Change] {
    try read(commit) { collect throws(GitError) in
      // A commit that is not on the store's line is looked at as Git does.
      let earlier = index.commit(before: commit.commit.id, at: commit.sequence)?.id ?? content.parents.first
      let before = try earlier.map { earlier throws(GitError) in try objects.commit(earlier).tree }
      try TreeDifference(objects: objects).visit(from: before, to: content.tree, collect)
    }
  }

  /// The same for one of which it is known which files it changed.
  func changes(of commit: CommitSummary, _ files: [ChangedFile]) -> [Change] {
    files.map { change(of: $0.path, $0.basis, $0.id, commit) }
  }

  func changes(from old: ObjectID?, to commit: CommitSummary) throws(StoreError) -> [Change] {
    try read(commit) { collect throws(GitError) in
      let before = try old.map { old throws(GitError) in try objects.commit(old).tree }
      let after = try objects.commit(commit.commit.id).tree
      try TreeDifference(objects: objects).visit(from: before, to: after, collect)
    }
  }

  /// The changes of one document and its series.
  func changes(
    of address: DocumentAddress, from old: ObjectID, to commit: CommitSummary
  ) throws(StoreError) -> [Change] {
    let kind = try kinds.kind(of: address.collection.text)
    let path = try StoreLayout.path(of: address, kind)
    return try read(commit) { collect throws(GitError) in
      let before = TreeReader(root: try objects.commit(old).tree, objects: objects)
      let after = TreeReader(root: try objects.commit(commit.commit.id).tree, objects: objects)
      guard !kind.series.isEmpty else {
        let (old, new) = (try before.file(at: path), try after.file(at: path))
        return old == new ? () : try collect(path, old, new)
      }
      let folder = StoreLayout.parent(of: path)
      let (old, new) = (try before.folder(at: folder), try after.folder(at: folder))
      try TreeDifference(objects: objects).visit(from: old, to: new, under: folder, collect)
    }
  }

  private func read(
    _ commit: CommitSummary, _ body: (TreeDifference.Visit) throws(GitError) -> Void
  ) throws(StoreError) -> [Change] {
    var changes: [Change] = []
    try StoreOpening.reading("commit \(commit.commit.short)") { () throws(GitError) in
      try body { path, old, new throws(GitError) in changes.append(change(of: path, old, new, commit)) }
    }
    return changes
  }

  private func change(of path: String, _ old: ObjectID?, _ new: ObjectID?, _ commit: CommitSummary) -> Change {
    Change(
      subject: subject(of: path), path: path, before: old.map { Revision($0) }, after: new.map { Revision($0) },
      commit: commit)
  }

  private func subject(of path: String) -> Change.Subject {
    switch StoreLayout.place(of: path, kinds) {
    case .document(let address, _): .document(address)
    case .segment(let address, let series, _, _): .series(series, of: address)
    case .schema, .other: .file(path)
    }
  }
}
