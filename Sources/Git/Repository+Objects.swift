import CGit2

extension Repository {
  /// Reads an object; throws `.notFound` when there is none of that id.
  package func object(_ id: ObjectID) throws(GitError) -> GitObject {
    var object: OpaquePointer?
    var name = id.libgit2
    try check(unsafe git_odb_read(&object, database, &name), "read object \(id.hex)")
    defer { unsafe git_odb_object_free(object) }
    guard let kind = unsafe ObjectKind(git_odb_object_type(object)) else {
      throw GitError(.failed, "read object \(id.hex)", "it is of a kind that a store does not hold")
    }
    let bytes = unsafe UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object))
    return unsafe GitObject(id: id, kind, Array(bytes))
  }

  package func commit(_ id: ObjectID) throws(GitError) -> Commit {
    horizon.cutting(try Commit(parsing: content(id, .commit)), id)
  }

  /// The commit that an object is, or that a tag leads to; nil for anything else.
  package func commit(behind id: ObjectID) throws(GitError) -> ObjectID? {
    var object = try object(id)
    while object.kind == .tag { object = try self.object(TagLinks(object.content).target) }
    return object.kind == .commit ? object.id : nil
  }

  package func tree(_ id: ObjectID) throws(GitError) -> Tree {
    try Tree(bytes: content(id, .tree))
  }

  package func blob(_ id: ObjectID) throws(GitError) -> [UInt8] {
    try content(id, .blob)
  }

  private func content(_ id: ObjectID, _ kind: ObjectKind) throws(GitError) -> [UInt8] {
    let object = try object(id)
    guard object.kind == kind else {
      throw GitError(.damaged, "read object \(id.hex)", "it is a \(object.kind.name), not a \(kind.name)")
    }
    return object.content
  }

  /// Whether the object can be read, here or staged.
  package func contains(_ id: ObjectID) -> Bool {
    var name = id.libgit2
    return unsafe git_odb_exists(database, &name) == 1
  }

  /// Whether the packs and folders that are known by now hold a commit of that id: none is looked for once more.
  package func knowsCommit(_ id: ObjectID) -> Bool {
    var name = id.libgit2
    guard unsafe git_odb_exists_ext(database, &name, GIT_ODB_LOOKUP_NO_REFRESH.rawValue) == 1 else { return false }
    return (try? head(of: id).kind) == .commit
  }

  /// How many bytes the content of an object has, without reading the whole of it.
  package func size(of id: ObjectID) throws(GitError) -> Int {
    try head(of: id).bytes
  }

  /// The kind of an object and the size of its content, without reading the whole of it.
  func head(of id: ObjectID) throws(GitError) -> (kind: ObjectKind?, bytes: Int) {
    var (size, kind) = (0, GIT_OBJECT_ANY)
    var name = id.libgit2
    try check(unsafe git_odb_read_header(&size, &kind, database, &name), "read object \(id.hex)")
    return (ObjectKind(kind), size)
  }

  /// Looks at the packs on disk afresh, after one was added or taken away.
  package func refreshObjects() throws(GitError) {
    try check(unsafe git_odb_refresh(database), "look for new packs")
  }

  /// The commit of a tag or a branch, by its whole name or the end of that, such as `v1`. No other expression of Git's
  /// is read.
  package func commit(named name: String) throws(GitError) -> ObjectID {
    var reference: OpaquePointer?
    try check(unsafe git_reference_dwim(&reference, handle, name), "find '\(name)'")
    defer { unsafe git_reference_free(reference) }
    var object: OpaquePointer?
    try check(unsafe git_reference_peel(&object, reference, GIT_OBJECT_COMMIT), "find the commit of '\(name)'")
    defer { unsafe git_object_free(object) }
    return unsafe ObjectID(git_object_id(object).pointee)
  }
}
