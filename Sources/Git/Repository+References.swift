import CGit2

extension Repository {
  /// The branch that HEAD names, such as `refs/heads/main`; nil when HEAD is detached.
  package func currentBranch() throws(GitError) -> String? {
    var reference: OpaquePointer?
    try check(unsafe git_reference_lookup(&reference, handle, "HEAD"), "read HEAD")
    defer { unsafe git_reference_free(reference) }
    guard let target = unsafe git_reference_symbolic_target(reference) else { return nil }
    return unsafe String(cString: target)
  }

  /// The commit that a ref holds; nil when there is no such ref.
  package func reference(_ name: String) throws(GitError) -> ObjectID? {
    var id = git_oid()
    let status = unsafe git_reference_name_to_id(&id, handle, name)
    if status == GIT_ENOTFOUND.rawValue { return nil }
    try check(status, "read \(name)")
    return ObjectID(id)
  }

  /// Moves a ref from `old` to `new`, or makes it when `old` is nil; throws `.moved` when it holds anything else.
  ///
  /// libgit2 can report a failure after the ref has moved (when only the last sync failed): after any error the caller
  /// reads the ref again.
  package func moveReference(_ name: String, from old: ObjectID?, to new: ObjectID, message: String) throws(GitError) {
    var target = new.libgit2
    var expected = (old ?? .zero).libgit2
    var reference: OpaquePointer?
    let status = unsafe git_reference_create_matching(&reference, handle, name, &target, 1, &expected, message)
    unsafe git_reference_free(reference)
    try check(status, "move \(name) to \(new.short)")
  }
}

extension Repository {
  /// All refs, in no certain order; HEAD and others that only name another ref are left out.
  package func references() throws(GitError) -> [Reference] {
    var iterator: OpaquePointer?
    try check(unsafe git_reference_iterator_new(&iterator, handle), "list the refs")
    defer { unsafe git_reference_iterator_free(iterator) }
    var references: [Reference] = []
    while true {
      var reference: OpaquePointer?
      let status = unsafe git_reference_next(&reference, iterator)
      if status == GIT_ITEROVER.rawValue { return references }
      try check(status, "list the refs")
      defer { unsafe git_reference_free(reference) }
      guard let id = unsafe git_reference_target(reference) else { continue }
      unsafe references.append(Reference(String(cString: git_reference_name(reference)), ObjectID(id.pointee)))
    }
  }

  /// Takes a ref away; one that is not there is gone already.
  package func removeReference(_ name: String) throws(GitError) {
    let status = unsafe git_reference_remove(handle, name)
    if status != GIT_ENOTFOUND.rawValue { try check(status, "remove \(name)") }
  }

  /// Lets HEAD name this branch.
  package func setHead(to branch: String) throws(GitError) {
    try check(unsafe git_repository_set_head(handle, branch), "let HEAD name \(branch)")
  }
}
