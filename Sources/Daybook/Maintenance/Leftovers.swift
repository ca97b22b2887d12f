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

  /// Looks until the deadline.
  ///
  /// - Returns: Those that were found, and whether that is all of them.
  func find(until deadline: Deadline) throws(StoreError) -> (files: [File], isAll: Bool) {
    do {
      var files: [File] = []
      for folder in ["", StoreLayout.schemas, StoreLayout.migrations] { try addOurs(in: folder, to: &files) }
      try addGits(to: &files)
      var folders = outermostFolders + [StoreLayout.local]
      while !deadline.isOver, let folder = folders.popLast() { folders += try addOurs(in: folder, to: &files) }
      return (files.sorted { $0.path < $1.path }, folders.isEmpty)
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

  /// Those of the collections that lie in no other.
  private var outermostFolders: [String] {
    let folders = kinds.all.map(\.collection.text)
    return folders.filter { folder in !folders.contains { folder.hasPrefix("\($0)/") } }
  }

  /// Answers the folders in there. What ends like a document is none: of those there may be many, and each look would
  /// cost a call.
  @discardableResult
  private func addOurs(in folder: String, to files: inout [File]) throws(FileError) -> [String] {
    var folders: [String] = []
    for name in try names(in: folder) {
      if AtomicReplacement.isTemporary(name) {
        try add(folder, name, to: &files)
      } else if !name.hasSuffix(StoreLayout.suffix) {
        folders.append("\(folder)/\(name)")
      }
    }
    return folders
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
