import Git

/// What is kept and what goes when the history of a repository is folded.
struct FoldPlan {
  /// The commit that will be the first.
  let commit: ObjectID
  var horizon: Horizon
  /// How many commits go.
  let commits: Int
  /// What commits name as their parents that will not be there.
  let parents: Set<ObjectID>

  /// - Parameter history: That of the tips.
  /// - Returns: nil when there is nothing to fold: no commit that is old enough has all later ones behind it.
  static func plan(
    _ history: [HorizonSearch.Entry], of tips: FoldTips, before seconds: Int64, in repository: borrowing Repository
  ) throws(GitError) -> FoldPlan? {
    var place = HorizonSearch.newest(in: history, upTo: seconds, tips: Set(tips.tips.map(\.id)))
    if place == nil, try isUnfinished(history, repository) { place = 0 }
    guard let place else { return nil }
    return try FoldPlan(cutting: history, at: place, tips.references, repository)
  }

  private init(
    cutting history: [HorizonSearch.Entry], at place: Int, _ references: [Reference], _ repository: borrowing Repository
  ) throws(GitError) {
    let gone = Set(history[..<place].map(\.id))
    let points = gone.intersection(references.map(\.id))
    commit = history[place].id
    commits = place - points.count
    horizon = Horizon(repository.horizon.borders.subtracting(gone).union(points).union([commit]))
    parents = try Self.parents(of: horizon, in: repository).subtracting(history[place...].map(\.id))
  }

  /// What the commits of a horizon say of their parents, however they are kept.
  private static func parents(
    of horizon: Horizon, in repository: borrowing Repository
  ) throws(GitError) -> Set<ObjectID> {
    var parents: Set<ObjectID> = []
    for id in horizon.borders { parents.formUnion(try Commit(parsing: repository.object(id).content).parents) }
    return parents.subtracting(horizon.borders)
  }

  /// Whether a folding was ended before it took away what it was to.
  private static func isUnfinished(
    _ history: [HorizonSearch.Entry], _ repository: borrowing Repository
  ) throws(GitError) -> Bool {
    guard let first = history.first?.id, repository.horizon.borders.contains(first) else { return false }
    // Another way may have brought them.
    let parents = try parents(of: Horizon([first]), in: repository).subtracting(history.map(\.id))
    return parents.contains { repository.contains($0) }
  }
}
