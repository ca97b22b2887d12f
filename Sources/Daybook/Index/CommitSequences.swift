import Git

/// Places of commits in the total order: one more than the largest of a commit's parents'.
///
/// So a commit has the same place in every clone, whichever of its parents a store's line goes by, and along each line places
/// rise. A commit that was made with Daybook says its own; for others the way back leads to those that do.
struct CommitSequences {
  let objects: ObjectReader
  private var known: [ObjectID: UInt64]

  /// - Parameter known: Places that need not be looked for.
  init(objects: ObjectReader, knowing known: [ObjectID: UInt64] = [:]) {
    self.objects = objects
    self.known = known
  }

  mutating func sequence(of commit: Commit) throws(GitError) -> UInt64 {
    if let sequence = Self.said(by: commit) { return sequence }
    for parent in commit.parents { try find(parent) }
    return next(after: commit.parents)
  }

  /// Without recursion: a history that was made without us may be long.
  private mutating func find(_ id: ObjectID) throws(GitError) {
    var waiting = [id]
    while let id = waiting.last {
      if known[id] == nil {
        let commit = try objects.commit(id)
        let said = Self.said(by: commit)
        let unknown = said == nil ? commit.parents.filter { known[$0] == nil } : []
        guard unknown.isEmpty else {
          waiting += unknown
          continue
        }
        known[id] = said ?? next(after: commit.parents)
      }
      waiting.removeLast()
    }
  }

  private func next(after parents: [ObjectID]) -> UInt64 {
    (parents.compactMap { known[$0] }.max() ?? 0) + 1
  }

  /// As the commit itself says; nil for one that was made without us.
  ///
  /// `git commit --amend`, `cherry-pick` and `rebase` take our message along, but not the committer.
  static func said(by commit: Commit) -> UInt64? {
    guard commit.committer.name == CommitBuilder.committerName,
      commit.committer.email == CommitBuilder.committerEmail,
      let sequence = commit.trailer(CommitMessage.sequenceKey).flatMap({ UInt64($0) })
    else { return nil }
    return sequence <= Limits.largestSequence ? sequence : nil
  }
}
