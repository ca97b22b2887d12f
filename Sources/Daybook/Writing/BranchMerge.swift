import Documents
import Git

/// Puts on top of our newest commit what a person did to the branch meanwhile: the difference between what it held when we
/// last looked and what it holds now.
///
/// Files that we left alone become as the branch has them. A document that both changed is joined member by member; where
/// both changed the same, ours stays, which was acknowledged, and theirs is kept as a conflict and in its own commit.
struct BranchMerge {
  let kinds: Kinds
  let objects: ObjectReader
  let makeID: @Sendable () -> DocumentID

  /// What the branch held, and holds now; nil for no commit.
  struct Move: Sendable {
    var base: ObjectID?
    var theirs: ObjectID
  }

  /// How what the branch holds now stands to a commit of ours.
  struct Relation {
    /// It came after what the branch held before.
    var follows: Bool
    /// Our commit has it among its ancestors, as when the branch was moved back.
    var isKnown: Bool
    var sequence: UInt64
  }

  func relation(of move: Move, to head: ObjectID?) throws(GitError) -> Relation {
    try objects.withRepository { repository throws(GitError) in
      let follows = try move.base.map { base throws(GitError) in try repository.isAncestor(base, of: move.theirs) }
      let isKnown = try head.map { head throws(GitError) in try repository.isAncestor(move.theirs, of: head) }
      let sequence = CommitSequence.of(try Commit(parsing: repository.object(move.theirs).content)) ?? 0
      return Relation(follows: follows ?? true, isKnown: isKnown ?? false, sequence: sequence)
    }
  }

  /// The state from which to go on when the branch simply went ahead of us.
  func successor(of index: Index, at sequence: UInt64, _ move: Move) throws -> CommitBuilder {
    let (index, sequence) = try IndexBuilder(kinds: kinds, objects: objects)
      .extended(index, from: move.base, at: sequence, through: move.theirs)
    let commit = try objects.commit(move.theirs)
    return CommitBuilder(
      index: index, head: move.theirs, sequence: sequence, headSeconds: commit.author.seconds,
      trees: TreeEditor(root: commit.tree, objects: objects))
  }

  /// A file that becomes another one, and what the branch holds of it.
  struct Difference {
    var change: FileChange
    var theirs: ObjectID?
  }

  func differences(_ move: Move, onto builder: inout CommitBuilder) throws(GitError) -> [Difference] {
    let before = try move.base.map { base throws(GitError) in try objects.commit(base).tree }
    let after = try objects.commit(move.theirs).tree
    var files: [(path: String, old: ObjectID?, new: ObjectID?)] = []
    try TreeDifference(objects: objects).visit(from: before, to: after) { path, old, new throws(GitError) in
      files.append((path, old, new))
    }
    var differences: [Difference] = []
    for (path, old, new) in files {
      let changes = try changes(path, old, new, ours: try builder.file(at: path))
      differences += changes.map { Difference(change: $0, theirs: $0.path == path ? new : nil) }
    }
    return differences
  }

  private func changes(
    _ path: String, _ old: ObjectID?, _ new: ObjectID?, ours: ObjectID?
  ) throws(GitError) -> [FileChange] {
    if ours == new { return [] }
    if ours == old {
      let content = try new.map { id throws(GitError) in GitObject(.blob, try objects.blob(id), predecessor: ours) }
      return [try change(path, ours, content)]
    }
    // A deletion gives way to a change.
    guard let new else { return [] }
    guard let ours else { return [try change(path, nil, GitObject(.blob, try objects.blob(new)))] }
    guard let text = try? objects.text(ours), let theirs = try? objects.text(new) else { return [] }
    let base = old.flatMap { try? objects.text($0) }
    let merge = JSONMerge(base: base?.root.value, ours: text.root.value, theirs: theirs.root.value)
    let conflicts = try conflicts(merge, path)
    guard let value = merge.value, value != text.root.value else { return conflicts }
    let content = GitObject(.blob, text.changing(to: value).bytes, predecessor: ours)
    return [try change(path, ours, content)] + conflicts
  }

  private func conflicts(_ merge: JSONMerge, _ path: String) throws(GitError) -> [FileChange] {
    let name =
      if case .document(let address, _) = StoreLayout.place(of: path, kinds) { "\(address)" } else { path }
    var changes: [FileChange] = []
    for operation in ConflictRecord.operations(
      merge, document: name, kept: .library, lost: .hand, kinds: kinds, makeID: makeID)
    {
      guard case .put(let address, .value(let value), _) = operation,
        let kind = try? kinds.kind(of: address.collection.text),
        let path = try? StoreLayout.path(of: address, kind)
      else { continue }
      changes.append(try change(path, nil, GitObject(.blob, JSONText(formatting: value).bytes)))
    }
    return changes
  }

  private func change(_ path: String, _ basis: ObjectID?, _ content: GitObject?) throws(GitError) -> FileChange {
    // The index reads the new content where it reads all others.
    if let content { objects.stage([content]) }
    return FileChange(
      path: path, basis: basis, content: content,
      index: try IndexBuilder(kinds: kinds, objects: objects).change(path, basis, content?.id),
      summary: FileChange.Summary(name: path, words: content == nil ? "deleted" : "as on the branch"))
  }
}
