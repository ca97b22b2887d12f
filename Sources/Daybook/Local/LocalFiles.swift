import Storage

/// Small files of whoever works with a store that are this machine's own: `.git/daybook/<folder>/<name>.json`. They are
/// durable and never synced, are there again when the store is opened again, and can be written also when the store takes
/// no more writes.
package struct LocalFiles: Sendable {
  private let folder: String
  private let fileSystem: any FileSystem

  /// - Parameter store: the folder of the store.
  init(in folder: String, of store: String, _ fileSystem: any FileSystem) {
    self.folder = "\(store)/\(StoreLayout.local)/\(folder)"
    self.fileSystem = fileSystem
  }

  /// The names of the files there are, in order.
  package func names() throws(StoreError) -> [String] {
    try doing("listed") { () throws(FileError) in
      guard try fileSystem.exists(folder) else { return [] }
      return try fileSystem.list(folder).filter { $0.hasSuffix(StoreLayout.suffix) }
        .map { String($0.dropLast(StoreLayout.suffix.utf8.count)) }
    }
  }

  /// The content of a file; nil when there is none.
  package func read(_ name: String) throws(StoreError) -> [UInt8]? {
    try doing("read") { () throws(FileError) in
      let path = path(name)
      return try fileSystem.exists(path) ? try fileSystem.read(path) : nil
    }
  }

  /// When it returns, the file is on the disk. Only who owns the store may read it.
  package func write(_ bytes: [UInt8], as name: String) throws(StoreError) {
    try doing("written") { () throws(FileError) in
      try fileSystem.makeDirectory(folder, permissions: 0o700)
      try fileSystem.atomicallyReplace(path(name), with: bytes.span, permissions: 0o600, durable: true)
    }
  }

  /// One that is not there is removed already.
  package func remove(_ name: String) throws(StoreError) {
    try doing("removed") { () throws(FileError) in
      let path = path(name)
      if try fileSystem.exists(path) { try fileSystem.remove(path) }
    }
  }

  private func path(_ name: String) -> String {
    precondition(!name.isEmpty && name.utf8.allSatisfy { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ".") })
    return "\(folder)/\(name)\(StoreLayout.suffix)"
  }

  private func doing<Result>(_ what: String, _ body: () throws(FileError) -> Result) throws(StoreError) -> Result {
    do {
      return try body()
    } catch {
      throw StoreError(.unavailable, "A file of this machine's own could not be \(what).", cause: error)
    }
  }
}

extension Store {
  /// The files of this machine's own in a folder of theirs.
  package func localFiles(in folder: String) -> LocalFiles {
    LocalFiles(in: folder, of: path, parts.fileSystem)
  }
}
