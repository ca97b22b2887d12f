import Git

/// Why a write was answered with a conflict that had been made here.
package struct TakenBack: Error {}

/// Takes writes back that cannot stand beside what the hub has, before that is merged.
///
/// A write is on this machine's branch by then, where readers may have seen it, but nowhere else. So it is taken back by a
/// commit on top, as `daybook revert` does: then the merge finds that only the other side has changed the document.
struct Withdrawal {
  let store: Store

  /// Looks at all writes that wait for the hub. To be called with the door closed.
  ///
  /// - Parameter tip: what the hub has.
  /// - Returns: what is to be told those who made them, once the hub's state is here: they will want to read that.
  func takeBackBroken(by tip: ObjectID) throws(StoreError) -> [(write: ReplicationQueue.Write, error: StoreError)] {
    let waiting = store.parts.replication.waiting.filter { !$0.assumptions.isEmpty }
    guard !waiting.isEmpty, let head = try store.archivedHead() else { return [] }
    let sides = try StoreOpening.reading("what the hub has") { () throws(GitError) in
      try Sides(tip: tip, head: head, store.parts.objects)
    }
    // The newest first: what a later one was made on is there until it is gone.
    var broken: [(write: ReplicationQueue.Write, error: StoreError)] = []
    for write in waiting.sorted(by: { $0.receipt.sequence > $1.receipt.sequence }) {
      guard let assumption = try sides.firstBroken(of: write) else { continue }
      broken.append((write, Self.conflict(assumption, isTakenBack: try takeBack(write))))
    }
    return broken
  }

  /// Answers false where somebody has built on it since.
  private func takeBack(_ write: ReplicationQueue.Write) throws(StoreError) -> Bool {
    guard write.receipt.changed, let commit = write.receipt.commit else { return true }
    do {
      let plan = try store.snapshot().planRevert(of: .commit(commit))
      guard plan.conflicts.isEmpty else { return false }
      try store.transactionBlocking(author: .store, origin: .store, durability: .durable) { try $0.apply(plan) }
      return true
    } catch let error as StoreError where error.code == .conflict {
      return false
    } catch {
      throw StoreError.unexpected(error)
    }
  }

  private static func conflict(_ broken: Assumption, isTakenBack: Bool) -> StoreError {
    let end =
      isTakenBack
      ? "it was taken back." : "it could not be taken back, since somebody has changed the same again here."
    return StoreError(
      .conflict, "Another node has changed \(broken.path) before the hub took this write; \(end)",
      hint: isTakenBack
        ? "Read it again, and write on top of what it holds now." : "`daybook conflict list` shows what collided.",
      document: broken.path, cause: TakenBack())
  }

  /// What the hub has, and what both have in common.
  private struct Sides {
    let commit: ObjectID
    let objects: ObjectReader
    let tip: TreeReader
    let bases: [TreeReader]

    init(tip: ObjectID, head: ObjectID, _ objects: ObjectReader) throws(GitError) {
      let bases = try objects.withRepository { repository throws(GitError) in
        try repository.mergeBases(of: tip, and: [head])
      }
      (commit, self.objects) = (tip, objects)
      self.tip = TreeReader(root: try objects.commit(tip).tree, objects: objects)
      self.bases = try bases.map { base throws(GitError) in
        TreeReader(root: try objects.commit(base).tree, objects: objects)
      }
    }

    private func holds(_ commit: ObjectID) throws(GitError) -> Bool {
      try objects.withRepository { repository throws(GitError) in try repository.isAncestor(commit, of: self.commit) }
    }

    /// Nil also for a write that the hub has already, though nobody has told who made it.
    func firstBroken(of write: ReplicationQueue.Write) throws(StoreError) -> Assumption? {
      try StoreOpening.reading("what the hub has") { () throws(GitError) in
        if let commit = write.receipt.commit, try holds(commit.id) { return nil }
        for assumption in write.assumptions {
          let theirs = try tip.file(at: assumption.path)
          let before = try bases.map { base throws(GitError) in try base.file(at: assumption.path) }
          if !assumption.holds(theirs, since: before) { return assumption }
        }
        return nil
      }
    }
  }
}
