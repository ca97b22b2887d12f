/// What is let in of a history that somebody else made.
package struct ArrivalRules: Sendable {
  /// The largest file, in bytes.
  package var fileBytes: Int
  /// How many commits may come at once.
  package var commits: Int
  /// How many files and folders one commit may add or change.
  package var changes: Int
  /// How many names one folder may have.
  package var names: Int
  /// How deep folders may lie in each other.
  package var depth: Int
  /// The longest path, in bytes.
  package var pathBytes: Int
  /// The largest commit and folder, in bytes.
  package var objectBytes: Int
  /// Why a commit is not let in for what it says; nil for one that is.
  package var faultOfCommit: @Sendable (Commit) -> String?

  package init(
    fileBytes: Int, commits: Int = 1_000_000, changes: Int = 2_000_000, names: Int = 200_000, depth: Int = 32,
    pathBytes: Int = 1_024, objectBytes: Int = 32 << 20,
    faultOfCommit: @escaping @Sendable (Commit) -> String? = { _ in nil }
  ) {
    self.fileBytes = fileBytes
    self.commits = commits
    self.changes = changes
    self.names = names
    self.depth = depth
    self.pathBytes = pathBytes
    self.objectBytes = objectBytes
    self.faultOfCommit = faultOfCommit
  }
}

/// Why what came is not let in.
package enum ArrivalFault: Error, Equatable {
  /// The commit that was known is no ancestor of the branch any more.
  case rewritten(known: ObjectID, found: ObjectID)
  /// More commits than are let in at once.
  case tooManyCommits(Int)
  /// Something in a commit; of a path, which is empty where it is about the commit itself, and as the end of a
  /// sentence.
  case hostile(commit: ObjectID, path: String, reason: String)
  /// It could not be read.
  case unreadable(GitError)
}
