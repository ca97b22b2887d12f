import Git
import Storage

/// Makes a store of objects that came from elsewhere, such as a backup: first an empty repository, into which the caller
/// brings the objects, then refs, working files and the Git index. Opening makes all else of them.
///
/// Nothing here is durable by itself: the caller syncs the file system before it relies on the store.
struct StoreAssembly {
  let root: String
  let fileSystem: any FileSystem

  /// A collector named here never runs by itself: packs are ours to tend, in small steps.
  private static let configuration = [("gc.auto", "0"), ("maintenance.auto", "false"), ("core.autocrlf", "false")]

  /// Makes the folder and an empty repository in it, as a store wants it.
  func makeRepository() throws {
    try fileSystem.makeDirectory(root)
    try Repository.create(at: root)
    let repository = try open()
    for (key, value) in Self.configuration { try repository.setConfiguration(key, to: value) }
  }

  /// Gives the repository its refs, and puts the files of the branch into the folder.
  ///
  /// - Parameters:
  ///   - references: None of them is there yet.
  ///   - branch: The one that HEAD is to name: one of `references`.
  func complete(_ references: [Reference], branch: String) throws(GitError) {
    let repository = try open()
    for reference in references {
      try repository.moveReference(reference.name, from: nil, to: reference.id, message: "daybook")
    }
    try repository.setHead(to: branch)
    try repository.checkOutHead()
  }

  private func open() throws(GitError) -> Repository {
    try Repository.open(at: root, staged: StagedObjects())
  }
}
