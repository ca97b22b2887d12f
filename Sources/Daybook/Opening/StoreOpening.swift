import Documents
import Git
import Logging
package import Storage

/// Opens a store, step by step: take the lock, see that nothing is newer than we are, load kinds and index, take up what
/// the log still holds, and start the threads. Up to the last step nothing is changed but what a crash left behind.
struct StoreOpening {
  let root: String
  let options: StoreOptions
  let fileSystem: any FileSystem
  let clock: Clock

  /// Blocks while it reads; for a thread of its own.
  func open() throws(StoreError) -> Store {
    let manifest = try readManifest()
    let lock = try takeLock()
    do throws(StoreError) {
      return try open(manifest, lock)
    } catch {
      lock.close()
      throw error
    }
  }

  private func open(_ manifest: Manifest, _ lock: any File) throws(StoreError) -> Store {
    try removeLeftovers()
    let horizon = try StoreHorizon(root: root, fileSystem: fileSystem).settle()
    let staged = StagedObjects()
    let objects = ObjectReader(
      repository: try openRepository(staged, horizon), staged: staged, cacheBytes: options.cacheBytes)
    let repository = try openRepository(staged, horizon)
    let branch = try branch(of: repository)
    setUpMergeDriver(in: repository)
    try removeLeftoverLock(branch)
    let head = try Self.reading("the branch") { () throws(GitError) in try repository.reference(branch) }
    let suspects =
      try head.map { head throws(StoreError) in
        try CleanPoint(root: root, fileSystem: fileSystem).changedFiles(through: head, objects: objects)
      } ?? [:]
    let files = WorkingFiles(root: root, fileSystem: fileSystem, objects: objects, suspects: suspects)
    let history = try readHistory(head, objects)
    let preparer = Preparer(sealer: makeSealer(manifest), objects: objects)
    let writing = try makeWriting(history, files, preparer)
    let tree = try makeWorkingTree(head, suspects, files, writing)
    let archiving = makeArchiving(repository, branch, history, tree, writing)
    let store = Store(makeParts(manifest, lock, branch, files, history, writing, archiving))
    do throws(StoreError) {
      if history.start != head { try archiving.archiver.followBranch() }
      try MigrationMark.finish(store)
      try store.parts.handEdits.takeInSchemas()
      if options.handEdits == .whenOpened { try store.takeInHandEditsBlocking() }
    } catch {
      try? store.closeBlocking()
      throw error
    }
    return store
  }
}

extension Store {
  /// Opens the store in a folder.
  ///
  /// - Throws: `.notFound` when the folder holds no store, `.busy` when another process owns it, `.newerFormat`,
  ///   `.damaged` when what is on disk contradicts itself (nothing is changed then), `.invalid` for a broken schema.
  public static func open(at path: String, options: StoreOptions = StoreOptions()) async throws -> Store {
    try await Blocking.run { try openBlocking(at: path, options: options) }
  }

  package static func openBlocking(
    at path: String, options: StoreOptions = StoreOptions(), fileSystem: any FileSystem = LocalFileSystem()
  ) throws(StoreError) -> Store {
    try StoreOpening(root: path, options: options, fileSystem: fileSystem, clock: .system).open()
  }
}
