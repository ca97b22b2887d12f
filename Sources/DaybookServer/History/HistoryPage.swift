import Daybook
import DaybookRuntime

/// Some commits of a history, newest first: those of which the caller may know.
///
/// What belongs to others is passed over, a bounded number of commits for each page; so a page may have few commits, and
/// none, and still a next one.
struct HistoryPage {
  private let limit: Int
  private(set) var rows: [JSONObject] = []
  /// The sequence before which the next page begins.
  private(set) var next: UInt64?

  init(limit: Int) {
    self.limit = limit
  }

  /// Reads the history of the store, or as the filter says of a collection.
  mutating func read(_ sight: Sight, _ filter: CommitFilter, before: UInt64?) throws(StoreError) {
    try read(before) { end, count throws(StoreError) in
      try sight.snapshot.commits(matching: filter, before: end, limit: count).map { commit throws(StoreError) in
        (commit.sequence, try sight.commit(commit)?.json())
      }
    }
  }

  /// Reads the history of a document.
  mutating func read(
    _ sight: Sight, _ address: String, _ filter: CommitFilter, before: UInt64?
  ) throws(StoreError) {
    let name = try sight.snapshot.kinds.address(address)
    try sight.caller.check(.read, in: name.collection.text)
    try read(before) { end, count throws(StoreError) in
      try sight.snapshot.history(of: address, matching: filter, before: end, limit: count).map {
        version throws(StoreError) in
        let commit = try sight.version(version, of: name)
        return (version.commit.sequence, commit?.json(revision: .some(version.revision)))
      }
    }
  }

  private mutating func read(
    _ before: UInt64?,
    _ fetch: (UInt64?, Int) throws(StoreError) -> [(sequence: UInt64, json: JSONObject?)]
  ) throws(StoreError) {
    var (end, last, searched) = (before, UInt64?.none, 0)
    while searched < Limits.searchedCommits {
      let batch = min(limit + 1, Limits.commitBatch)
      let commits = try fetch(end, batch)
      for commit in commits {
        guard let row = commit.json else { continue }
        if rows.count == limit {
          next = last
          return
        }
        rows.append(row)
        last = commit.sequence
      }
      if commits.count < batch { return }
      end = commits.last?.sequence
      searched += commits.count
    }
    next = end
  }
}
