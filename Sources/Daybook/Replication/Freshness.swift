import Git

/// How new the state must be that somebody wants to read, where others write on other nodes.
package enum Freshness: Sendable, Equatable {
  /// A sequence of this very node, such as one that a write here was answered with.
  case sequence(UInt64)
  /// A commit, whichever node made it.
  case commit(CommitID)

  /// Reads `4711` or 40 hexadecimal digits; nil for anything else.
  package init?(_ text: String) {
    if text.utf8.count < 2 * ObjectID.byteCount, let sequence = UInt64(text) {
      self = .sequence(sequence)
    } else if let id = ObjectID(hex: text) {
      self = .commit(CommitID(id))
    } else {
      return nil
    }
  }
}

extension Store {
  /// Returns once the newest state is as new as that. A commit that is not here yet is asked for at the hub.
  ///
  /// - Throws: `.busy` when that takes longer than `limit`.
  package func reach(_ freshness: Freshness, within limit: Duration) async throws {
    if try isReached(freshness) { return }
    if case .commit = freshness { parts.replication.askForNews() }
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
      await news(after: snapshot().sequence, until: end)
      if try isReached(freshness) { return }
    }
    throw StoreError(
      .busy, "This node is at sequence \(snapshot().sequence) and has not come as far as was asked for.",
      hint: "Try again in a moment, or read from the node that wrote it.")
  }

  private func isReached(_ freshness: Freshness) throws(StoreError) -> Bool {
    switch freshness {
    case .sequence(let sequence): return snapshot().sequence >= sequence
    case .commit(let commit):
      guard let head = parts.published.current.head else { return false }
      return try StoreOpening.reading("the history") { () throws(GitError) in
        try parts.objects.withRepository { repository throws(GitError) in
          repository.contains(commit.id) ? try repository.isAncestor(commit.id, of: head) : false
        }
      }
    }
  }

  private func news(after sequence: UInt64, until end: ContinuousClock.Instant) async {
    let published = parts.published
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await published.newer(than: sequence) }
      group.addTask { try? await Task.sleep(until: end) }
      await group.next()
      group.cancelAll()
    }
  }
}
