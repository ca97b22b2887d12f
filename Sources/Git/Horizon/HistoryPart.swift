/// What of a history another repository is to get.
struct HistoryPart {
  /// No order is promised.
  var commits: [ObjectID]
  /// Where it is cut, for whoever gets it.
  var horizon: Horizon
  /// Whether nothing of it is there yet.
  var isAll: Bool
}

extension Repository {
  /// The commits that are at most so many steps away from a tip, itself being the first, as Git counts them.
  func part(through tip: ObjectID, depth: Int, limit: Int) throws(GitError) -> HistoryPart {
    var commits: Set<ObjectID> = [tip]
    var horizon = Horizon.none
    var level = [tip]
    for step in 1...depth where !level.isEmpty && commits.count <= limit {
      var next: [ObjectID] = []
      for id in level {
        let parents = try commit(id).parents
        if step < depth {
          next += parents.filter { commits.insert($0).inserted }
        } else if !parents.isEmpty {
          horizon.borders.insert(id)
        }
      }
      level = next
    }
    return HistoryPart(commits: Array(commits), horizon: horizon, isAll: true)
  }

  /// What a history has beyond what another repository has of it.
  ///
  /// - Parameter known: Commits that both have, with all before them up to where the other's history is cut. What goes on
  ///   from before there needs what is behind it as well, and takes it along.
  func part(
    through tip: ObjectID, butNotOf known: [ObjectID], for other: borrowing Repository, limit: Int
  ) throws(GitError) -> HistoryPart {
    var commits = try commits(through: tip, butNotOf: known, limit: limit)
    guard !other.horizon.isEmpty else { return HistoryPart(commits: commits, horizon: .none, isAll: known.isEmpty) }
    var found = Set(commits)
    var waiting = commits
    while let id = waiting.popLast(), commits.count < limit {
      for parent in try commit(id).parents where !other.contains(parent) && found.insert(parent).inserted {
        commits.append(parent)
        waiting.append(parent)
      }
    }
    return HistoryPart(commits: commits, horizon: .none, isAll: known.isEmpty)
  }
}
