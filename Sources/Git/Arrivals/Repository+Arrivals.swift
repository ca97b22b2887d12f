extension Repository {
  /// Looks at all that a history brings beyond what is known, before anything is done with it: each commit, and of each
  /// the files and folders that it changes. Throws at the first fault.
  ///
  /// - Parameters:
  ///   - tip: What came.
  ///   - followed: What the same branch held when it was looked at last: it must be an ancestor.
  ///   - known: Commits whose history is here already; it was let in before, or made here.
  /// - Returns: How many commits are new.
  @discardableResult
  package func inspectArrivals(
    through tip: ObjectID, following followed: ObjectID?, known: [ObjectID], _ rules: ArrivalRules,
    onProgress: (TransferProgress) -> Void = { _ in }
  ) throws(ArrivalFault) -> Int {
    let commits = try reading { repository throws(GitError) in
      try repository.commits(through: tip, butNotOf: known, limit: rules.commits + 1)
    }
    let follows = try reading { repository throws(GitError) in
      try followed.map { followed throws(GitError) in try repository.isAncestor(followed, of: tip) } ?? true
    }
    if let followed, !follows { throw .rewritten(known: followed, found: tip) }
    guard commits.count <= rules.commits else { throw .tooManyCommits(rules.commits) }
    for (place, id) in commits.enumerated() {
      try inspect(id, rules)
      onProgress(TransferProgress(.inspecting, done: place + 1, total: commits.count))
    }
    return commits.count
  }

  /// Its first parent was looked at before it, or is known.
  private func inspect(_ id: ObjectID, _ rules: ArrivalRules) throws(ArrivalFault) {
    let size = try reading { repository throws(GitError) in try repository.size(of: id) }
    guard size <= rules.objectBytes else { throw .hostile(commit: id, path: "", reason: "has \(size) bytes") }
    let commit = try reading { repository throws(GitError) in try repository.commit(id) }
    if let fault = rules.faultOfCommit(commit) { throw .hostile(commit: id, path: "", reason: fault) }
    let before = try reading { repository throws(GitError) in
      try commit.parents.first.map { parent throws(GitError) in try repository.commit(parent).tree }
    }
    var inspection = TreeInspection(rules)
    do throws(TreeInspection.Fault) {
      try inspection.inspect(commit.tree, after: before, in: self)
    } catch {
      switch error {
      case .hostile(let path, let reason): throw .hostile(commit: id, path: path, reason: reason)
      case .unreadable(let error): throw .unreadable(error)
      }
    }
  }

  private func reading<Result>(
    _ body: (borrowing Repository) throws(GitError) -> Result
  ) throws(ArrivalFault) -> Result {
    do throws(GitError) {
      return try body(self)
    } catch {
      throw .unreadable(error)
    }
  }
}
