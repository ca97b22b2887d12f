import Glibc
package import Storage
import Synchronization

/// A file system in memory, for tests: any call can be made to fail, and the power can be cut at any time.
///
///     let files = FaultyFileSystem(FaultPlan(.init(call: 7, forever: true)))
///     …                                   // the eighth call and all after it fail
///     let left = files.disk               // a value: try several power cuts on the same state
///     files.crash(seed: 42)
package final class FaultyFileSystem: FileSystem {
  package let plan: FaultPlan
  private let state: Mutex<DiskModel>

  /// A file system with this content, or an empty one.
  package init(_ plan: FaultPlan = FaultPlan(), disk: DiskModel = DiskModel()) {
    self.plan = plan
    state = Mutex(disk)
  }

  /// All that is on the disk, and what of it is not durable.
  package var disk: DiskModel {
    state.withLock { $0 }
  }

  /// Cuts the power. Files that are open stay usable on paper; a test should let go of them.
  package func crash(seed: UInt64) {
    var random = RepeatableRandom(seed: seed)
    state.withLock { $0.crash(using: &random) }
  }

  package func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    try plan.check(.read, path)
    return try withDisk { disk throws(FileError) in
      let bytes = try disk.content(path, .read).live
      if bytes.count > limit { throw FileError(.read, path, code: EFBIG) }
      return bytes
    }
  }

  package func create(_ path: String, bytes: Span<UInt8>, permissions: UInt32, durable: Bool) throws(FileError) {
    try plan.check(.create, path)
    let file = try withDisk { disk throws(FileError) in
      if disk.live[path] != nil { throw FileError(.create, path, code: EEXIST) }
      try disk.requireParent(path, .create)
      return FaultyFile(path, disk.makeFile(path, permissions: permissions), self)
    }
    defer { file.close() }
    try file.write(bytes, at: 0)
    if durable { try file.syncData() }
  }

  package func open(_ path: String, create: Bool) throws(FileError) -> any File {
    try plan.check(.open, path)
    return try withDisk { disk throws(FileError) in FaultyFile(path, try disk.open(path, create: create, .open), self) }
  }

  package func openToRead(_ path: String) throws(FileError) -> any File {
    try open(path, create: false)
  }

  package func rename(_ path: String, to target: String) throws(FileError) {
    try rename(path, to: target, replacing: true)
  }

  package func rename(_ path: String, toFree target: String) throws(FileError) {
    try rename(path, to: target, replacing: false)
  }

  private func rename(_ path: String, to target: String, replacing: Bool) throws(FileError) {
    try plan.check(.rename, path)
    try withDisk { disk throws(FileError) in
      guard let node = disk.live[path] else { throw FileError(.rename, path, code: ENOENT) }
      if !replacing, disk.live[target] != nil { throw FileError(.rename, path, code: EEXIST) }
      try disk.requireParent(target, .rename)
      disk.setNames([(target, node), (path, nil)])
    }
  }

  package func exchange(_ path: String, with other: String) throws(FileError) {
    try plan.check(.exchange, path)
    try withDisk { disk throws(FileError) in
      guard let mine = disk.live[path], let theirs = disk.live[other] else {
        throw FileError(.exchange, path, code: ENOENT)
      }
      disk.setNames([(path, theirs), (other, mine)])
    }
  }

  package func remove(_ path: String) throws(FileError) {
    try plan.check(.remove, path)
    try withDisk { disk throws(FileError) in
      guard let node = disk.live[path] else { throw FileError(.remove, path, code: ENOENT) }
      if node == .directory, disk.live.keys.contains(where: { $0.hasPrefix(path + "/") }) {
        throw FileError(.remove, path, code: ENOTEMPTY)
      }
      disk.setNames([(path, nil)])
    }
  }

  package func makeDirectory(_ path: String, permissions: UInt32) throws(FileError) {
    try plan.check(.makeDirectory, path)
    try withDisk { disk throws(FileError) in try disk.makeDirectories(path) }
  }

  package func list(_ path: String) throws(FileError) -> [String] {
    try plan.check(.list, path)
    return try withDisk { disk throws(FileError) in
      guard disk.live[path] == .directory else { throw FileError(.list, path, code: ENOENT) }
      let names = disk.live.keys.filter { $0 != "/" && $0 != path && parentPath(of: $0) == path }
      return names.map { String($0.split(separator: "/").last ?? "") }.sorted()
    }
  }

  package func status(_ path: String) throws(FileError) -> FileStatus? {
    try plan.check(.inspect, path)
    return state.withLock { $0.status(path) }
  }

  /// There are no links on this disk.
  package func target(ofLink path: String) throws(FileError) -> String { throw FileError(.read, path, code: EINVAL) }

  package func syncDirectory(_ path: String) throws(FileError) {
    try plan.check(.sync, path)
    state.withLock { $0.syncDirectory(path) }
  }

  package func syncFileSystem(_ path: String) throws(FileError) {
    try plan.check(.sync, path)
    state.withLock { $0.syncAll() }
  }

  package func lock(_ path: String, owner: String) throws(FileError) -> FileLock {
    try plan.check(.lock, path)
    return try withDisk { disk throws(FileError) in
      let file = try disk.open(path, create: true, .lock)
      if disk.contents[file]?.isLocked == true {
        return .heldByAnother(String(decoding: disk.contents[file]?.live ?? [], as: UTF8.self))
      }
      disk.truncate(file, to: 0)
      disk.write(Array(owner.utf8), at: 0, to: file)
      disk.contents[file]?.isLocked = true
      return .acquired(FaultyFile(path, file, self, holdsLock: true))
    }
  }

  func withDisk<Result: Sendable>(
    _ body: (inout DiskModel) throws(FileError) -> Result
  ) throws(FileError) -> Result {
    // A Mutex hands the error of its body on with its type only when told so.
    try state.withLock { (disk) throws(FileError) in try body(&disk) }
  }
}

