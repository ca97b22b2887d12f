import Glibc

/// What the command does with folders and names of files.
enum Folders {
  static var current: String {
    if let folder = Console.current.folder { return folder }
    guard let path = unsafe getcwd(nil, 0) else { return "." }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  static func isFolder(_ path: String) -> Bool {
    kind(of: path) == S_IFDIR
  }

  static func exists(_ path: String) -> Bool {
    kind(of: path) != nil
  }

  private static func kind(of path: String) -> mode_t? {
    var status = stat()
    guard unsafe stat(Console.current.path(path), &status) == 0 else { return nil }
    return status.st_mode & S_IFMT
  }

  /// Makes a folder and those above it.
  static func make(_ path: String) throws(SystemFailure) {
    if path.isEmpty || isFolder(path) { return }
    if let slash = path.lastIndex(of: "/") { try make(String(path[..<slash])) }
    do {
      try check("make the folder \(path)") { unsafe mkdir(Console.current.path(path), 0o755) }
    } catch  where error.code == EEXIST && isFolder(path) {}
  }

  static func remove(_ path: String) throws(SystemFailure) {
    try check("remove \(path)") { unsafe unlink(Console.current.path(path)) }
  }

  /// Makes a new folder that only this user can enter, and answers its path.
  static func makeTemporary(in parent: String) throws(SystemFailure) -> String {
    var template = Array("\(parent)/daybook-XXXXXX".utf8CString)
    let isMade = unsafe template.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) } != nil
    }
    guard isMade else { throw SystemFailure("make a folder in \(parent)") }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Removes a folder with everything in it, as far as that can be done. Links are removed, not followed.
  static func removeAll(_ folder: String) {
    for name in (try? names(in: folder)) ?? [] {
      let path = "\(folder)/\(name)"
      var status = stat()
      guard unsafe lstat(path, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR { removeAll(path) } else { _ = unsafe unlink(path) }
    }
    _ = unsafe rmdir(folder)
  }

  /// The files below a folder whose names end so, as paths relative to it, sorted; hidden ones and links to folders are
  /// left out.
  static func files(below root: String, endingIn suffix: String) throws(SystemFailure) -> [String] {
    var found: [String] = []
    var waiting = [""]
    while let folder = waiting.popLast() {
      for name in try names(in: folder.isEmpty ? root : "\(root)/\(folder)") where !name.hasPrefix(".") {
        let path = folder.isEmpty ? name : "\(folder)/\(name)"
        var status = stat()
        guard unsafe lstat(Console.current.path("\(root)/\(path)"), &status) == 0 else { continue }
        if status.st_mode & S_IFMT == S_IFDIR {
          waiting.append(path)
        } else if name.hasSuffix(suffix), !isFolder("\(root)/\(path)") {
          found.append(path)
        }
      }
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func names(in folder: String) throws(SystemFailure) -> [String] {
    guard let stream = unsafe opendir(Console.current.path(folder)) else { throw SystemFailure("list \(folder)") }
    defer { _ = unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
