import Documents
import Git

/// Makes the index from commits: all of them, or those that a stored index does not know yet.
///
/// For each commit the folders that differ from its first parent's are compared, and each file that differs becomes the
/// same `IndexChange` that the write itself made. So a rebuilt index equals the one that grew, which `check` proves.
struct IndexBuilder {
  let objects: ObjectReader

  /// The index with all commits after `base` and through `head` added. `sequence` is that of `base`, which does not say
  /// itself if it was made without us.
  func extended(
    _ index: Index, from base: ObjectID?, at sequence: UInt64, through head: ObjectID
  ) throws(StoreError) -> (index: Index, sequence: UInt64) {
    var (index, sequence) = (index, sequence)
    do {
      let commits = try objects.withRepository { repository throws(GitError) in
        try repository.commits(after: base, through: head)
      }
      for id in commits {
        let commit = try objects.commit(id)
        sequence = CommitSequence.of(commit) ?? sequence + 1
        try add(commit, id, sequence, to: &index)
      }
      return (index, sequence)
    } catch {
      throw StoreError(.damaged, "The history could not be read.", hint: "Run `git fsck` in the store.", cause: error)
    }
  }

  private func add(_ commit: Commit, _ id: ObjectID, _ sequence: UInt64, to index: inout Index) throws(GitError) {
    let before = try commit.parents.first.map { parent throws(GitError) in try objects.commit(parent).tree }
    var changes: [IndexChange] = []
    var schemas: [SchemaFile] = []
    try TreeDifference(objects: objects).visit(from: before, to: commit.tree) { path, old, new throws(GitError) in
      if let change = try self.change(path, old, new, index.kinds) { changes.append(change) }
      let bytes =
        path.hasPrefix(StoreLayout.schemas) ? try new.map { id throws(GitError) in try objects.blob(id) } : nil
      if let file = SchemaFile(path: path, bytes: bytes) { schemas.append(file) }
    }
    index.add(id, at: sequence, seconds: commit.committer.seconds)
    index.apply(changes, sequence: sequence)
    if schemas.isEmpty { return }
    let kinds = index.kinds.changingWhereGood(schemas)
    try KindsStep(objects: objects).take(kinds, into: &index, root: commit.tree, sequence: sequence)
  }

  /// What a changed file means; nil for one that is no document.
  func change(_ path: String, _ old: ObjectID?, _ new: ObjectID?, _ kinds: Kinds) throws(GitError) -> IndexChange? {
    switch StoreLayout.place(of: path, kinds) {
    case .document(let address, let place):
      let kind = kinds.all[place]
      return .document(
        address, kind,
        old: kind.hasIndexedMembers ? try old.flatMap { id throws(GitError) in try text(id)?.root } : nil,
        new: kind.hasIndexedMembers ? try new.flatMap { id throws(GitError) in try text(id)?.root } : nil, revision: new
      )
    case .segment(let address, let series, let number, _):
      let segment = try new.map { id throws(GitError) in
        IndexChange.Segment(revision: id, items: try text(id)?.root.count ?? 0)
      }
      return IndexChange(name: Index.name(of: address), content: .segment(series: series, number: number, segment))
    case .schema, .other:
      return nil
    }
  }

  /// The content as JSON; nil for what is none, which is nobody's to find by its members.
  private func text(_ id: ObjectID) throws(GitError) -> JSONText? {
    try? objects.text(id)
  }
}

/// A commit's place in the total order.
enum CommitSequence {
  /// As the commit itself says; nil for one that was made without us.
  ///
  /// `git commit --amend`, `cherry-pick` and `rebase` take our message along, but not the committer.
  static func of(_ commit: Commit) -> UInt64? {
    guard commit.committer.name == CommitBuilder.committerName,
      commit.committer.email == CommitBuilder.committerEmail
    else { return nil }
    return commit.trailer(CommitMessage.sequenceKey).flatMap { UInt64($0) }
  }
}
