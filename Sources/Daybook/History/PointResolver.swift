import Documents
import Git

/// Finds the commit that a point means. Sequences, times and short ids are looked up in the index, so that the length of
/// the history hardly matters.
struct PointResolver {
  let index: Index
  let objects: ObjectReader
  let head: CommitID?

  private static let listedIDs = 3

  private var beginning: HistoryBeginning { HistoryBeginning(index: index, horizon: objects.horizon) }

  func commit(at point: Point) throws(StoreError) -> CommitSummary {
    var commit = try summary(base(point))
    for _ in 0..<point.stepsBack {
      guard let earlier = try earlier(commit) else {
        throw StoreError(.notFound, "There is no '\(point)': the history is not that long.", hint: beginning.hint)
      }
      commit = earlier
    }
    return commit
  }

  /// The commit before one on the store's line; before one that is not on it, as Git sees it.
  private func earlier(_ commit: CommitSummary) throws(StoreError) -> CommitSummary? {
    if let (sequence, id) = index.commit(before: commit.commit.id, at: commit.sequence) {
      return CommitSummary(id, sequence, try read(id))
    }
    return try read(commit.commit.id).parents.first.map { id throws(StoreError) in try summary(id) }
  }

  private func base(_ point: Point) throws(StoreError) -> ObjectID {
    switch point.base {
    case .newest:
      guard let head else { throw StoreError(.notFound, "The store has no commit yet.") }
      return head.id
    case .sequence(let sequence):
      guard let id = index.commit(at: sequence) else {
        throw StoreError(.notFound, "There is no commit with the sequence \(sequence).", hint: beginning.hint)
      }
      return id
    case .time(let time): return try newest(until: time)
    case .id(let digits):
      guard let id = try identified(digits) else { throw missing(digits) }
      return id
    case .name(let name):
      if let id = try identified(name) { return id }
      return try named(name)
    }
  }

  // MARK: Names

  private func named(_ name: String) throws(StoreError) -> ObjectID {
    do {
      return try objects.withRepository { repository throws(GitError) in try repository.commit(named: name) }
    } catch {
      throw missing(name)
    }
  }

  private func missing(_ name: String) -> StoreError {
    let folded = UInt64(name) == nil ? nil : beginning.hint
    return StoreError(.notFound, "There is no commit '\(name)'.", hint: folded ?? "`daybook log` lists them.")
  }

  private func identified(_ digits: String) throws(StoreError) -> ObjectID? {
    if let sequence = UInt64(digits), let id = index.commit(at: sequence) { return id }
    if let id = ObjectID(hex: digits), (try? objects.commit(id)) != nil { return id }
    return try idBeginning(with: digits.lowercased())
  }

  /// Looks through the ids in the index, which knows also those that are in no pack yet.
  private func idBeginning(with digits: String) throws(StoreError) -> ObjectID? {
    guard digits.utf8.count >= Point.shortestID, let range = ObjectID.range(beginning: digits) else { return nil }
    let found = index.commits(in: range)
    if found.count > 1 {
      let ids = found.prefix(Self.listedIDs).map(\.short).joined(separator: ", ")
      throw StoreError(.usage, "Several commits begin with '\(digits)': \(ids).", hint: "Write more of the id.")
    }
    return found.first
  }

  // MARK: Times

  private func newest(until time: Timestamp) throws(StoreError) -> ObjectID {
    guard let id = index.commit(at: index.sequence(until: time.milliseconds)) else {
      throw StoreError(.notFound, "The store has no commit from \(time) or before: it is younger.")
    }
    return id
  }

  // MARK: Commits

  private func summary(_ id: ObjectID) throws(StoreError) -> CommitSummary {
    try StoreOpening.reading("commit \(id.short)") { () throws(GitError) in
      let commit = try objects.commit(id)
      var sequences = CommitSequences(objects: objects)
      return CommitSummary(id, try sequences.sequence(of: commit), commit)
    }
  }

  private func read(_ id: ObjectID) throws(StoreError) -> Commit {
    try StoreOpening.reading("commit \(id.short)") { () throws(GitError) in try objects.commit(id) }
  }
}
