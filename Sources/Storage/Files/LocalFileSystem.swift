import Glibc

/// `O_NOATIME`, which the C library hides from Swift: reading leaves the access time as it is.
private let noAccessTime: Int32 = 0o1000000

/// The file system of this machine.
package struct LocalFileSystem: FileSystem {
  package init() {}

  package func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    let file = try openToRead(path)
    defer { file.close() }
    let size = try file.size()
    if size > limit { throw FileError(.read, path, code: EFBIG) }
    return try file.read(at: 0, count: size)
  }

  /// Reading is no use that a file should remember: with its access time kept as it is, looking at one that was just
  /// written costs half as much. Only the owner of a file may ask for that.
  package func openToRead(_ path: String) throws(FileError) -> any File {
    do {
      return try LocalFile(path, flags: O_RDONLY | noAccessTime, operation: .read)
    } catch  where error.code == EPERM {
      return try LocalFile(path, flags: O_RDONLY, operation: .read)
    }
  }

  package func create(
    _ path: String, bytes: Span<UInt8>, permissions: UInt32, durable: Bool
  ) throws(FileError) {
    let flags = O_WRONLY | O_CREAT | O_EXCL
    let file = try LocalFile(path, flags: flags, permissions: permissions, operation: .create)
    defer { file.close() }
    try file.write(bytes, at: 0)
    if durable { try file.syncData() }
  }

  package func open(_ path: String, create: Bool) throws(FileError) -> any File {
    try LocalFile(path, flags: create ? O_RDWR | O_CREAT : O_RDWR, operation: .open)
  }

  package func rename(_ path: String, to target: String) throws(FileError) {
    try checkPath(target, .rename)
    try check(.rename, path) { unsafe Glibc.rename(path, target) }
  }

  package func rename(_ path: String, toFree target: String) throws(FileError) {
    try checkPath(target, .rename)
    try check(.rename, path) { renameWithoutReplacing(path, target) }
  }

  package func exchange(_ path: String, with other: String) throws(FileError) {
    try checkPath(other, .exchange)
    try check(.exchange, path) { renameExchanging(path, other) }
  }

  package func remove(_ path: String) throws(FileError) {
    try check(.remove, path) { unsafe Glibc.remove(path) }
  }

  package func makeDirectory(_ path: String, permissions: UInt32) throws(FileError) {
    do {
      try check(.makeDirectory, path) { unsafe mkdir(path, mode_t(permissions)) }
    } catch  where error.isMissing && parentPath(of: path) != path {
      try makeDirectory(parentPath(of: path), permissions: permissions)
      try makeDirectory(path, permissions: permissions)
    } catch  where error.isExisting {
      if try status(path)?.kind != .directory { throw error }
    }
  }

  package func list(_ path: String) throws(FileError) -> [String] {
    let stream = try FolderStream(path)
    defer { stream.close() }
    return try stream.names().sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Asks for each name within its folder: with whole paths the kernel would look up the same folders again and again.
  package func contents(of path: String) throws(FileError) -> [(name: String, status: FileStatus)] {
    let stream = try FolderStream(path)
    defer { stream.close() }
    var contents: [(name: String, status: FileStatus)] = []
    for name in try stream.names() {
      if let status = try stream.status(of: name) { contents.append((name, status)) }
    }
    return contents
  }

  package func status(_ path: String) throws(FileError) -> FileStatus? {
    var status = stat()
    do {
      try check(.inspect, path) { unsafe lstat(path, &status) }
    } catch  where error.isMissing || error.code == ENOTDIR {
      return nil
    }
    return FileStatus(status)
  }

  package func target(ofLink path: String) throws(FileError) -> String {
    try checkPath(path, .read)
    return try unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) {
      buffer throws(FileError) in
      let count = unsafe readlink(path, buffer.baseAddress!, buffer.count)
      if count < 0 { throw FileError(.read, path, code: errno) }
      return unsafe String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  package func syncDirectory(_ path: String) throws(FileError) {
    let descriptor = try openDirectory(path, .sync)
    defer { _ = Glibc.close(descriptor) }
    try check(.sync, path) { fsync(descriptor) }
  }

  package func syncFileSystem(_ path: String) throws(FileError) {
    let descriptor = try openDirectory(path, .sync)
    defer { _ = Glibc.close(descriptor) }
    try check(.sync, path) { syncWholeFileSystem(descriptor) }
  }

  package func lock(_ path: String, owner: String) throws(FileError) -> FileLock {
    let file = try LocalFile(path, flags: O_RDWR | O_CREAT, operation: .lock)
    guard try file.tryLock() else {
      defer { file.close() }
      let text = try file.read(at: 0, count: Limits.lockOwnerBytes)
      return .heldByAnother(String(decoding: text, as: UTF8.self))
    }
    try file.truncate(to: 0)
    try file.write(Array(owner.utf8.prefix(Limits.lockOwnerBytes)).span, at: 0)
    return .acquired(file)
  }

}

func openDirectory(_ path: String, _ operation: FileError.Operation) throws(FileError) -> Int32 {
  try check(operation, path) {
    unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
  }
}

/// Makes a system call again as long as a signal interrupts it, and throws what it reports.
@discardableResult
func check(
  _ operation: FileError.Operation, _ path: String, _ call: () -> Int32
) throws(FileError) -> Int32 {
  try checkPath(path, operation)
  while true {
    let result = call()
    if result >= 0 { return result }
    if errno != EINTR { throw FileError(operation, path, code: errno) }
  }
}

/// A zero byte would cut the path short on its way through C and so name another file.
private func checkPath(_ path: String, _ operation: FileError.Operation) throws(FileError) {
  if path.utf8.contains(0) { throw FileError(operation, path, code: EINVAL) }
}

extension FileStatus {
  init(_ status: stat) {
    let kind: Kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .directory
      case S_IFLNK: .symbolicLink
      default: .other
      }
    self.init(
      kind: kind, size: Int(status.st_size), modifiedNanoseconds: nanoseconds(status.st_mtim),
      changedNanoseconds: nanoseconds(status.st_ctim), inode: UInt64(status.st_ino), device: UInt64(status.st_dev),
      mode: UInt32(status.st_mode), userID: status.st_uid, groupID: status.st_gid, linkCount: Int(status.st_nlink))
  }
}

private func nanoseconds(_ time: timespec) -> Int64 {
  Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
}
