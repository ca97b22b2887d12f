import Documents
import Git
import Storage

/// Reading what the repository, the log and the key ring hold.
extension StoreOpening {
  func openRepository(_ staged: StagedObjects, _ horizon: Horizon) throws(StoreError) -> Repository {
    try Self.reading("the Git repository") { () throws(GitError) in
      try Repository.open(at: root, staged: staged, horizon: horizon)
    }
  }

  func branch(of repository: borrowing Repository) throws(StoreError) -> String {
    let branch: String?
    do {
      branch = try repository.currentBranch()
    } catch {
      throw StoreError(.damaged, "HEAD could not be read.", hint: "Run `git fsck` in the store.", cause: error)
    }
    guard let branch else {
      throw StoreError(
        .refused, "The store's HEAD is detached: there is no branch to write to.",
        hint: "Go back to the branch with `git checkout main`.")
    }
    return branch
  }

  /// What Git and the log hold.
  struct History {
    /// The index of the archived commits, through `start`.
    var loaded: IndexLoading.Loaded
    let log: SharedLog
    /// What the log holds behind them.
    let records: [CommitRecord]
    let start: ObjectID?
  }

  var indexSnapshot: IndexSnapshotFile {
    IndexSnapshotFile(path: "\(root)/\(StoreLayout.indexSnapshot)", fileSystem: fileSystem)
  }

  func readHistory(_ head: ObjectID?, _ objects: ObjectReader) throws(StoreError) -> History {
    let loading = IndexLoading(file: indexSnapshot, objects: objects)
    let stored = loading.stored()
    let last = ClosingPoint(root: root, fileSystem: fileSystem).head ?? stored?.head
    let followed = try followed(head, last, objects)
    var loaded = try loading.load(followed, stored)
    let (log, records) = try openLog(loaded.index)
    // A person may have moved the branch while the log held newer commits: those go on from where they began, and the
    // branch is followed in the end.
    let start = records.first.map(\.parent) ?? followed
    if start != followed { loaded = try loading.load(try known(start, objects), stored) }
    return History(loaded: loaded, log: log, records: records, start: start)
  }

  /// The newest commit that is ours, or with which the store was closed: what comes behind it was made without us.
  ///
  /// - Parameter last: The commit with which the store was closed, as far as it is known.
  func followed(
    _ head: ObjectID?, _ last: ObjectID?, _ objects: ObjectReader
  ) throws(StoreError) -> ObjectID? {
    try Self.reading("the newest commits") { () throws(GitError) in
      var id = head
      while let candidate = id, candidate != last {
        let commit = try objects.commit(candidate)
        if CommitSequences.said(by: commit) != nil { break }
        id = commit.parents.first
      }
      guard let head, let last, let found = id else { return id }
      return try objects.withRepository { repository throws(GitError) in
        guard repository.contains(last), try repository.isAncestor(last, of: head) else { return found }
        // Another clone has merged ours into its own, and its first parents lead to what we have not seen.
        return try repository.isAncestor(last, of: found) ? found : last
      }
    }
  }

  func commitBuilder(
    _ index: Index, _ head: ObjectID?, _ sequence: UInt64, _ objects: ObjectReader
  ) throws(StoreError) -> CommitBuilder {
    try Self.reading("the newest commit") { () throws(GitError) in
      let root = try head.map { head throws(GitError) in try objects.commit(head).tree }
      return CommitBuilder(
        index: index, head: head, sequence: sequence, trees: TreeEditor(root: root, objects: objects))
    }
  }

  /// The commit from which the log goes on, if Git still has it.
  func known(_ start: ObjectID?, _ objects: ObjectReader) throws(StoreError) -> ObjectID? {
    guard let start else { return nil }
    let isKnown = try Self.reading("the newest commits") { () throws(GitError) in
      try objects.withRepository { repository throws(GitError) in repository.contains(start) }
    }
    guard isKnown else { throw LoggedCommits.damaged("it goes on from \(start.short), which Git does not have") }
    return start
  }

  func openLog(_ archived: Index) throws(StoreError) -> (SharedLog, [CommitRecord]) {
    var logged = LoggedCommits(archived: archived)
    var failure: StoreError?
    do {
      let salt = UInt64.random(in: .min ... .max)
      let log = try Log.open("\(root)/\(StoreLayout.log)", fileSystem: fileSystem, salt: salt) { record in
        guard failure == nil else { return }
        do throws(StoreError) { try logged.add(record) } catch { failure = error }
      }
      if let failure { throw failure }
      return (SharedLog(log), logged.commits)
    } catch let error as StoreError {
      throw error
    } catch {
      throw LoggedCommits.damaged("\(error)")
    }
  }

  func makeSealer(_ manifest: Manifest) -> Sealer {
    let file = KeyRingFile(
      storeID: manifest.storeID, environment: options.environment, fileSystem: fileSystem)
    let passphrases = PassphraseSource(
      environment: options.environment, fileSystem: fileSystem, ask: options.askPassphrase)
    return Sealer(storeID: manifest.storeID, keys: SharedKeyRing(file, passphrases: passphrases))
  }

  var makeID: @Sendable () -> DocumentID {
    let clock = clock
    return { DocumentID(clock.makeID()) }
  }

  static func reading<Result: ~Copyable>(
    _ what: String, _ body: () throws(GitError) -> Result
  ) throws(StoreError) -> Result {
    do {
      return try body()
    } catch {
      throw StoreError(.damaged, "Reading \(what) failed.", hint: "Run `git fsck` in the store.", cause: error)
    }
  }
}
