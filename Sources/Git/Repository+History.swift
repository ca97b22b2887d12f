import CGit2

extension Repository {
  /// The commits that lead to `tip` from behind `base`, oldest first: of a merge, only its first parent is followed, unless
  /// `allParents` is set.
  package func commits(
    after base: ObjectID?, through tip: ObjectID, allParents: Bool = false
  ) throws(GitError) -> [ObjectID] {
    var walk: OpaquePointer?
    try check(unsafe git_revwalk_new(&walk, handle), "walk the history")
    defer { unsafe git_revwalk_free(walk) }
    let order = GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_REVERSE.rawValue
    try check(unsafe git_revwalk_sorting(walk, order), "walk the history")
    if !allParents { try check(unsafe git_revwalk_simplify_first_parent(walk), "walk the history") }
    var start = tip.libgit2
    try check(unsafe git_revwalk_push(walk, &start), "walk the history from \(tip.short)")
    if let base {
      var end = base.libgit2
      try check(unsafe git_revwalk_hide(walk, &end), "walk the history from \(base.short)")
    }
    var result: [ObjectID] = []
    var id = git_oid()
    while true {
      let status = unsafe git_revwalk_next(&id, walk)
      if status == GIT_ITEROVER.rawValue { return result }
      try check(status, "walk the history")
      result.append(ObjectID(id))
    }
  }

  /// Whether `base` is `tip`, or its parent's first parent's …: whether the history of `tip`, of merges only the first
  /// parent, begins with that of `base`.
  package func isFirstAncestor(_ base: ObjectID, of tip: ObjectID) throws(GitError) -> Bool {
    if base == tip { return true }
    guard let oldest = try commits(after: base, through: tip).first else { return false }
    return try commit(oldest).parents.first == base
  }

  /// Whether `tip` is `base` or comes after it.
  package func isAncestor(_ base: ObjectID, of tip: ObjectID) throws(GitError) -> Bool {
    if base == tip { return true }
    var (descendant, ancestor) = (tip.libgit2, base.libgit2)
    let status = unsafe git_graph_descendant_of(handle, &descendant, &ancestor)
    if status == GIT_ENOTFOUND.rawValue { return false }
    try check(status, "compare \(base.short) with \(tip.short)")
    return status == 1
  }
}
