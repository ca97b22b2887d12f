/// What folding a history did, or would do.
package struct FoldReport: Equatable, Sendable {
  /// The commit with which the history begins; nil when there was nothing to fold.
  package var commit: CommitID?
  /// When it was made.
  package var seconds: Int64 = 0
  /// Its place in the total order of commits; nil for one that another program made.
  package var sequence: UInt64?
  /// How many commits went.
  package var commits = 0
  /// How many objects went: commits, folders, versions of files.
  package var objects = 0
  package var bytesBefore = 0
  package var bytesAfter = 0
  /// Who holds the history back, so that more of it stays than was asked for; who stands furthest back is the first.
  package var holders: [FoldHolder] = []

  /// How many bytes the disk got back. Few commits may free none: what was kept as its difference from what went is kept
  /// whole.
  package var bytesFreed: Int { bytesBefore - bytesAfter }
}

/// A ref from which somebody may go on that stands before where a history was to begin.
package struct FoldHolder: Equatable, Sendable {
  package let reference: String
  package let position: CommitPosition

  /// The machine that it is the position of, and the remote whose register says so; nil for any other ref.
  package var machine: (name: String, remote: String)? {
    MachineRegister.entry(reference).map { ($0.machine, $0.remote) }
  }
}
