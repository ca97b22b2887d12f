import Git

/// The files in which two folders differ, found by going down only where the ids differ.
struct TreeDifference {
  let objects: ObjectReader

  typealias Visit = (_ path: String, _ old: ObjectID?, _ new: ObjectID?) throws(GitError) -> Void

  /// Calls `visit` for each file that is added, removed or different, in the order of their paths' folders.
  func visit(from old: ObjectID?, to new: ObjectID?, under path: String = "", _ visit: Visit) throws(GitError) {
    guard old != new else { return }
    let before = try entries(old)
    let after = try entries(new)
    var left = before[...]
    var right = after[...]
    while let name = [left.first?.key, right.first?.key].compactMap({ $0 }).min() {
      let first = left.first?.key == name ? left.popFirst()?.entry : nil
      let second = right.first?.key == name ? right.popFirst()?.entry : nil
      guard first?.id != second?.id || first?.mode != second?.mode else { continue }
      guard let entry = first ?? second else { continue }
      let below = path.isEmpty ? entry.name : "\(path)/\(entry.name)"
      if entry.isFolder {
        try self.visit(from: first?.id, to: second?.id, under: below, visit)
      } else {
        try visit(below, first?.id, second?.id)
      }
    }
  }

  /// All files under a folder.
  func visitAll(_ tree: ObjectID, _ visit: (_ path: String, _ id: ObjectID) throws(GitError) -> Void) throws(GitError) {
    try self.visit(from: nil, to: tree) { path, _, new throws(GitError) in
      if let new { try visit(path, new) }
    }
  }

  /// Names with a folder's told from a file's: the same name can be the one before and the other after.
  private func entries(_ tree: ObjectID?) throws(GitError) -> [(key: String, entry: Tree.Entry)] {
    guard let tree else { return [] }
    return try objects.tree(tree).entries()
      .map { ($0.isFolder ? $0.name + "/" : $0.name, $0) }
      .sorted { $0.0 < $1.0 }
  }
}
