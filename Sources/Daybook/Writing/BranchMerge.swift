import Documents
import Git

/// Puts on top of our newest commit what a person did to the branch meanwhile: the difference between what it held when we
/// last looked and what it holds now.
///
/// Files that we left alone become as the branch has them. A document that both changed is joined member by member; where
/// both changed the same, ours stays, which was acknowledged, and theirs is kept as a conflict and in its own commit.
///
/// Plain Git commits what we would not: what arrives is lifted to the version of its kind, checked and sealed first, as any
/// write is. What cannot be taken stays as we hold it, and the person's file as it is: from then on it holds a hand edit that
/// is invalid.
struct BranchMerge {
  let preparer: Preparer
  let leakNotes: LeakNotes
  let makeID: @Sendable () -> DocumentID

  private var objects: ObjectReader { preparer.objects }

  /// What the branch held, and holds now; nil for no commit.
  struct Move: Sendable {
    var base: ObjectID?
    var theirs: ObjectID
    /// What a sync has changed, whose working files are still to be made; nil where a person's Git has made them.
    var files: [ChangedFile]?

    var origin: Origin { files == nil ? .hand : .sync }
  }

  /// How what the branch holds now stands to a commit of ours.
  struct Relation {
    /// It came after what the branch held before.
    var follows: Bool
    /// Our commit has it among its ancestors, as when the branch was moved back.
    var isKnown: Bool
  }

  func relation(of move: Move, to head: ObjectID?) throws(GitError) -> Relation {
    try objects.withRepository { repository throws(GitError) in
      let follows = try move.base.map { base throws(GitError) in try repository.isAncestor(base, of: move.theirs) }
      let isKnown = try head.map { head throws(GitError) in try repository.isAncestor(move.theirs, of: head) }
      return Relation(follows: follows ?? true, isKnown: isKnown ?? false)
    }
  }

  /// The state from which to go on when the branch simply went ahead of us.
  func successor(of index: Index, at sequence: UInt64, _ move: Move) throws -> CommitBuilder {
    let (index, sequence) = try IndexBuilder(objects: objects)
      .extended(index, from: move.base, at: sequence, through: move.theirs)
    return CommitBuilder(
      index: index, head: move.theirs, sequence: sequence,
      trees: TreeEditor(root: try objects.commit(move.theirs).tree, objects: objects))
  }

  /// What becomes of the files that the branch brings, on top of this state.
  func arrivals(_ move: Move, onto builder: inout CommitBuilder) throws -> Arrivals {
    let before = try move.base.map { base throws(GitError) in try objects.commit(base).tree }
    let after = try objects.commit(move.theirs).tree
    var files: [ArrivingFile] = []
    try TreeDifference(objects: objects).visit(from: before, to: after) { path, old, new throws(GitError) in
      files.append(ArrivingFile(path: path, base: old, theirs: new, ours: nil))
    }
    let reader = try ArrivalReader(preparer: preparer, makeID: makeID, move: move, head: builder.head)
    if reader.liftsOurs, let root = builder.root {
      // They have migrated while we wrote: what we alone have changed is to be lifted as well.
      let arriving = Set(files.map(\.path))
      try TreeDifference(objects: objects).visit(from: before, to: root) { path, old, _ throws(GitError) in
        if !arriving.contains(path) { files.append(ArrivingFile(path: path, base: old, theirs: old, ours: nil)) }
      }
    }
    for place in files.indices { files[place].ours = try builder.file(at: files[place].path) }
    return try reader.arrivals(files, builder.index)
  }

  /// Remembers the secrets that the branch brings in clear text. Done before they are sealed: a crash must not forget them.
  func noteLeaks(_ move: Move, _ kinds: Kinds) throws -> [LeakNotes.Note] {
    let search = LeakSearch(objects: objects, sealer: preparer.sealer, kinds: kinds)
    let leaks = try search.leaks(after: move.base, through: move.theirs)
    try leakNotes.add(leaks)
    return leaks
  }

  /// The changes that make of a state what arrived: of ours, or of theirs when the branch simply went ahead of us.
  func changes(_ arrivals: Arrivals, ofTheirs: Bool, _ kinds: Kinds) throws(GitError) -> [FileChange] {
    var changes: [FileChange] = []
    for arrival in arrivals.files {
      let basis = ofTheirs ? arrival.file.theirs : arrival.file.ours
      if arrival.content?.id != basis { changes.append(try change(arrival.file.path, basis, arrival.content, kinds)) }
    }
    for conflict in arrivals.conflicts { changes.append(try change(conflict.path, nil, conflict.content, kinds)) }
    return changes
  }

  private func change(
    _ path: String, _ basis: ObjectID?, _ content: GitObject?, _ kinds: Kinds
  ) throws(GitError) -> FileChange {
    // The index reads the new content where it reads all others.
    if let content { objects.stage([content]) }
    return FileChange(
      path: path, basis: basis, content: content,
      index: try IndexBuilder(objects: objects).change(path, basis, content?.id, kinds),
      summary: FileChange.Summary(name: path, words: content == nil ? "deleted" : "as on the branch"))
  }
}
