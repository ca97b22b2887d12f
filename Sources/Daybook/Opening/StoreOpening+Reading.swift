import Documents
import Git
import Storage

/// Reading what the repository, the log and the key ring hold.
extension StoreOpening {
  func openRepository(_ staged: StagedObjects) throws(StoreError) -> Repository {
    try Self.reading("the Git repository") { () throws(GitError) in try Repository.open(at: root, staged: staged) }
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

  /// The newest commit that is ours, or up to which the stored index was made: what comes behind it was made without us.
  func followed(
    _ head: ObjectID?, _ stored: ObjectID?, _ objects: ObjectReader
  ) throws(StoreError) -> ObjectID? {
    try Self.reading("the newest commits") { () throws(GitError) in
      var id = head
      while let candidate = id, candidate != stored {
        let commit = try objects.commit(candidate)
        if CommitSequence.of(commit) != nil { break }
        id = commit.parents.first
      }
      return id
    }
  }

  func commitBuilder(
    _ index: Index, _ head: ObjectID?, _ sequence: UInt64, _ objects: ObjectReader
  ) throws(StoreError) -> CommitBuilder {
    try Self.reading("the newest commit") { () throws(GitError) in
      let commit = try head.map { head throws(GitError) in try objects.commit(head) }
      return CommitBuilder(
        index: index, head: head, sequence: sequence, headSeconds: commit?.author.seconds ?? 0,
        trees: TreeEditor(root: commit?.tree, objects: objects))
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
