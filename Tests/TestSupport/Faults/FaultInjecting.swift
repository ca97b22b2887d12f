package import Storage

/// A real file system of which any call can be made to fail: for code that reaches the disk through libgit2 as well, so
/// that a model in memory will not do. A failed call does nothing.
package struct FaultInjecting: FileSystem {
  package let plan: FaultPlan
  private let base: any FileSystem

  package init(_ plan: FaultPlan = FaultPlan(), over base: any FileSystem = LocalFileSystem()) {
    self.plan = plan
    self.base = base
  }

  package func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    try plan.check(.read, path)
    return try base.read(path, limit: limit)
  }

  package func create(_ path: String, bytes: Span<UInt8>, permissions: UInt32, durable: Bool) throws(FileError) {
    try plan.check(.create, path)
    try base.create(path, bytes: bytes, permissions: permissions, durable: durable)
  }

  package func open(_ path: String, create: Bool) throws(FileError) -> any File {
    try plan.check(.open, path)
    return FaultInjectingFile(try base.open(path, create: create), path, plan)
  }

  package func openToRead(_ path: String) throws(FileError) -> any File {
    try plan.check(.open, path)
    return FaultInjectingFile(try base.openToRead(path), path, plan)
  }

  package func rename(_ path: String, to target: String) throws(FileError) {
    try plan.check(.rename, path)
    try base.rename(path, to: target)
  }

  package func rename(_ path: String, toFree target: String) throws(FileError) {
    try plan.check(.rename, path)
    try base.rename(path, toFree: target)
  }

  package func exchange(_ path: String, with other: String) throws(FileError) {
    try plan.check(.exchange, path)
    try base.exchange(path, with: other)
  }

  package func remove(_ path: String) throws(FileError) {
    try plan.check(.remove, path)
    try base.remove(path)
  }

  package func makeDirectory(_ path: String, permissions: UInt32) throws(FileError) {
    try plan.check(.makeDirectory, path)
    try base.makeDirectory(path, permissions: permissions)
  }

  package func list(_ path: String) throws(FileError) -> [String] {
    try plan.check(.list, path)
    return try base.list(path)
  }

  package func status(_ path: String) throws(FileError) -> FileStatus? {
    try plan.check(.inspect, path)
    return try base.status(path)
  }

  package func target(ofLink path: String) throws(FileError) -> String {
    try plan.check(.read, path)
    return try base.target(ofLink: path)
  }

  package func syncDirectory(_ path: String) throws(FileError) {
    try plan.check(.sync, path)
    try base.syncDirectory(path)
  }

  package func syncFileSystem(_ path: String) throws(FileError) {
    try plan.check(.sync, path)
    try base.syncFileSystem(path)
  }

  package func lock(_ path: String, owner: String) throws(FileError) -> FileLock {
    try plan.check(.lock, path)
    return try base.lock(path, owner: owner)
  }
}

private final class FaultInjectingFile: File {
  private let base: any File
  private let path: String
  private let plan: FaultPlan

  init(_ base: any File, _ path: String, _ plan: FaultPlan) {
    self.base = base
    self.path = path
    self.plan = plan
  }

  func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    try plan.check(.read, path)
    return try base.read(at: offset, count: count)
  }

  func write(_ bytes: Span<UInt8>, at offset: Int) throws(FileError) {
    try plan.check(.write, path)
    try base.write(bytes, at: offset)
  }

  func syncData() throws(FileError) {
    try plan.check(.sync, path)
    try base.syncData()
  }

  func size() throws(FileError) -> Int {
    try plan.check(.inspect, path)
    return try base.size()
  }

  func truncate(to size: Int) throws(FileError) {
    try plan.check(.resize, path)
    try base.truncate(to: size)
  }

  func close() {
    base.close()
  }
}
