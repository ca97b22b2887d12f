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

  /// Answers whether there was one that nobody let go of.
  func removeLeftover() throws(FileError) -> Bool {
    for delay in Self.delays {
      guard try fileSystem.exists(path) else { return false }
      SystemTime.pause(milliseconds: delay)
    }
    guard try fileSystem.exists(path) else { return false }
    try fileSystem.remove(path)
    return true
  }
}
