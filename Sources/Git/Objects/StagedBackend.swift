import CGit2

/// A backend of libgit2's object database that answers from `StagedObjects`.
///
/// libgit2 sees the C structure at the start of this one, and hands its address back to each call. Reading by a
/// shortened id is left to the packs: nobody can know the id of an object that was never shown in full.
@unsafe
struct StagedBackend {
  private var base: git_odb_backend
  private var objects: Unmanaged<StagedObjects>

  /// libgit2 asks backends of a higher priority first; its own packs and loose files have 1 and 2.
  private static let priority: Int32 = 10

  /// Gives `database` a backend, which it owns and frees.
  static func attach(_ objects: StagedObjects, to database: OpaquePointer) throws(GitError) {
    let backend = UnsafeMutablePointer<StagedBackend>.allocate(capacity: 1)
    unsafe backend.initialize(to: StagedBackend(base: git_odb_backend(), objects: Unmanaged.passRetained(objects)))
    let base = unsafe UnsafeMutableRawPointer(backend).assumingMemoryBound(to: git_odb_backend.self)
    try check(unsafe git_odb_init_backend(base, UInt32(GIT_ODB_BACKEND_VERSION)), "prepare staged objects")
    unsafe base.pointee.read = { unsafe StagedBackend.read($0, $1, $2, $3, $4) }
    unsafe base.pointee.read_header = { unsafe StagedBackend.readHeader($0, $1, $2, $3) }
    unsafe base.pointee.exists = { backend, id in
      unsafe StagedBackend.object(backend, id) == nil ? 0 : 1
    }
    unsafe base.pointee.free = { backend in
      guard let backend = unsafe backend else { return }
      let staged = unsafe UnsafeMutableRawPointer(backend).assumingMemoryBound(to: StagedBackend.self)
      unsafe staged.pointee.objects.release()
      unsafe staged.deallocate()
    }
    try check(unsafe git_odb_add_backend(database, base, priority), "attach staged objects")
  }

  private static func object(
    _ backend: UnsafeMutablePointer<git_odb_backend>?, _ id: UnsafePointer<git_oid>?
  ) -> GitObject? {
    guard let backend = unsafe backend, let id = unsafe id else { return nil }
    let staged = unsafe UnsafeMutableRawPointer(backend).assumingMemoryBound(to: StagedBackend.self)
    return unsafe staged.pointee.objects.takeUnretainedValue()[ObjectID(id.pointee)]
  }

  private static func read(
    _ buffer: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ size: UnsafeMutablePointer<Int>?,
    _ kind: UnsafeMutablePointer<git_object_t>?, _ backend: UnsafeMutablePointer<git_odb_backend>?,
    _ id: UnsafePointer<git_oid>?
  ) -> Int32 {
    guard let object = unsafe object(backend, id) else { return GIT_ENOTFOUND.rawValue }
    guard let memory = unsafe git_odb_backend_data_alloc(backend, max(1, object.content.count)) else {
      return GIT_ERROR.rawValue
    }
    unsafe memory.copyMemory(from: object.content, byteCount: object.content.count)
    unsafe buffer?.pointee = memory
    unsafe size?.pointee = object.content.count
    unsafe kind?.pointee = object.kind.libgit2
    return 0
  }

  private static func readHeader(
    _ size: UnsafeMutablePointer<Int>?, _ kind: UnsafeMutablePointer<git_object_t>?,
    _ backend: UnsafeMutablePointer<git_odb_backend>?, _ id: UnsafePointer<git_oid>?
  ) -> Int32 {
    guard let object = unsafe object(backend, id) else { return GIT_ENOTFOUND.rawValue }
    unsafe size?.pointee = object.content.count
    unsafe kind?.pointee = object.kind.libgit2
    return 0
  }
}

extension ObjectKind {
  var libgit2: git_object_t {
    switch self {
    case .commit: GIT_OBJECT_COMMIT
    case .tree: GIT_OBJECT_TREE
    case .blob: GIT_OBJECT_BLOB
    case .tag: GIT_OBJECT_TAG
    }
  }

  init?(_ kind: git_object_t) {
    switch kind {
    case GIT_OBJECT_COMMIT: self = .commit
    case GIT_OBJECT_TREE: self = .tree
    case GIT_OBJECT_BLOB: self = .blob
    case GIT_OBJECT_TAG: self = .tag
    default: return nil
    }
  }
}

extension ObjectID {
  init(_ id: git_oid) {
    self = unsafe withUnsafeBytes(of: id) { raw in
      unsafe ObjectID(
        high: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
        middle: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
        low: UInt32(bigEndian: raw.loadUnaligned(fromByteOffset: 16, as: UInt32.self)))
    }
  }

  var libgit2: git_oid {
    var result = git_oid()
    unsafe withUnsafeMutableBytes(of: &result) { unsafe $0.copyBytes(from: bytes) }
    return result
  }
}
