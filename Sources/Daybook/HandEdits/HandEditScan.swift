import Git
import Storage

/// Looks at a whole store for files that are not what the newest state says, as `git status` does.
///
/// The Git index tells of each file what it looked like when it was put in place. A file that still looks so, and of which
/// the index names the newest revision, was not touched; any other is a suspect whose content is to be compared. So is every
/// file while the index is of a form that we do not read: it is made anew with the next write. What the newest revisions
/// are is read from the folders of the newest commit: they name them in the order in which the files are found, while each
/// file's address and place in our own index would have to be worked out (measured for 100,000: 0.6 s of the
/// processor instead of 2.0).
struct HandEditScan: Sendable {
  private let root: String
  private let fileSystem: any FileSystem
  private let objects: ObjectReader
  private let kinds: Kinds
  private let known: IndexFile

  /// A folder to look into, with what the newest commit holds there; nil for nothing.
  private struct Folder: Sendable {
    let path: String
    let tree: ObjectID?
  }

  /// What was found in a folder.
  private struct Findings: Sendable {
    var suspects: [String] = []
    var folders: [Folder] = []
  }

  /// The paths whose content may not be what the newest state says.
  static func suspects(
    in root: String, _ state: PublishedState.State, _ objects: ObjectReader, _ fileSystem: any FileSystem
  ) throws(StoreError) -> Set<String> {
    do {
      let scan = try HandEditScan(root: root, fileSystem: fileSystem, objects: objects, kinds: state.index.kinds)
      return try scan.suspects(state.head)
    } catch {
      throw StoreError(.unavailable, "The store's files could not be looked at.", cause: error)
    }
  }

  private init(root: String, fileSystem: any FileSystem, objects: ObjectReader, kinds: Kinds) throws(FileError) {
    (self.root, self.fileSystem, self.objects, self.kinds) = (root, fileSystem, objects, kinds)
    let path = "\(root)/\(StoreLayout.gitIndex)"
    let bytes = try fileSystem.exists(path) ? try fileSystem.read(path) : []
    known = (try? IndexFile(parsing: bytes)) ?? IndexFile()
  }

  /// All processors look, at folders that are equally deep.
  private func suspects(_ head: ObjectID?) throws -> Set<String> {
    var suspects: Set<String> = []
    var level = try topFolders(head)
    while !level.isEmpty {
      let found = try level.concurrentMap { folder in try look(in: folder) }
      for findings in found { suspects.formUnion(findings.suspects) }
      level = found.flatMap(\.folders)
    }
    return suspects
  }

  private func topFolders(_ head: ObjectID?) throws -> [Folder] {
    let tree = try head.map { TreeReader(root: try objects.commit($0).tree, objects: objects) }
    let names = Set(kinds.all.map { String($0.collection.text.prefix { $0 != "/" }) } + [StoreLayout.schemas])
    return try names.map { Folder(path: $0, tree: try tree?.folder(at: $0)) }
  }

  private func look(in folder: Folder) throws -> Findings {
    let known = known.folder(folder.path)
    let newest = try newest(folder.tree)
    var folders = Set(known.folders)
    var missing = Set(known.files.keys)
    var suspects: [String] = []
    for (name, status) in try contents(of: folder.path) {
      if status.kind == .directory {
        folders.insert(name)
      } else {
        missing.remove(name)
        let entry = known.files[name]
        let isUntouched = entry.map { $0.stat.isLike(IndexFile.Stat(status)) && $0.id == newest[name] } ?? false
        if !isUntouched { suspects.append(name) }
      }
    }
    return Findings(
      suspects: (suspects + missing).map { "\(folder.path)/\($0)" }.filter(isOurs),
      folders: folders.map { Folder(path: "\(folder.path)/\($0)", tree: newest[$0 + "/"]) })
  }

  /// What the names in a folder of the newest commit hold; a folder's name ends in `/`.
  private func newest(_ tree: ObjectID?) throws(GitError) -> [String: ObjectID] {
    guard let tree else { return [:] }
    let entries = try objects.tree(tree).entries()
    return Dictionary(
      entries.map { ($0.isFolder ? $0.name + "/" : $0.name, $0.id) }, uniquingKeysWith: { first, _ in first })
  }

  private func contents(of folder: String) throws(FileError) -> [(name: String, status: FileStatus)] {
    do {
      return try fileSystem.contents(of: "\(root)/\(folder)").filter { !$0.name.hasPrefix(".") }
    } catch  where error.isMissing || error.isNotDirectory || error.isObstacle {
      return []
    }
  }

  private func isOurs(_ path: String) -> Bool {
    switch StoreLayout.place(of: path, kinds) {
    case .document, .segment, .schema: true
    case .other: false
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
