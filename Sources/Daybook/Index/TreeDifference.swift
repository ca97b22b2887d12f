import Git

/// The files in which two folders differ, found by going down only where the ids differ.
struct TreeDifference {
  let objects: ObjectReader

  typealias Visit = (_ path: String, _ old: ObjectID?, _ new: ObjectID?) throws(GitError) -> Void

  /// Calls `visit` for each file that is added, removed or different, in the order of the paths' bytes.
  func visit(from old: ObjectID?, to new: ObjectID?, under path: String = "", _ visit: Visit) throws(GitError) {
    guard old != new else { return }
    for change in try TreeChanges.between(bytes(old), bytes(new)) {
      let below = path.isEmpty ? change.name : "\(path)/\(change.name)"
      if change.isFolder {
        try self.visit(from: change.previous, to: change.id, under: below, visit)
      } else {
        try visit(below, change.previous, change.id)
      }
    }
  }

  /// All files under a folder.
  func visitAll(_ tree: ObjectID, _ visit: (_ path: String, _ id: ObjectID) throws(GitError) -> Void) throws(GitError) {
    try self.visit(from: nil, to: tree) { path, _, new throws(GitError) in
      if let new { try visit(path, new) }
    }
  }

  private func bytes(_ tree: ObjectID?) throws(GitError) -> [UInt8] {
    try tree.map { tree throws(GitError) in try objects.tree(tree).bytes } ?? []
  }
}
