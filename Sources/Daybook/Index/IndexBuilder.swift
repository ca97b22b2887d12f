import Documents
import Git

/// Makes the index from commits: all of them, or those that a stored index does not know yet.
///
/// The commits are the *line* of the store, from its first commit to the newest, each a child of the one before. Where
/// others merged ours, it goes on by ours (`Repository.line`); the index remembers it. For each commit the folders that
/// differ from those of the one before are compared, and each file that differs becomes the same `IndexChange` that the
/// write itself made. So a rebuilt index equals the one that grew, which `check` proves.
struct IndexBuilder {
  let objects: ObjectReader

  /// The index with the line after `base` and through `head` added. `sequence` is that of `base`, which does not say
  /// itself if it was made without us.
  func extended(
    _ index: Index, from base: ObjectID?, at sequence: UInt64, through head: ObjectID
  ) throws(StoreError) -> (index: Index, sequence: UInt64) {
    let line = try reading { () throws(GitError) in
      try objects.withRepository { repository throws(GitError) in try repository.line(after: base, through: head) }
    }
    guard let line else {
      throw StoreError(.damaged, "The newest commit does not come after \(base?.short ?? "the first").")
    }
    return try extended(index, from: base, at: sequence, along: line)
  }

  /// The same along a line that is known.
  func extended(
    _ index: Index, from base: ObjectID?, at sequence: UInt64, along line: [ObjectID]
  ) throws(StoreError) -> (index: Index, sequence: UInt64) {
    var (index, sequence) = (index, sequence)
    try reading { () throws(GitError) in
      var sequences = CommitSequences(objects: objects, knowing: base.map { [$0: sequence] } ?? [:])
      var tree = try base.map { base throws(GitError) in try objects.commit(base).tree }
      for id in line {
        let commit = try objects.commit(id)
        // Whatever a commit says of itself, what comes later has the larger number.
        sequence = max(try sequences.sequence(of: commit), sequence + 1)
        try add(commit, id, sequence, after: tree, to: &index)
        tree = commit.tree
      }
    }
    return (index, sequence)
  }

  private func reading<Result>(_ body: () throws(GitError) -> Result) throws(StoreError) -> Result {
    do {
      return try body()
    } catch {
      throw StoreError(.damaged, "The history could not be read.", hint: "Run `git fsck` in the store.", cause: error)
    }
  }

  private func add(
    _ commit: Commit, _ id: ObjectID, _ sequence: UInt64, after before: ObjectID?, to index: inout Index
  ) throws(GitError) {
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
