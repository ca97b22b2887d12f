import Documents
import Git

/// Joins two commits of a store: the same new commit, byte for byte, on whichever machine and whichever of the two is its own.
///
/// It is a function of the two commits and those behind them, and of no clock, key or setting: which side ranks first is
/// decided by their times and ids, the author is the store, the time is that of the later one. So machines that merge the
/// same two have nothing to merge afterwards.
///
/// Two commits have several bases where machines merged crosswise. Those are joined first, in the same way and in the order
/// of their ids, and what they come to is the base: so what both sides have of them is not taken for a change of both, and
/// no counter is counted twice.
struct StoreMerge {
  let objects: ObjectReader

  struct Outcome {
    /// Holds what both have: one of the two, if it comes after the other.
    let commit: ObjectID
    /// What is new, in the order in which it depends on each other.
    var objects: [GitObject] = []
  }

  /// - Throws: `.refused` when the two have no commit in common.
  func joining(_ one: ObjectID, _ other: ObjectID) throws(StoreError) -> Outcome {
    let outcome = try StoreOpening.reading("the commits to merge") { () throws(GitError) -> Outcome? in
      let bases = try self.bases(of: other, and: [one])
      if bases == [one] { return Outcome(commit: other) }
      if bases == [other] { return Outcome(commit: one) }
      return bases.isEmpty ? nil : try joined(one, other, bases)
    }
    guard let outcome else {
      guard objects.horizon.isEmpty else {
        throw StoreError(
          .refused,
          "The commits \(one.short) and \(other.short) have none in common since this store's history was cut.",
          hint: "With the store closed, `git fetch --unshallow` brings the rest from a remote that has it. Then sync.")
      }
      throw StoreError(
        .refused, "The commits \(one.short) and \(other.short) have no commit in common: they are not of one store.",
        hint: "Sync with the repository that this store was cloned from, or with a clone of it.")
    }
    return outcome
  }

  private func joined(_ one: ObjectID, _ other: ObjectID, _ bases: [ObjectID]) throws(GitError) -> Outcome {
    var made: [ObjectID: GitObject] = [:]
    var merge = try FilesMerge(
      base: base(bases, &made), MergeSide(one, objects), MergeSide(other, objects), making: made, objects)
    let conflicts = try merge.conflicts()
    return try commit(merge, conflicts, joining: [one, other].sorted())
  }

  // MARK: The base

  private func bases(of tip: ObjectID, and others: [ObjectID]) throws(GitError) -> [ObjectID] {
    try objects.withRepository { repository throws(GitError) in try repository.mergeBases(of: tip, and: others) }
  }

  /// What some commits come to together. Their collisions are no conflicts: whoever merged them has told of those.
  private func base(
    _ commits: [ObjectID], _ made: inout [ObjectID: GitObject], depth: Int = 0
  ) throws(GitError) -> MergeSide {
    var side = try MergeSide(commits[0], objects)
    guard depth < Limits.mergeBaseDepth else { return side }
    for next in commits.prefix(Limits.mergeBases).dropFirst() {
      let bases = try self.bases(of: next, and: side.tips)
      guard !bases.isEmpty else { continue }
      let merge = try FilesMerge(
        base: base(bases, &made, depth: depth + 1), side, MergeSide(next, objects), making: made, objects)
      made = merge.made
      side = merge.first.joining(merge.second, merge.changes)
    }
    return side
  }

  // MARK: The commit

  private func commit(
    _ merge: FilesMerge, _ conflicts: [(path: String, content: GitObject)], joining parents: [ObjectID]
  ) throws(GitError) -> Outcome {
    var files = merge.changes
    for conflict in conflicts { files[conflict.path] = conflict.content.id }
    var trees = TreeEditor(root: merge.first.root, objects: objects)
    let folders = try trees.apply(files.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    var sequences = CommitSequences(objects: objects)
    var (sequence, seconds) = (UInt64(0), Int64.min)
    for parent in parents {
      let commit = try objects.commit(parent)
      sequence = max(sequence, try sequences.sequence(of: commit))
      seconds = max(seconds, commit.committer.seconds)
    }
    let signature = Signature(name: Author.store.name, email: Author.store.email, seconds: seconds)
    let names = parents.map(\.short).joined(separator: " and ")
    let message = CommitMessage.text(subject: "Merge \(names)", sequence: sequence + 1, origin: .sync)
    let object = Commit(
      tree: trees.root ?? merge.first.root, parents: parents, author: signature, committer: signature, message: message
    ).object
    let blobs = files.values.compactMap { $0.flatMap { merge.made[$0] } } + conflicts.map(\.content)
    return Outcome(commit: object.id, objects: blobs + folders + [object])
  }
}
