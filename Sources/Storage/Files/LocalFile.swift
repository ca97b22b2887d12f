import Glibc
import Synchronization

/// An open file of this machine. It is closed, and a lock on it released, at the latest when the last reference goes.
final class LocalFile: File {
  private let path: String
  private let descriptor: Int32
  private let isClosed = Atomic(false)
  private let isLocked = Atomic(false)

  init(
    _ path: String, flags: Int32, permissions: UInt32 = 0o644, operation: FileError.Operation
  ) throws(FileError) {
    self.path = path
    self.descriptor = try check(operation, path) {
      unsafe Glibc.open(path, flags | O_NOFOLLOW | O_CLOEXEC, mode_t(permissions))
    }
  }

  deinit {
    close()
  }

  func close() {
    if isClosed.exchange(true, ordering: .relaxed) { return }
    // A child process that is just being started shares the open file for a moment, and would keep the lock.
    if isLocked.load(ordering: .relaxed) { _ = flock(descriptor, LOCK_UN) }
    _ = Glibc.close(descriptor)
  }

  func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    let path = path
    let descriptor = try openDescriptor(.read)
    return try [UInt8](capacity: count) { (output: inout OutputSpan<UInt8>) throws(FileError) in
      while !output.isFull {
        let start = offset + output.count
        let received = unsafe output.withUnsafeMutableBufferPointer { buffer, filled in
          let received = unsafe pread(descriptor, buffer.baseAddress! + filled, buffer.count - filled, off_t(start))
          filled += max(0, received)
          return received
        }
        if received == 0 { return }
        if received < 0, errno != EINTR { throw FileError(.read, path, code: errno) }
      }
    }
  }

  func write(_ bytes: Span<UInt8>, at offset: Int) throws(FileError) {
    let descriptor = try openDescriptor(.write)
    var done = 0
    while done < bytes.count {
      let written = unsafe bytes.withUnsafeBytes { buffer in
        unsafe pwrite(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
      }
      if written < 0, errno != EINTR { throw FileError(.write, path, code: errno) }
      done += max(0, written)
    }
  }

  func syncData() throws(FileError) {
    let descriptor = try openDescriptor(.sync)
    // Never again after a failure: the kernel reports it once and then calls the lost pages clean.
    if fdatasync(descriptor) != 0 { throw FileError(.sync, path, code: errno) }
  }

  func size() throws(FileError) -> Int {
    let descriptor = try openDescriptor(.inspect)
    var status = stat()
    try check(.inspect, path) { unsafe fstat(descriptor, &status) }
    return Int(status.st_size)
  }

  func truncate(to size: Int) throws(FileError) {
    let descriptor = try openDescriptor(.resize)
    try check(.resize, path) { ftruncate(descriptor, off_t(size)) }
  }

  /// Takes the exclusive lock on the file; false when another open file has it.
  func tryLock() throws(FileError) -> Bool {
    let descriptor = try openDescriptor(.lock)
    do {
      try check(.lock, path) { flock(descriptor, LOCK_EX | LOCK_NB) }
      isLocked.store(true, ordering: .relaxed)
      return true
    } catch  where error.code == EWOULDBLOCK {
      return false
    }
  }

  private func openDescriptor(_ operation: FileError.Operation) throws(FileError) -> Int32 {
    if isClosed.load(ordering: .relaxed) { throw FileError(operation, path, code: EBADF) }
    return descriptor
  }
}
