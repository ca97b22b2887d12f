import Documents
import Git

extension Snapshot {
  /// The changes of a document, newest first; also of one that was deleted. From the index, so its cost is that of what it
  /// returns, however long the store's history is.
  ///
  /// - Parameters:
  ///   - filter: Only commits that pass it; its path is not looked at.
  ///   - sequence: Only changes before this one: the sequence of the last one of the page before.
  public func history(
    of address: String, matching filter: CommitFilter = CommitFilter(), before sequence: UInt64? = nil,
    limit: Int = 100
  ) throws(StoreError) -> [DocumentVersion] {
    let name = Index.name(of: try kinds.address(address))
    var versions: [DocumentVersion] = []
    let times = filter.sequences(in: index)
    var end = min(sequence ?? .max, times.upperBound)
    while versions.count < limit {
      let states = index.history(of: name, before: end, limit: min(limit, Limits.historyBatch))
      if states.isEmpty { break }
      end = states.last?.sequence ?? end
      for state in states where versions.count < limit {
        if state.sequence < times.lowerBound { return versions }
        guard let id = index.commit(at: state.sequence) else { continue }
        let commit = try summary(id, state.sequence)
        guard filter.admits(commit) else { continue }
        versions.append(DocumentVersion(commit: commit, revision: state.revision.map { Revision($0) }))
      }
    }
    return versions
  }

  /// The commits of the store, newest first.
  ///
  /// A filter's times are found by halving, and the path of a document or a collection in the index; any other condition
  /// reads the commits one by one.
  public func commits(
    matching filter: CommitFilter = CommitFilter(), before sequence: UInt64? = nil, limit: Int = 100
  ) throws(StoreError) -> [CommitSummary] {
    var walk = CommitWalk(filter, before: sequence, in: self)
    var commits: [CommitSummary] = []
    while commits.count < limit, let commit = try walk.next() { commits.append(commit) }
    return commits
  }

  /// The commits after a sequence, oldest first. Never touches the disk.
  package func commitIDs(after sequence: UInt64, limit: Int) -> [(sequence: UInt64, commit: CommitID)] {
    index.commits(after: sequence, limit: limit).map { ($0.sequence, CommitID($0.id)) }
  }

  /// The sequence of the first commit that is here; nil where the history is whole.
  package var beginning: UInt64? { HistoryBeginning(index: index, horizon: objects.horizon).first }

  /// Whether all that changed after a sequence is known: not where that was folded.
  package func hasHistory(after sequence: UInt64) -> Bool {
    (try? HistoryBeginning(index: index, horizon: objects.horizon).require(after: sequence)) != nil
  }

  /// The commit that a point means.
  ///
  /// - Throws: `.notFound` when there is none, `.usage` when a short id means several.
  public func commit(at point: Point) throws(StoreError) -> CommitSummary {
    try PointResolver(index: index, objects: objects, head: commit).commit(at: point)
  }

  func summary(_ id: ObjectID, _ sequence: UInt64) throws(StoreError) -> CommitSummary {
    try StoreOpening.reading("commit \(id.short)") { () throws(GitError) in
      CommitSummary(id, sequence, try objects.commit(id))
    }
  }
}
