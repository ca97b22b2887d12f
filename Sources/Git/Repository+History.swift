import CGit2

extension Repository {
  /// The line from `base` to `tip`, oldest first and without `base`: each commit has the one before it among its parents.
  /// At a merge it goes by the first parent that comes from `base`; from the beginning of the history, by the first.
  ///
  /// - Returns: nil when `tip` neither is `base` nor comes after it.
  package func line(after base: ObjectID?, through tip: ObjectID) throws(GitError) -> [ObjectID]? {
    guard let base else { return try commits(after: nil, through: tip, allParents: false) }
    var earlier: [ObjectID: ObjectID] = [:]
    for id in try commits(after: base, through: tip) {
      earlier[id] = try commit(id).parents.first { $0 == base || earlier[$0] != nil }
    }
    var line: [ObjectID] = []
    var id = tip
    while id != base {
      guard let before = earlier[id] else { return nil }
      line.append(id)
      id = before
    }
    return line.reversed()
  }

  /// All commits that `tip` has and `base` has not, parents first.
  package func commits(after base: ObjectID?, through tip: ObjectID) throws(GitError) -> [ObjectID] {
    try commits(after: base, through: tip, allParents: true)
  }

  /// How many commits `tip` has that `other` has not, and the other way round.
  package func distance(from tip: ObjectID, to other: ObjectID) throws(GitError) -> (ahead: Int, behind: Int) {
    var (ahead, behind) = (0, 0)
    var (one, another) = (tip.libgit2, other.libgit2)
    try check(
      unsafe git_graph_ahead_behind(&ahead, &behind, handle, &one, &another), "compare \(tip.short) and \(other.short)")
    return (ahead, behind)
  }

  private func commits(
    after base: ObjectID?, through tip: ObjectID, allParents: Bool
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
    return try unsafe Self.next(.max, of: walk)
  }

  /// The commits that `tip` has among its ancestors and none of `known` has, each behind its parents: at most `limit`.
  package func commits(
    through tip: ObjectID, butNotOf known: [ObjectID], limit: Int
  ) throws(GitError) -> [ObjectID] {
    try commits(through: [tip], butNotOf: known, limit: limit)
  }

  /// The same for several tips.
  package func commits(
    through tips: [ObjectID], butNotOf known: [ObjectID], limit: Int
  ) throws(GitError) -> [ObjectID] {
    var walk: OpaquePointer?
    try check(unsafe git_revwalk_new(&walk, handle), "walk the history")
    defer { unsafe git_revwalk_free(walk) }
    let order = GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_REVERSE.rawValue
    try check(unsafe git_revwalk_sorting(walk, order), "walk the history")
    for tip in tips {
      var start = tip.libgit2
      try check(unsafe git_revwalk_push(walk, &start), "walk the history from \(tip.short)")
    }
    for id in known {
      var end = id.libgit2
      try check(unsafe git_revwalk_hide(walk, &end), "walk the history from \(id.short)")
    }
    return try unsafe Self.next(limit, of: walk)
  }

  /// Which of some commits `tip` is or comes after. It goes no further back than to the last of them, nor by more commits
  /// than `limit`.
  package func ancestors(
    of tip: ObjectID, among wanted: Set<ObjectID>, limit: Int
  ) throws(GitError) -> Set<ObjectID> {
    var walk: OpaquePointer?
    try check(unsafe git_revwalk_new(&walk, handle), "walk the history")
    defer { unsafe git_revwalk_free(walk) }
    try check(unsafe git_revwalk_sorting(walk, GIT_SORT_TIME.rawValue), "walk the history")
    var start = tip.libgit2
    try check(unsafe git_revwalk_push(walk, &start), "walk the history from \(tip.short)")
    var left = wanted
    var id = git_oid()
    for _ in 0..<limit where !left.isEmpty {
      let status = unsafe git_revwalk_next(&id, walk)
      if status == GIT_ITEROVER.rawValue { break }
      try check(status, "walk the history")
      left.remove(ObjectID(id))
    }
    return wanted.subtracting(left)
  }

  private static func next(_ limit: Int, of walk: OpaquePointer?) throws(GitError) -> [ObjectID] {
    var result: [ObjectID] = []
    var id = git_oid()
    while result.count < limit {
      let status = unsafe git_revwalk_next(&id, walk)
      if status == GIT_ITEROVER.rawValue { break }
      try check(status, "walk the history")
      result.append(ObjectID(id))
    }
    return result
  }

  /// The newest commits from which both `tip` and one of the others come, in the order of their ids. Several where
  /// histories were merged crosswise.
  package func mergeBases(of tip: ObjectID, and others: [ObjectID]) throws(GitError) -> [ObjectID] {
    let commits = ([tip] + others).map(\.libgit2)
    var bases = unsafe git_oidarray()
    let status = unsafe git_merge_bases_many(&bases, handle, commits.count, commits)
    if status == GIT_ENOTFOUND.rawValue { return [] }
    try check(status, "find where \(tip.short) and others come from")
    defer { unsafe git_oidarray_dispose(&bases) }
    return unsafe UnsafeBufferPointer(start: bases.ids, count: bases.count).map { ObjectID($0) }.sorted()
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
