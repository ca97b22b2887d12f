import Git

/// Finds files and folders of a commit by their paths; reads only the folders on the way.
struct TreeReader {
  let root: ObjectID
  let objects: ObjectReader

  func file(at path: String) throws(GitError) -> ObjectID? {
    guard let entry = try entry(at: path), !entry.isFolder else { return nil }
    return entry.id
  }

  func folder(at path: String) throws(GitError) -> ObjectID? {
    guard let entry = try entry(at: path), entry.isFolder else { return nil }
    return entry.id
  }

  func entry(at path: String) throws(GitError) -> (id: ObjectID, isFolder: Bool)? {
    var found = (id: root, isFolder: true)
    for name in path.utf8.split(separator: UInt8(ascii: "/")) {
      guard found.isFolder, let next = try objects.tree(found.id).entry(named: Array(name)) else { return nil }
      found = next
    }
    return found
  }
}
