import Git
import Storage

/// Finds the index for a commit: stored, brought up to date, or made anew.
struct IndexLoading {
  let file: IndexSnapshotFile
  let objects: ObjectReader

  struct Loaded {
    var index = Index()
    var sequence: UInt64 = 0
    /// What was stored, if it could be used.
    var stored: Stored?
  }

  /// How the stored index stands to what comes since.
  struct Stored {
    var entries: Int
    var kinds: ObjectID
  }

  /// The stored index with the kinds that it was made with; nil when there is none, or none that fits.
  func stored() -> IndexSnapshotFile.Content? {
    guard var stored = file.read(), let kinds = try? KindLoader(objects: objects).kinds(at: stored.head),
      kinds.fingerprint == stored.kinds
    else { return nil }
    stored.index.goOn(with: kinds)
    return stored
  }

  func load(_ head: ObjectID?, _ stored: IndexSnapshotFile.Content?) throws(StoreError) -> Loaded {
    guard let head else { return Loaded() }
    let builder = IndexBuilder(objects: objects)
    guard let stored, try isBefore(stored.head, head) else {
      let (index, sequence) = try builder.extended(Index(), from: nil, at: 0, through: head)
      return Loaded(index: index, sequence: sequence)
    }
    let note = Stored(entries: stored.index.tree.count, kinds: stored.kinds)
    if stored.head == head { return Loaded(index: stored.index, sequence: stored.sequence, stored: note) }
    let (index, sequence) = try builder.extended(
      stored.index, from: stored.head, at: stored.sequence, through: head)
    return Loaded(index: index, sequence: sequence, stored: note)
  }

  private func isBefore(_ base: ObjectID, _ head: ObjectID) throws(StoreError) -> Bool {
    try StoreOpening.reading("the history") { () throws(GitError) in
      try objects.withRepository { repository throws(GitError) in
        repository.contains(base) ? try repository.isAncestor(base, of: head) : false
      }
    }
  }
}
