import Git
import Storage

/// Temporary files that somebody who was killed left behind: ours in the store's folders, and those of Git commands among
/// the objects. What crashes leave that could be mistaken for more is cleared away when the store is opened.
///
/// A file counts as left behind when it has not changed for a day. Nobody takes that long to write one, and a name alone
/// proves nothing: it may be in use this very moment.
struct Leftovers {
  let root: String
  let kinds: Kinds
  let fileSystem: any FileSystem
  /// Since 1970, UTC.
  let now: Int64

  struct File {
    /// Below the root.
    var path: String
    var bytes: Int
  }

  func find() throws(StoreError) -> [File] {
    do {
      var files: [File] = []
      for folder in ["", StoreLayout.schemas, StoreLayout.migrations] { try addOurs(in: folder, to: &files) }
      for folder in kinds.all.map(\.collection.text) + [StoreLayout.local] { try addOurs(below: folder, to: &files) }
      try addGits(to: &files)
      return Dictionary(files.map { ($0.path, $0) }) { first, _ in first }.values.sorted { $0.path < $1.path }
    } catch {
      throw StoreError(.unavailable, "The store's folders could not be searched for leftovers.", cause: error)
    }
  }

  func remove(_ file: File) throws(StoreError) {
    do {
      try fileSystem.remove("\(root)/\(file.path)")
    } catch {
      if error.isMissing { return }
      throw StoreError(.unavailable, "The leftover \(file.path) could not be removed.", cause: error)
    }
  }

  // MARK: Ours

  private func addOurs(in folder: String, to files: inout [File]) throws(FileError) {
    for name in try names(in: folder) where AtomicReplacement.isTemporary(name) { try add(folder, name, to: &files) }
  }

  /// What ends like a document is no folder: of those there may be many, and each look would cost a call.
  private func addOurs(below folder: String, to files: inout [File]) throws(FileError) {
    for name in try names(in: folder) {
      if AtomicReplacement.isTemporary(name) {
        try add(folder, name, to: &files)
      } else if !name.hasSuffix(StoreLayout.suffix) {
        try addOurs(below: "\(folder)/\(name)", to: &files)
      }
    }
  }

  // MARK: Git's

  private func addGits(to files: inout [File]) throws(FileError) {
    for folder in try names(in: StoreLayout.objects) {
      if folder.hasPrefix("tmp_obj") { try add(StoreLayout.objects, folder, to: &files) }
      let isFanOut = folder.utf8.count == 2
      guard isFanOut || folder == "pack" else { continue }
      let path = "\(StoreLayout.objects)/\(folder)"
      for name in try names(in: path) where name.hasPrefix("tmp_") || name.hasPrefix("pack_git2_") {
        try add(path, name, to: &files)
      }
    }
  }

  // MARK: Looking

  private func names(in folder: String) throws(FileError) -> [String] {
    do {
      return try fileSystem.list(folder.isEmpty ? root : "\(root)/\(folder)")
    } catch  where error.isMissing || error.isNotDirectory {
      return []
    }
  }

  private func add(_ folder: String, _ name: String, to files: inout [File]) throws(FileError) {
    let path = folder.isEmpty ? name : "\(folder)/\(name)"
    guard let status = try fileSystem.status("\(root)/\(path)"), status.kind == .file,
      now - status.modifiedNanoseconds / 1_000_000 >= Limits.leftoverMilliseconds
    else { return }
    files.append(File(path: path, bytes: status.size))
  }
}
