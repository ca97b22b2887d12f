import Glibc

/// A call to the file system that failed: what was tried, on which path, and the system's error number.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was tried; the raw value is the verb of the message.
  package enum Operation: String, Sendable {
    case close, create, exchange, inspect, list, lock, open, read, remove, rename, resize, sync, watch,
      write
    case makeDirectory = "make directory"
  }

  package let operation: Operation
  package let path: String
  /// The `errno` of the failed call.
  package let code: Int32

  package init(_ operation: Operation, _ path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// The reason alone, such as "no space left on device".
  package var reason: String {
    let words = unsafe String(cString: strerror(code))
    // "Input/output error" begins a sentence in the C library and continues one in ours.
    return words.prefix(1).lowercased() + words.dropFirst()
  }

  /// For example "cannot write /data/log/1: no space left on device".
  package var description: String {
    "cannot \(operation.rawValue) \(path): \(reason)"
  }

  /// Nothing is at the path.
  package var isMissing: Bool { code == ENOENT }
  /// A part of the path is no directory.
  package var isNotDirectory: Bool { code == ENOTDIR }
  /// Something is at the path already.
  package var isExisting: Bool { code == EEXIST }
  /// This file system cannot do such a thing.
  package var isUnsupported: Bool { [EINVAL, ENOSYS, ENOTSUP].contains(code) }
  /// A symbolic link is at the path, and links are not followed.
  package var isLink: Bool { code == ELOOP }
  /// What is at the path is no file that we can read: a link, a folder, one of another user's, or one that is too large.
  package var isObstacle: Bool { [ELOOP, EISDIR, EACCES, EPERM, EFBIG].contains(code) }
  /// The disk, or the user's share of it, is full.
  package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }
}
