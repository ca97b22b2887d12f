import Glibc

/// A directory that is being read.
@safe
struct FolderStream {
  private let path: String
  private let stream: OpaquePointer

  init(_ path: String) throws(FileError) {
    let descriptor = try openDirectory(path, .list)
    guard let stream = unsafe fdopendir(descriptor) else {
      let code = errno
      _ = Glibc.close(descriptor)
      throw FileError(.list, path, code: code)
    }
    self.path = path
    unsafe self.stream = stream
  }

  func close() { _ = unsafe closedir(stream) }

  /// In no order, without `.` and `..`.
  func names() throws(FileError) -> [String] {
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else { break }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    if errno != 0 { throw FileError(.list, path, code: errno) }
    return names
  }

  /// What is under a name; nil when it is gone by now.
  func status(of name: String) throws(FileError) -> FileStatus? {
    var status = stat()
    if unsafe fstatat(dirfd(stream), name, &status, AT_SYMLINK_NOFOLLOW) == 0 { return FileStatus(status) }
    let error = FileError(.inspect, "\(path)/\(name)", code: errno)
    if error.isMissing { return nil }
    throw error
  }
}
