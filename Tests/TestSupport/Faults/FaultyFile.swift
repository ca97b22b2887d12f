import Storage
import Synchronization

/// An open file of a `FaultyFileSystem`. A write that is made to fail is torn: its first half gets through.
final class FaultyFile: File {
  private let path: String
  private let file: Int
  private let files: FaultyFileSystem
  private let holdsLock: Atomic<Bool>

  init(_ path: String, _ file: Int, _ files: FaultyFileSystem, holdsLock: Bool = false) {
    self.path = path
    self.file = file
    self.files = files
    self.holdsLock = Atomic(holdsLock)
  }

  deinit {
    close()
  }

  func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    try files.plan.check(.read, path)
    return try content { Array($0.live.dropFirst(offset).prefix(count)) }
  }

  func write(_ bytes: Span<UInt8>, at offset: Int) throws(FileError) {
    let failure = files.plan.next(.write, path)
    let written = [UInt8](failure == nil ? bytes : bytes.extracting(first: bytes.count / 2))
    try files.withDisk { disk throws(FileError) in disk.write(written, at: offset, to: file) }
    if let failure { throw failure }
  }

  func syncData() throws(FileError) {
    let failure = files.plan.next(.sync, path)
    try files.withDisk { disk throws(FileError) in failure == nil ? disk.sync(file) : disk.failSync(file) }
    if let failure { throw failure }
  }

  func size() throws(FileError) -> Int {
    try files.plan.check(.inspect, path)
    return try content { $0.live.count }
  }

  func truncate(to size: Int) throws(FileError) {
    try files.plan.check(.resize, path)
    try files.withDisk { disk throws(FileError) in disk.truncate(file, to: size) }
  }

  func close() {
    if !holdsLock.exchange(false, ordering: .relaxed) { return }
    try? files.withDisk { disk throws(FileError) in disk.contents[file]?.isLocked = false }
  }

  private func content<Result: Sendable>(_ body: (DiskModel.Content) -> Result) throws(FileError) -> Result {
    try files.withDisk { disk throws(FileError) in body(disk.contents[file] ?? DiskModel.Content()) }
  }
}
