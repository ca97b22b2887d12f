import Git
import Storage

/// Looks at a whole store for files that are not what the newest state says, as `git status` does.
///
/// The Git index tells of each file what it looked like when it was put in place. A file that still looks so, and of which
/// the index names the newest revision, was not touched; any other is a suspect whose content is to be compared. So is every
/// file while the index is of a form that we do not read: it is made anew with the next write.
struct HandEditScan {
  let root: String
  let fileSystem: any FileSystem

  /// The paths whose content may not be that of `index`.
  func suspects(_ index: Index) throws(StoreError) -> Set<String> {
    do {
      let known = try entries()
      var suspects: Set<String> = []
      var present: Set<String> = []
      for folder in Self.topFolders(index.kinds) { try walk(folder, known, index, &suspects, &present) }
      for path in known.keys where !present.contains(path) && Self.isOurs(path, index.kinds) { suspects.insert(path) }
      return suspects
    } catch {
      throw StoreError(.unavailable, "The store's files could not be looked at.", cause: error)
    }
  }

  private func entries() throws(FileError) -> [String: IndexFile.Entry] {
    let path = "\(root)/\(StoreLayout.gitIndex)"
    guard try fileSystem.exists(path) else { return [:] }
    let bytes = try fileSystem.read(path)
    guard let file = try? IndexFile(parsing: bytes) else { return [:] }
    var entries: [String: IndexFile.Entry] = [:]
    entries.reserveCapacity(file.count)
    for place in 0..<file.count {
      entries[String(decoding: file.path(at: place), as: UTF8.self)] = file.entry(at: place)
    }
    return entries
  }

  private static func topFolders(_ kinds: Kinds) -> Set<String> {
    Set(kinds.all.map { String($0.collection.text.prefix { $0 != "/" }) } + [StoreLayout.schemas])
  }

  private static func isOurs(_ path: String, _ kinds: Kinds) -> Bool {
    switch StoreLayout.place(of: path, kinds) {
    case .document, .segment, .schema: true
    case .other: false
    }
  }

  private func walk(
    _ folder: String, _ known: [String: IndexFile.Entry], _ index: Index, _ suspects: inout Set<String>,
    _ present: inout Set<String>
  ) throws(FileError) {
    for name in try names(in: folder) {
      let path = "\(folder)/\(name)"
      guard let status = try fileSystem.status("\(root)/\(path)") else { continue }
      if status.kind == .directory {
        try walk(path, known, index, &suspects, &present)
      } else if Self.isOurs(path, index.kinds) {
        present.insert(path)
        if !isUntouched(path, status, known[path], index) { suspects.insert(path) }
      }
    }
  }

  private func isUntouched(_ path: String, _ status: FileStatus, _ entry: IndexFile.Entry?, _ index: Index) -> Bool {
    guard let entry, entry.stat == IndexFile.Stat(status) else { return false }
    return entry.id == index.revision(at: path)
  }

  private func names(in folder: String) throws(FileError) -> [String] {
    do {
      return try fileSystem.list("\(root)/\(folder)").filter { !$0.hasPrefix(".") }
    } catch  where error.isMissing || error.isNotDirectory || error.isObstacle {
      return []
    }
  }
}

extension Index {
  /// The newest revision of the document, segment or schema at a path; nil when there is none.
  func revision(at path: String) -> ObjectID? {
    switch StoreLayout.place(of: path, kinds) {
    case .document(let address, _): document(Index.name(of: address))?.revision
    case .segment(let address, let series, let number, _):
      segmentRevision(Index.name(of: address), series, number)
    case .schema(let name): kinds.kind(named: name)?.schemaID
    case .other: nil
    }
  }
}
