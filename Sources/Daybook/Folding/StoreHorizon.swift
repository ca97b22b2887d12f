import Git
import Storage

/// Where a store's history was cut, by `daybook fold`, `daybook clone --depth` or Git, and what follows from that.
///
/// `.git/shallow` is Git's file of it. What was made to fit it stands behind it when Git changes it, or the process that
/// changed it dies: the commit graph by which libgit2 knows (`HorizonGraph`), and the stored index, which names commits
/// that are gone, or lacks those that came. So a file of ours notes for which horizon they were made.
struct StoreHorizon {
  let root: String
  let fileSystem: any FileSystem

  func read() throws(StoreError) -> Horizon {
    try accessing { () throws in try Horizon(parsing: content(of: StoreLayout.shallow)) }
  }

  /// Answers where the history was cut, with all that depends on it made to fit.
  func settle() throws(StoreError) -> Horizon {
    try accessing { () throws in
      let file = try content(of: StoreLayout.shallow)
      let horizon = try Horizon(parsing: file)
      let hasGraph = try horizon.isEmpty || fileSystem.exists("\(root)/\(StoreLayout.commitGraph)")
      if hasGraph, try content(of: StoreLayout.horizon) == file { return horizon }
      try remove(StoreLayout.indexSnapshot)
      try makeGraph(of: horizon)
      if file.isEmpty {
        try remove(StoreLayout.horizon)
      } else {
        try fileSystem.atomicallyReplace("\(root)/\(StoreLayout.horizon)", with: file.span, durable: true)
      }
      return horizon
    }
  }

  /// Cuts the history.
  func move(to horizon: Horizon) throws(StoreError) {
    try accessing { () throws in
      try fileSystem.atomicallyReplace("\(root)/\(StoreLayout.shallow)", with: horizon.file.span, durable: true)
    }
    _ = try settle()
  }

  private func makeGraph(of horizon: Horizon) throws {
    guard !horizon.isEmpty else { return try remove(StoreLayout.commitGraph) }
    let repository = try Repository.open(at: root, staged: StagedObjects())
    let graph = try HorizonGraph.file(of: horizon) { id throws(GitError) in try repository.commit(id) }
    try fileSystem.makeDirectory(parentPath(of: "\(root)/\(StoreLayout.commitGraph)"))
    try fileSystem.atomicallyReplace("\(root)/\(StoreLayout.commitGraph)", with: graph.span, durable: true)
  }

  /// Nothing where there is no such file.
  private func content(of path: String) throws(FileError) -> [UInt8] {
    try fileSystem.exists("\(root)/\(path)") ? try fileSystem.read("\(root)/\(path)") : []
  }

  private func remove(_ path: String) throws(FileError) {
    if try fileSystem.exists("\(root)/\(path)") { try fileSystem.remove("\(root)/\(path)") }
  }

  private func accessing<Result>(_ body: () throws -> Result) throws(StoreError) -> Result {
    do {
      return try body()
    } catch let error as GitError {
      throw StoreError(
        .damaged, "What \(StoreLayout.shallow) says of the history cannot be used.",
        hint:
          "It names the commits with which the history begins, and is not there where the history is whole: bring it "
          + "back, or take it away.", cause: error)
    } catch {
      throw StoreError(.unavailable, "Where the history begins could not be read or noted.", cause: error)
    }
  }
}
