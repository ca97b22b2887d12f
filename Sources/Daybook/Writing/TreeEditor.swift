import Git

/// The folders of the newest commit, as Git's tree objects, and the way to the next commit's.
///
/// Only the folders on the path of a change are rewritten, so a commit costs the size of those, however large the store
/// is. Folders come from the object store when they are first needed, and stay in memory up to a bound.
struct TreeEditor {
  private struct Folder {
    var tree: Tree
    var id: ObjectID?
  }

  let objects: ObjectReader
  /// By path from the root, which is "".
  private var folders: [String: Folder] = [:]
  private var cachedBytes = 0
  private(set) var root: ObjectID?

  init(root: ObjectID?, objects: ObjectReader) {
    self.root = root
    self.objects = objects
  }

  /// The blob at a path in the newest commit.
  mutating func file(at path: String) throws(GitError) -> ObjectID? {
    let (folder, name) = Self.split(path)
    guard try load(folder) else { return nil }
    return folders[folder]?.tree.file(named: name)
  }

  /// Whether the newest commit has a folder there.
  mutating func hasFolder(at path: String) throws(GitError) -> Bool { try load(path) }

  /// Makes the changes; returns the new trees, the root last. Each tree knows the one it came from.
  ///
  /// After an error it stands where it stood before: what was half changed is forgotten and comes back from the root.
  mutating func apply(_ changes: [(path: String, blob: ObjectID?)]) throws(GitError) -> [GitObject] {
    if cachedBytes > Limits.treeCacheBytes { forget() }
    do {
      return try edited(changes)
    } catch {
      forget()
      throw error
    }
  }

  private mutating func edited(_ changes: [(path: String, blob: ObjectID?)]) throws(GitError) -> [GitObject] {
    var touched: Set<String> = []
    for change in changes {
      let (folder, name) = Self.split(change.path)
      try loadOrCreate(folder)
      if let blob = change.blob {
        folders[folder]?.tree.set(name, isFolder: false, to: blob)
      } else {
        folders[folder]?.tree.remove(name, isFolder: false)
      }
      touch(folder, &touched)
    }
    // Deeper folders first: a folder's id is a part of the one above.
    let order = touched.sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
    var trees: [GitObject] = []
    trees.reserveCapacity(order.count)
    for folder in order { try finish(folder, &trees) }
    return trees
  }

  private func touch(_ folder: String, _ touched: inout Set<String>) {
    var folder = folder
    while touched.insert(folder).inserted, !folder.isEmpty { folder = StoreLayout.parent(of: folder) }
  }

  private mutating func finish(_ path: String, _ trees: inout [GitObject]) throws(GitError) {
    guard let folder = folders[path] else { return }
    let (above, name) = Self.split(path)
    if folder.tree.isEmpty && !path.isEmpty {
      folders[path] = nil
      folders[above]?.tree.remove(name, isFolder: true)
      return
    }
    let object = GitObject(.tree, folder.tree.bytes, predecessor: folder.id)
    folders[path]?.id = object.id
    cachedBytes += folder.id == nil ? folder.tree.bytes.count : 0
    if path.isEmpty {
      root = object.id
    } else {
      folders[above]?.tree.set(name, isFolder: true, to: object.id)
    }
    trees.append(object)
  }

  // MARK: Loading

  private mutating func loadOrCreate(_ path: String) throws(GitError) {
    if try load(path) { return }
    if !path.isEmpty { try loadOrCreate(StoreLayout.parent(of: path)) }
    folders[path] = Folder(tree: Tree(), id: nil)
  }

  /// Answers false when the newest commit has no such folder.
  private mutating func load(_ path: String) throws(GitError) -> Bool {
    if folders[path] != nil { return true }
    let id: ObjectID?
    if path.isEmpty {
      id = root
    } else {
      let (above, name) = Self.split(path)
      guard try load(above) else { return false }
      id = folders[above]?.tree.folder(named: name)
    }
    guard let id else { return false }
    let tree = try objects.tree(id)
    folders[path] = Folder(tree: tree, id: id)
    cachedBytes += tree.bytes.count
    return true
  }

  /// Empties the cache: what is needed comes back, and its bound holds with no bookkeeping.
  private mutating func forget() {
    folders.removeAll(keepingCapacity: true)
    cachedBytes = 0
  }

  private static func split(_ path: String) -> (folder: String, name: [UInt8]) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", Array(path.utf8)) }
    return (String(path[..<slash]), Array(path.utf8[path.utf8.index(after: slash)...]))
  }
}
