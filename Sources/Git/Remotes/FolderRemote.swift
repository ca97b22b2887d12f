/// A remote that is a repository in a folder of this machine.
///
/// libgit2 could treat it like a server. But it sends the whole tree of each commit then, and moves a branch whatever that
/// holds by now: of two who push at once, one would lose what it brought.
package struct FolderRemote: ~Copyable {
  private let folder: Repository
  private let storage: any PackStorage

  /// Somebody else has moved the branch, or is about to.
  private static let races: [GitError.Code] = [.moved, .locked, .alreadyExists]

  package init(_ address: RemoteAddress, _ storage: any PackStorage) throws(RemoteFailure) {
    folder = try Self.opened(address.path)
    self.storage = storage
  }

  private static func opened(_ path: String) throws(RemoteFailure) -> Repository {
    let repository: Repository
    do throws(GitError) {
      repository = try Repository.open(at: path, staged: StagedObjects())
    } catch {
      throw error.code == .notFound ? .notFound : .unreachable(error.message)
    }
    guard !repository.isShallow else {
      throw .unreachable("its history was cut, as its file `shallow` says; whom others sync with has all of it")
    }
    return repository
  }

  package func listing() throws(RemoteFailure) -> Remote.Listing {
    try Self.reaching {
      Remote.Listing(references: try folder.references(), head: try folder.currentBranch())
    }
  }

  /// Brings what a commit leads to and is not known yet into a repository, as a pack with its index.
  ///
  /// - Parameters:
  ///   - known: Commits that the repository has, with all before them.
  ///   - depth: How many commits in a row are to come at most, into a repository that has none; nil for all.
  /// - Returns: How many objects came, and where the history was cut.
  package func download(
    _ tip: ObjectID, known: [ObjectID], depth: Int? = nil, into repository: borrowing Repository,
    limits: TransferLimits, onProgress: @escaping (TransferProgress) -> Void
  ) throws(RemoteFailure) -> (objects: Int, horizon: Horizon) {
    let shared = known.filter { folder.contains($0) }
    let (count, horizon) = try Self.reaching {
      let part =
        try depth.map { try folder.part(through: tip, depth: $0, limit: limits.objects) }
        ?? folder.part(through: tip, butNotOf: shared, for: repository, limit: limits.objects)
      let count = try folder.copy(part, to: repository, by: storage, hashing: .wary, limit: limits.objects) {
        onProgress(TransferProgress(.receiving, done: $0, total: $1))
      }
      return (count, part.horizon)
    }
    guard let count else { throw .tooMany(objects: limits.objects) }
    return (count, horizon)
  }

  /// As `Remote.push`. It must be bare: working files would be left behind.
  package func push(
    _ branch: String, _ commit: ObjectID, expecting expected: ObjectID?, marking mark: String? = nil,
    of repository: borrowing Repository,
    onProgress: @escaping (TransferProgress) -> Void
  ) throws(RemoteFailure) -> PushOutcome {
    guard folder.isBare else { throw .notBare }
    let references = try listing().references
    let found = references.first { $0.name == branch }?.id
    if found == commit { return .accepted }
    guard found == expected else { return .lostRace }
    let branches = references.filter { $0.name.hasPrefix("refs/heads/") }
    let shared = branches.map(\.id).filter { repository.contains($0) }
    return try Self.reaching {
      if let expected {
        guard repository.contains(expected), try repository.isAncestor(expected, of: commit) else { return .lostRace }
      }
      let part = try repository.part(through: commit, butNotOf: shared, for: folder, limit: .max)
      _ = try repository.copy(part, to: folder, by: storage, hashing: .fast, limit: .max) {
        onProgress(TransferProgress(.sending, done: $0, total: $1))
      }
      try folder.refreshObjects()
      do throws(GitError) {
        try folder.moveReference(branch, from: expected, to: commit, message: "push")
        if let mark { _ = try? self.mark(mark, as: commit) }
        return .accepted
      } catch  where Self.races.contains(error.code) {
        return .lostRace
      }
    }
  }

  /// As `Remote.mark`.
  package func mark(_ mark: String, as commit: ObjectID?) throws(RemoteFailure) -> PushOutcome {
    guard folder.isBare else { throw .notBare }
    return try Self.reaching {
      let found = try folder.reference(mark)
      if found == commit { return .accepted }
      guard let commit else {
        try folder.removeReference(mark)
        return .accepted
      }
      guard folder.contains(commit) else { return .lostRace }
      try folder.moveReference(mark, from: found, to: commit, message: "push")
      return .accepted
    }
  }

  private static func reaching<Result>(_ body: () throws -> Result) throws(RemoteFailure) -> Result {
    do {
      return try body()
    } catch let error as GitError {
      throw .unreachable(error.message)
    } catch {
      throw .unreachable("\(error)")
    }
  }
}
