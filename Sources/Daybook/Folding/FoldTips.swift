import Git

/// From where somebody may go on: branches, remotes as they were fetched last, the machines of their registers, and what goes on
/// from the store's history beside these. A folding keeps the history from before all of them on.
///
/// What else leads into the history, such as a tag, or what a migration began with, stays readable, and what led to that goes.
/// So it is with a machine that is left behind.
struct FoldTips {
  /// The newest commit of the store's branch.
  let head: ObjectID
  /// All refs, with the commits that they lead to.
  let references: [Reference]
  /// Those from which somebody may go on; the branch is one of them.
  let tips: [Reference]

  /// - Parameter leaving: The machines that are left behind.
  /// - Returns: nil for a branch that holds nothing.
  init?(of repository: borrowing Repository, branch: String, leaving: Set<String>) throws(GitError) {
    references = try Self.references(of: repository)
    guard let head = references.first(where: { $0.name == branch })?.id else { return nil }
    self.head = head
    let reached = Set(try repository.commits(through: head, butNotOf: [], limit: .max))
    var tips: [Reference] = []
    for reference in references {
      if let entry = MachineRegister.entry(reference.name), leaving.contains(entry.machine) { continue }
      let isTip =
        reached.contains(reference.id)
        ? Self.isPosition(reference.name) : try Self.comes(reference.id, from: reached, head, repository)
      if isTip { tips.append(reference) }
    }
    self.tips = tips
  }

  private static func isPosition(_ reference: String) -> Bool {
    ["refs/heads/", "refs/remotes/", RemoteName.references, MachineRegister.references].contains {
      reference.hasPrefix($0)
    }
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

  /// All that the tips come from, each commit behind its parents. A history begins with a commit that says its own place: with
  /// any other the order of commits would begin anew.
  func history(in repository: borrowing Repository) throws(GitError) -> [HorizonSearch.Entry] {
    var history: [HorizonSearch.Entry] = []
    for id in try repository.commits(through: Set(tips.map(\.id)).sorted(), butNotOf: [], limit: .max) {
      let commit = try repository.commit(id)
      history.append(
        HorizonSearch.Entry(
          id: id, parents: commit.parents, seconds: commit.committer.seconds,
          isCandidate: CommitSequences.said(by: commit) != nil))
    }
    return history
  }

  /// Those for whose sake more is kept than was asked for, the one that stands furthest back first: they do not come after the
  /// commit with which the history of the store's branch alone would begin.
  ///
  /// - Parameter first: With what it is to begin as it is; nil where nothing goes.
  func holding(
    _ history: [HorizonSearch.Entry], at first: ObjectID?, upTo seconds: Int64
  ) -> [Reference] {
    var own: Set<ObjectID> = [head]
    for entry in history.reversed() where own.contains(entry.id) { own.formUnion(entry.parents) }
    let alone = history.filter { own.contains($0.id) }
    guard let place = HorizonSearch.newest(in: alone, upTo: seconds, tips: [head]), alone[place].id != first else {
      return []
    }
    var later: Set<ObjectID> = [alone[place].id]
    for entry in history where entry.parents.contains(where: later.contains) { later.insert(entry.id) }
    let places = Dictionary(uniqueKeysWithValues: history.enumerated().map { ($0.element.id, $0.offset) })
    return tips.filter { !later.contains($0.id) }.sorted {
      (places[$0.id] ?? 0, $0.name) < (places[$1.id] ?? 0, $1.name)
    }
  }
}
