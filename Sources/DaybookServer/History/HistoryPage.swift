import Daybook
import DaybookRuntime

/// Some commits of a history, newest first: those of which the caller may know.
///
/// What belongs to others or does not match is passed over, a bounded number of commits for each page; so a page may have few
/// commits, and none, and still a next one.
struct HistoryPage {
  private let limit: Int
  private(set) var rows: [JSONObject] = []
  /// The sequence before which the next page begins.
  private(set) var next: UInt64?
  /// The sequence of the last row.
  private var last: UInt64?

  init(limit: Int) {
    self.limit = limit
  }

  /// Reads the history of the store, or as the filter says of a collection.
  mutating func read(_ sight: Sight, _ filter: CommitFilter, before: UInt64?) throws(StoreError) {
    var walk = CommitWalk(filter, before: before, reading: Limits.searchedCommits, in: sight.snapshot)
    while let commit = try walk.next() {
      guard let row = try sight.commit(commit)?.json() else { continue }
      if !add(row, commit.sequence) { return }
    }
    next = walk.leftOff
  }

  /// Reads the history of a document.
  mutating func read(
    _ sight: Sight, _ address: String, _ filter: CommitFilter, before: UInt64?
  ) throws(StoreError) {
    let name = try sight.snapshot.kinds.address(address)
    try sight.caller.check(.read, in: name.collection.text)
    var (end, searched) = (before, 0)
    while searched < Limits.searchedCommits {
      let versions = try sight.snapshot.history(
        of: address, matching: filter.ofTimes, before: end, limit: Limits.commitBatch)
      for version in versions where filter.admits(version.commit) {
        guard let commit = try sight.version(version, of: name) else { continue }
        if !add(commit.json(revision: .some(version.revision)), version.commit.sequence) { return }
      }
      if versions.count < Limits.commitBatch { return }
      end = versions.last?.commit.sequence
      searched += versions.count
    }
    next = end
  }

  /// Adds a commit; false when the page was full before, and goes on behind its last one.
  private mutating func add(_ row: JSONObject, _ sequence: UInt64) -> Bool {
    guard rows.count < limit else {
      next = last
      return false
    }
    rows.append(row)
    last = sequence
    return true
  }
}
