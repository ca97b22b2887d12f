import CGit2

extension Repository {
  /// Puts all that a history has beyond what is known into another repository, as one pack. The work follows what the new
  /// commits changed: libgit2's own way between two folders takes the whole tree of each.
  ///
  /// - Parameters:
  ///   - known: Commits that both have, with all before them.
  ///   - limit: How many objects there may be.
  /// - Returns: How many there are; nil for more than the limit.
  func copyHistory(
    through tip: ObjectID, butNotOf known: [ObjectID], to other: borrowing Repository, limit: Int,
    onProgress: (_ done: Int, _ total: Int) -> Void
  ) throws(GitError) -> Int? {
    let commits = try commits(through: tip, butNotOf: known, limit: limit)
    // With the names by which libgit2 finds what is alike: that makes the pack smaller, and is faster.
    var found: [ObjectID: String] = [:]
    for (place, id) in commits.enumerated() {
      let commit = try commit(id)
      let before = try commit.parents.first.map { parent throws(GitError) in try self.commit(parent).tree }
      found[id] = ""
      try collect(commit.tree, called: "", after: before, into: &found)
      guard found.count <= limit else { return nil }
      onProgress(place + 1, commits.count)
    }
    if !found.isEmpty { try writePack(of: found, to: other.gitFolder + "/objects/pack") }
    return found.count
  }

  private func collect(
    _ tree: ObjectID, called name: String, after before: ObjectID?, into found: inout [ObjectID: String]
  ) throws(GitError) {
    guard tree != before, found[tree] == nil else { return }
    found[tree] = name
    let old = try before.map { before throws(GitError) in try self.tree(before).bytes } ?? []
    for change in try TreeChanges.between(old, self.tree(tree).bytes) where !change.isSubmodule {
      guard let id = change.id else { continue }
      if change.isFolder {
        try collect(id, called: change.name, after: change.previous, into: &found)
      } else if found[id] == nil {
        found[id] = change.name
      }
    }
  }

  private func writePack(of objects: [ObjectID: String], to folder: String) throws(GitError) {
    var builder: OpaquePointer?
    try check(unsafe git_packbuilder_new(&builder, handle), "make a pack")
    defer { unsafe git_packbuilder_free(builder) }
    // As many as there are processors.
    _ = unsafe git_packbuilder_set_threads(builder, 0)
    for (id, name) in objects {
      var object = id.libgit2
      try check(unsafe git_packbuilder_insert(builder, &object, name), "pack object \(id.hex)")
    }
    try check(unsafe git_packbuilder_write(builder, folder, 0, nil, nil), "write a pack to \(folder)")
  }

  /// Whether it has no working files.
  var isBare: Bool { unsafe git_repository_is_bare(handle) == 1 }

  /// The folder of its refs and objects, without a trailing slash.
  private var gitFolder: String {
    let path = unsafe String(cString: git_repository_path(handle))
    return path.hasSuffix("/") ? String(path.dropLast()) : path
  }
}
