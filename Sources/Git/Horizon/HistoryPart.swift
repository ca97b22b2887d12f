/// What of a history another repository is to get.
struct HistoryPart {
  /// Each behind its parents, as far as those are among them.
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
    for step in 1...depth {
      if level.isEmpty || commits.count > limit { break }
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
    return HistoryPart(commits: try parentsFirst(commits, from: tip, behind: horizon), horizon: horizon, isAll: true)
  }

  /// What a history has beyond what another repository has of it.
  ///
  /// - Parameter known: Commits that both have, with all before them up to where the other's history is cut. What goes on
  ///   from before there needs what is behind it as well, and takes it along.
  func part(
    through tip: ObjectID, butNotOf known: [ObjectID], for other: borrowing Repository, limit: Int
  ) throws(GitError) -> HistoryPart {
    var commits = try commits(through: tip, butNotOf: known, limit: limit)
    if !other.horizon.isEmpty, !commits.isEmpty {
      var found = Set(commits)
      var waiting = commits
      while let id = waiting.popLast(), found.count < limit {
        waiting += try commit(id).parents.filter { !other.contains($0) && found.insert($0).inserted }
      }
      commits = try parentsFirst(found, from: tip, behind: .none)
    }
    return HistoryPart(commits: commits, horizon: .none, isAll: known.isEmpty)
  }

  /// Puts commits, all of which a tip comes from through others of them, in order.
  private func parentsFirst(
    _ commits: Set<ObjectID>, from tip: ObjectID, behind cut: Horizon
  ) throws(GitError) -> [ObjectID] {
    var ordered: [ObjectID] = []
    var done: Set<ObjectID> = []
    var waiting = [tip]
    while let id = waiting.last {
      let parents = done.contains(id) ? [] : try cut.cutting(commit(id), id).parents
      let before = parents.filter { commits.contains($0) && !done.contains($0) }
      if before.isEmpty {
        waiting.removeLast()
        if done.insert(id).inserted { ordered.append(id) }
      } else {
        waiting += before
      }
    }
    return ordered
  }
}
