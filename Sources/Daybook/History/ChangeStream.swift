import Git

extension Store {
  /// All changes after a sequence, in the order of their commits, as they are made: first those of the past, then each new
  /// one. There is no gap and no duplicate, however old the sequence is.
  ///
  /// ```swift
  /// for try await change in store.changes(after: lastSeen) { … }
  /// ```
  ///
  /// The stream reads the history itself, at the reader's pace: a slow reader holds up nobody and loses nothing. It ends
  /// when the store is closed.
  public func changes(after sequence: UInt64) -> ChangeStream {
    ChangeStream(published: parts.published, objects: parts.objects, after: sequence)
  }
}

/// The changes of a store, as an asynchronous sequence.
public struct ChangeStream: AsyncSequence, Sendable {
  public typealias Element = Change
  public typealias Failure = StoreError

  let published: PublishedState
  let objects: ObjectReader
  let after: UInt64

  init(published: PublishedState, objects: ObjectReader, after: UInt64) {
    self.published = published
    self.objects = objects
    self.after = after
  }

  public func makeAsyncIterator() -> Iterator {
    Iterator(published: published, objects: objects, sequence: after)
  }

  public struct Iterator: AsyncIteratorProtocol {
    private let published: PublishedState
    private let objects: ObjectReader
    /// That of the commit whose changes were handed out last.
    package private(set) var sequence: UInt64
    /// Commits that were found and not read yet, newest first.
    private var commits: [(sequence: UInt64, id: ObjectID)] = []
    /// Changes that were read and not handed out yet, last first.
    private var changes: [Change] = []

    init(published: PublishedState, objects: ObjectReader, sequence: UInt64) {
      self.published = published
      self.objects = objects
      self.sequence = sequence
    }

    public mutating func next(isolation author: isolated (any Actor)?) async throws(StoreError) -> Change? {
      while changes.isEmpty {
        guard let commit = try await nextCommit() else { return nil }
        changes = commit.reversed()
      }
      return changes.removeLast()
    }

    /// All changes of the next commit, of which there may be none; nil when no more will come.
    package mutating func nextCommit(
      isolation author: isolated (any Actor)? = #isolation
    ) async throws(StoreError) -> [Change]? {
      while true {
        if let commit = commits.popLast() {
          sequence = commit.sequence
          return try read(commit)
        }
        let index = published.current.index
        try HistoryBeginning(index: index, horizon: objects.horizon).require(after: sequence)
        commits = index.commits(after: sequence, limit: Limits.historyBatch).reversed()
        if commits.isEmpty {
          if published.isClosed || Task.isCancelled { return nil }
          await published.newer(than: sequence)
        }
      }
    }

    /// With the kinds of now: a kind may have come since the stream began.
    private func read(_ commit: (sequence: UInt64, id: ObjectID)) throws(StoreError) -> [Change] {
      let reader = ChangeReader(index: published.current.index, objects: objects)
      let object = try StoreOpening.reading("commit \(commit.id.short)") { () throws(GitError) in
        try objects.commit(commit.id)
      }
      let summary = CommitSummary(commit.id, commit.sequence, object)
      if let files = published.recent.files(of: commit) { return reader.changes(of: summary, files) }
      return try reader.changes(of: summary, object)
    }
  }
}
