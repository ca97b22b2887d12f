import Git

/// Finds the index for a commit: stored, brought up to date, or made anew.
struct IndexLoading {
  let file: IndexSnapshotFile
  let builder: IndexBuilder
  let objects: ObjectReader

  struct Loaded {
    var index: Index
    var sequence: UInt64
    /// How far the stored one reached; 0 when there was none to use.
    var storedSequence: UInt64
  }

  func load(_ head: ObjectID?) throws(StoreError) -> Loaded {
    guard let head else { return Loaded(index: Index(), sequence: 0, storedSequence: 0) }
    guard let stored = file.read(), try isBefore(stored.head, head) else {
      let (index, sequence) = try builder.extended(Index(), from: nil, through: head)
      return Loaded(index: index, sequence: sequence, storedSequence: 0)
    }
    if stored.head == head {
      return Loaded(index: stored.index, sequence: stored.sequence, storedSequence: stored.sequence)
    }
    let (index, sequence) = try builder.extended(stored.index, from: stored.head, through: head)
    return Loaded(index: index, sequence: sequence, storedSequence: stored.sequence)
  }

  private func isBefore(_ base: ObjectID, _ head: ObjectID) throws(StoreError) -> Bool {
    try StoreOpening.reading("the history") { () throws(GitError) in
      try objects.withRepository { repository throws(GitError) in
        repository.contains(base) ? try repository.isAncestor(base, of: head) : false
      }
    }
  }
}
