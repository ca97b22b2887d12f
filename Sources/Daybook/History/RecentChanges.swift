import Git
import Synchronization

/// Which files the newest commits changed, as the writer knows it: who follows the store need not find that out by
/// comparing folders.
///
/// A ring: a commit has its place by its sequence, and leaves it to one that comes much later. Commits that are not there
/// any more, are large, or were made by others are read back (`ChangeReader`).
final class RecentChanges: Sendable {
  private struct Entry {
    let commit: ObjectID
    /// In the order of their paths, as reading back finds them.
    let files: [ChangedFile]
  }

  private let entries = Mutex([Entry?](repeating: nil, count: Limits.recentCommits))

  func add(_ outcomes: [CommitBuilder.Outcome]) {
    entries.withLock { entries in
      for outcome in outcomes where outcome.knowsBefore && outcome.files.count <= Limits.recentCommitFiles {
        let files = outcome.files.filter { $0.basis != $0.id }.sorted {
          $0.path.utf8.lexicographicallyPrecedes($1.path.utf8)
        }
        entries[Self.place(of: outcome.sequence)] = Entry(commit: outcome.commit, files: files)
      }
    }
  }

  /// The files of a commit with what they held before; nil when that is not known.
  func files(of commit: (sequence: UInt64, id: ObjectID)) -> [ChangedFile]? {
    let entry = entries.withLock { $0[Self.place(of: commit.sequence)] }
    return entry?.commit == commit.id ? entry?.files : nil
  }

  private static func place(of sequence: UInt64) -> Int { Int(sequence % UInt64(Limits.recentCommits)) }
}
