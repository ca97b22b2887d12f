import Documents
import Git

/// Commits that pass a filter, newest first, each read only when its turn comes; and not more than so many of them,
/// whether they pass or not.
package struct CommitWalk {
  private let snapshot: Snapshot
  private let filter: CommitFilter
  /// The sequences that come into question, the next one last; nil for all.
  private var candidates: [UInt64]?
  /// Commits that were found in the index and not read yet, the next one last.
  private var batch: [(sequence: UInt64, id: ObjectID)] = []
  private let start: UInt64
  private var end: UInt64
  /// How many more are read.
  private var rest: Int
  /// The last one that was read.
  private var last: UInt64?
  /// Behind which sequence the search ended early; nil when it reached the end.
  package var leftOff: UInt64? { rest == 0 ? last : nil }

  /// - Parameters:
  ///   - sequence: only commits before this one.
  ///   - limit: how many are read at most.
  package init(
    _ filter: CommitFilter, before sequence: UInt64? = nil, reading limit: Int = .max, in snapshot: Snapshot
  ) {
    rest = limit
    self.snapshot = snapshot
    self.filter = filter
    let times = filter.sequences(in: snapshot.index)
    let (start, end) = (times.lowerBound, min(times.upperBound, sequence ?? snapshot.sequence + 1))
    (self.start, self.end) = (start, end)
    candidates = filter.path.flatMap { Self.sequences(of: $0, snapshot) }?.filter { start <= $0 && $0 < end }
  }

  /// What the index knows of a path, oldest first; nil when it is neither a document nor a collection.
  private static func sequences(of path: String, _ snapshot: Snapshot) -> [UInt64]? {
    switch StoreLayout.place(of: path, snapshot.kinds) {
    case .document(let address, _), .segment(let address, _, _, _):
      return snapshot.index.history(of: Index.name(of: address), limit: .max).map(\.sequence).reversed()
    case .schema, .other:
      guard snapshot.kinds.place(of: path) != nil else { return nil }
      return snapshot.index.sequences(ofCollection: path)
    }
  }

  package mutating func next() throws(StoreError) -> CommitSummary? {
    while rest > 0, let (sequence, id) = nextCandidate() {
      rest -= 1
      last = sequence
      let commit = try snapshot.summary(id, sequence)
      if filter.admits(commit), try touchesPath(commit) { return commit }
    }
    return nil
  }

  private mutating func nextCandidate() -> (sequence: UInt64, id: ObjectID)? {
    while let sequence = candidates?.popLast() {
      if let id = snapshot.index.commit(at: sequence) { return (sequence, id) }
    }
    if candidates != nil { return nil }
    if batch.isEmpty {
      batch = snapshot.index.commits(before: end, limit: Limits.historyBatch)
        .filter { $0.sequence >= start }.reversed()
      end = batch.first?.sequence ?? end
    }
    return batch.popLast()
  }

  private func touchesPath(_ commit: CommitSummary) throws(StoreError) -> Bool {
    guard let path = filter.path else { return true }
    return try StoreOpening.reading("commit \(commit.commit.short)") { () throws(GitError) in
      let objects = snapshot.objects
      let object = try objects.commit(commit.commit.id)
      let earlier = snapshot.index.commit(before: commit.commit.id, at: commit.sequence)
      let before = try earlier.map { earlier throws(GitError) in
        try TreeReader(root: objects.commit(earlier.id).tree, objects: objects).entry(at: path)
      }
      let after = try TreeReader(root: object.tree, objects: objects).entry(at: path)
      return before??.id != after?.id
    }
  }
}
