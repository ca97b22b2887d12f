import Storage

/// Git's own lock on the branch: a file beside it, `main.lock`, there while somebody moves the branch.
///
/// A Git command holds it for milliseconds. Whoever is killed meanwhile leaves it behind, and from then on nobody can
/// commit. So whoever opens the store waits as long as any living command could take, and then takes the file away.
struct BranchLock {
  let path: String
  let fileSystem: any FileSystem

  /// How long to wait for it, in milliseconds a try: two seconds in all. Whoever moves the branch waits as patiently.
  static let delays = [1, 3, 8, 20, 50, 120, 300, 600, 900]

  init(branch: String, root: String, fileSystem: any FileSystem) {
    path = "\(root)/\(StoreLayout.git)/\(branch).lock"
    self.fileSystem = fileSystem
  }

  /// Answers whether there was one that nobody let go of. One that is another file at a later look is in use.
  func removeLeftover() throws(FileError) -> Bool {
    guard let first = try fileSystem.status(path) else { return false }
    for delay in Self.delays {
      SystemTime.pause(milliseconds: delay)
      guard let status = try fileSystem.status(path), status == first else { return false }
    }
    do {
      try fileSystem.remove(path)
      return true
    } catch  where error.isMissing {
      return false
    }
  }
}
