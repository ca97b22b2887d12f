import Git

/// What is kept and what goes when the history of a repository is folded.
struct FoldPlan {
  /// The commit that will be the first.
  let commit: ObjectID
  let horizon: Horizon
  /// How many commits go.
  let commits: Int
  /// What commits name as their parents that will not be there.
  let parents: Set<ObjectID>
  /// All that is kept is found from here.
  let starts: [ObjectID]

  /// Other machines may go on from where these stand: the history is kept from before them on.
  static func isPosition(_ reference: String) -> Bool {
    ["refs/heads/", "refs/remotes/", "refs/stash", RemoteName.references].contains { reference.hasPrefix($0) }
  }

  /// - Returns: nil when there is nothing to fold: no commit that is old enough has all later ones behind it.
  static func plan(
    of repository: borrowing Repository, before seconds: Int64
  ) throws(GitError) -> FoldPlan? {
    let references = try references(of: repository)
    var tips = Set(references.filter { isPosition($0.name) }.map(\.id))
    // A tag beside all branches has its history for itself.
    let reached = Set(try repository.commits(through: tips.sorted(), butNotOf: [], limit: .max))
    tips.formUnion(references.map(\.id).filter { !reached.contains($0) })
    let history = try history(of: tips, in: repository)
    guard let place = HorizonSearch.newest(in: history, upTo: seconds, tips: tips) else { return nil }
    let kept = Set(history[place...].map(\.id))
    // A tag, or what a migration began with, stays readable; what led to it goes.
    let points = Set(references.map(\.id)).subtracting(kept)
    let horizon = Horizon(repository.horizon.borders.intersection(kept).union(points).union([history[place].id]))
    var parents: Set<ObjectID> = []
    for id in horizon.borders { parents.formUnion(try Commit(parsing: repository.object(id).content).parents) }
    return FoldPlan(
      commit: history[place].id, horizon: horizon, commits: place - points.count,
      parents: parents.subtracting(kept).subtracting(points), starts: try repository.references().map(\.id))
  }

  /// The commits that refs lead to; what leads to none is not history.
  private static func references(of repository: borrowing Repository) throws(GitError) -> [Reference] {
    var references: [Reference] = []
    for reference in try repository.references() {
      guard let commit = try repository.commit(behind: reference.id) else { continue }
      references.append(Reference(reference.name, commit))
    }
    return references
  }

  private static func history(
    of tips: Set<ObjectID>, in repository: borrowing Repository
  ) throws(GitError) -> [HorizonSearch.Entry] {
    var history: [HorizonSearch.Entry] = []
    for id in try repository.commits(through: tips.sorted(), butNotOf: [], limit: .max) {
      let commit = try repository.commit(id)
      history.append(HorizonSearch.Entry(id: id, parents: commit.parents, seconds: commit.committer.seconds))
    }
    return history
  }
}