extension DiskModel {
  fileprivate func content(_ path: String, _ operation: FileError.Operation) throws(FileError) -> Content {
    guard case .file(let file) = live[path], let content = contents[file] else {
      throw FileError(operation, path, code: live[path] == .directory ? EISDIR : ENOENT)
    }
    return content
  }

  fileprivate func requireParent(_ path: String, _ operation: FileError.Operation) throws(FileError) {
    if live[parentPath(of: path)] != .directory { throw FileError(operation, path, code: ENOENT) }
  }

  fileprivate mutating func open(
    _ path: String, create: Bool, _ operation: FileError.Operation
  ) throws(FileError) -> Int {
    switch live[path] {
    case .file(let file): return file
    case .directory: throw FileError(operation, path, code: EISDIR)
    case nil:
      guard create else { throw FileError(operation, path, code: ENOENT) }
      try requireParent(path, operation)
      return makeFile(path, permissions: 0o644)
    }
  }

  fileprivate mutating func makeDirectories(_ path: String) throws(FileError) {
    switch live[path] {
    case .directory: return
    case .file: throw FileError(.makeDirectory, path, code: EEXIST)
    case nil:
      try makeDirectories(parentPath(of: path))
      setNames([(path, .directory)])
    }
  }

  fileprivate func status(_ path: String) -> FileStatus? {
    guard let node = live[path] else { return nil }
    var inode = 0
    var content = Content()
    if case .file(let file) = node { (inode, content) = (file, contents[file] ?? content) }
    return FileStatus(
      kind: node == .directory ? .directory : .file, size: content.live.count, modifiedNanoseconds: content.changes,
      changedNanoseconds: content.changes, inode: UInt64(inode), device: 1, mode: content.permissions, userID: 0,
      groupID: 0, linkCount: 1)
  }
}
