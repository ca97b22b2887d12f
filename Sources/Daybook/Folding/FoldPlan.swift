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

  /// Other machines, or people, may go on from where these stand: the history is kept from before them on. What else leads
  /// into it, such as a tag, or what a migration began with, stays readable, and what led to that goes.
  private static func isPosition(_ reference: String) -> Bool {
    ["refs/heads/", "refs/remotes/", RemoteName.references].contains { reference.hasPrefix($0) }
  }

  /// - Returns: nil when there is nothing to fold: no commit that is old enough has all later ones behind it.
  static func plan(
    of repository: borrowing Repository, branch: String, before seconds: Int64
  ) throws(GitError) -> FoldPlan? {
    let references = try references(of: repository)
    guard let head = references.first(where: { $0.name == branch })?.id else { return nil }
    let reached = Set(try repository.commits(through: head, butNotOf: [], limit: .max))
    var tips: Set<ObjectID> = [head]
    for reference in references {
      let isTip =
        reached.contains(reference.id)
        ? isPosition(reference.name) : try comes(reference.id, from: reached, head, repository)
      if isTip { tips.insert(reference.id) }
    }
    let history = try history(of: tips, in: repository)
    var place = HorizonSearch.newest(in: history, upTo: seconds, tips: tips)
    if place == nil, try isUnfinished(history, repository) { place = 0 }
    guard let place else { return nil }
    return try FoldPlan(cutting: history, at: place, references, repository)
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
    for id in try parents(of: Horizon([first]), in: repository) where repository.contains(id) { return true }
    return false
  }

  /// Whether a commit that is not in a history goes on from one that is. What does not, such as notes of Git's, stays.
  private static func comes(
    _ id: ObjectID, from reached: Set<ObjectID>, _ head: ObjectID, _ repository: borrowing Repository
  ) throws(GitError) -> Bool {
    for id in try repository.commits(through: id, butNotOf: [head], limit: .max) {
      if try repository.commit(id).parents.contains(where: { reached.contains($0) }) { return true }
    }
    return false
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

  /// A history begins with a commit that says its own place: with any other the order of commits would begin anew.
  private static func history(
    of tips: Set<ObjectID>, in repository: borrowing Repository
  ) throws(GitError) -> [HorizonSearch.Entry] {
    var history: [HorizonSearch.Entry] = []
    for id in try repository.commits(through: tips.sorted(), butNotOf: [], limit: .max) {
      let commit = try repository.commit(id)
      history.append(
        HorizonSearch.Entry(
          id: id, parents: commit.parents, seconds: commit.committer.seconds,
          isCandidate: CommitSequences.said(by: commit) != nil))
    }
    return history
  }
}
