import Git
import Storage

/// Finds the index for a commit: stored, brought up to date, or made anew.
struct IndexLoading {
  let file: IndexSnapshotFile
  let builder: IndexBuilder
  let objects: ObjectReader

  struct Loaded {
    var index: Index
    var sequence: UInt64
    /// How many entries the stored one had; 0 when there was none to use.
    var storedEntries: Int
  }

  func load(_ head: ObjectID?) throws(StoreError) -> Loaded {
    guard let head else { return Loaded(index: Index(), sequence: 0, storedEntries: 0) }
    guard let stored = file.read(), try isBefore(stored.head, head) else {
      let (index, sequence) = try builder.extended(Index(), from: nil, at: 0, through: head)
      return Loaded(index: index, sequence: sequence, storedEntries: 0)
    }
    if stored.head == head {
      return Loaded(index: stored.index, sequence: stored.sequence, storedEntries: stored.index.tree.count)
    }
    let (index, sequence) = try builder.extended(
      stored.index, from: stored.head, at: stored.sequence, through: head)
    return Loaded(index: index, sequence: sequence, storedEntries: stored.index.tree.count)
  }

  private func isBefore(_ base: ObjectID, _ head: ObjectID) throws(StoreError) -> Bool {
    try StoreOpening.reading("the history") { () throws(GitError) in
      try objects.withRepository { repository throws(GitError) in
        repository.contains(base) ? try repository.isAncestor(base, of: head) : false
      }
    }
  }
}
