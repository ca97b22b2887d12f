import CGit2

extension Repository {
  /// How much of indexes is read for one commit or object: reading more takes longer than making what is wanted whole.
  private static let indexBytesOfCommit = 64 << 10
  private static let indexBytesOfObject = 16 << 10

  /// Puts a part of the history into another repository, as one pack: what packs hold is copied as it stands. The work follows what the new commits changed, where libgit2's own way between two folders takes the
  /// whole tree of each.
  ///
  /// What is copied is read back and hashed before it counts: so neither an index that says what is not so nor damage gets
  /// across. Objects that are staged are not seen.
  ///
  /// - Parameters:
  ///   - hashing: How the objects are told by their contents.
  ///   - limit: How many objects there may be.
  /// - Returns: How many there are; nil for more than the limit.
  func copy(
    _ part: HistoryPart, to other: borrowing Repository, by storage: any PackStorage, hashing: PackScan.Hashing,
    limit: Int, onProgress: @escaping (_ done: Int, _ total: Int) -> Void
  ) throws -> Int? {
    let commits = part.commits
    guard !commits.isEmpty else { return 0 }
    var reader = try reader(by: storage, indexBytes: part.isAll ? .max : commits.count * Self.indexBytesOfCommit)
    let borders = Horizon(horizon.borders.union(part.horizon.borders))
    let found = try ReachableObjects.find(changedBy: commits, behind: borders, limit: limit, &reader) {
      onProgress($0, commits.count)
    }
    guard let found else { return nil }
    // A commit may change many files.
    if reader.files.isEmpty { reader = try self.reader(by: storage, indexBytes: found.count * Self.indexBytesOfObject) }
    try storage.add(to: other.objectFolder) { sink in
      try PackCopy.write(found, from: reader, onProgress: onProgress, sink: sink)
    } prove: { bytes in
      try PackScan.scan(bytes, for: found, hashing) { onProgress(found.count * $0 / max(1, $1), found.count) }
    }
    return found.count
  }

  private func reader(by storage: any PackStorage, indexBytes: Int) throws -> PackReader {
    let rest = SharedRepository(try reopened(staged: StagedObjects()))
    return PackReader(try storage.packs(of: objectFolder, indexBytes: indexBytes), elsewhere: rest.object)
  }

  /// Whether it has no working files.
  var isBare: Bool { unsafe git_repository_is_bare(handle) == 1 }

  /// The folder of its objects, also where several working folders share it.
  private var objectFolder: String {
    let path = unsafe String(cString: git_repository_commondir(handle))
    return path + (path.hasSuffix("/") ? "objects" : "/objects")
  }
}

/// A repository that closures can hold.
private final class SharedRepository {
  private let repository: Repository

  init(_ repository: consuming Repository) {
    self.repository = repository
  }

  func object(_ id: ObjectID) throws -> GitObject? {
    do throws(GitError) {
      return try repository.object(id)
    } catch  where error.code == .notFound {
      return nil
    }
  }
}
