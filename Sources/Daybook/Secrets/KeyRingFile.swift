import Documents
import Sodium
import Storage

/// The file of a store's key ring, or the variable that holds its text. The environment is handed in, never read here.
///
/// All clones of a store on one machine share the file. So it is never written from memory alone: `update` reads it again
/// under a lock of its own, or a key that another clone has added would be written over, and with it what it sealed.
struct KeyRingFile: Sendable {
  let storeID: String
  /// Where the ring is, or belongs.
  let location: KeyRing.Location
  let environment: [String: String]
  let fileSystem: any FileSystem

  private static let filePermissions: UInt32 = 0o600
  /// Nobody else needs to know whose stores there are.
  private static let folderPermissions: UInt32 = 0o700
  /// The permission bits that let others than the owner at the file.
  private static let othersPermissions: UInt32 = 0o077
  static let largestBytes = 1 << 20

  /// How the ring lies in its file.
  enum Content {
    case plain(KeyRing)
    case wrapped(WrappedKeyRing)
  }

  init(storeID: String, environment: [String: String], fileSystem: any FileSystem) {
    self.storeID = storeID
    self.environment = environment
    self.fileSystem = fileSystem
    location = KeyRing.Location(storeID: storeID, environment: environment)
  }

  // MARK: Reading

  /// Nil when there is none on this machine.
  ///
  /// Throws when there is one that cannot be used: unreadable, damaged, another store's, or open to other users.
  func read() throws(StoreError) -> Content? {
    guard var bytes = try bytes() else { return nil }
    defer { wipe(&bytes) }
    let content = try parse(bytes)
    let owner =
      switch content {
      case .plain(let ring): ring.storeID
      case .wrapped(let wrapped): wrapped.head.storeID
      }
    guard owner == storeID else {
      throw StoreError(
        .refused, "The key ring in \(location) belongs to another store.",
        hint: "It is for the store \(owner); this one is \(storeID).")
    }
    return content
  }

  /// What the file system knows of the file: another value after each change. Nil where there is none.
  var version: FileStatus? {
    guard case .file(let path) = location else { return nil }
    return try? inspect(followingLinks(path))
  }

  private func parse(_ bytes: [UInt8]) throws(StoreError) -> Content {
    do {
      return try Content(parsing: bytes)
    } catch {
      throw switch error {
      case .newerFormat:
        StoreError(
          .newerFormat, "The key ring in \(location) was made by a newer version of Daybook.", hint: "Update Daybook.")
      case .damaged(let reason):
        StoreError(
          .damaged, "The key ring in \(location) is damaged: \(reason).",
          hint: "Restore it from your backup. A new ring could not open what this one sealed.")
      }
    }
  }

  private func bytes() throws(StoreError) -> [UInt8]? {
    let path: String
    switch location {
    case .environment: return environment[KeyRing.Location.textVariable].map { Array($0.utf8) }
    case .nowhere: return nil
    case .file(let file): path = try followingLinks(file)
    }
    guard let status = try inspect(path) else { return nil }
    guard status.kind == .file else {
      throw StoreError(
        .refused, "The key ring at \(path) is not a plain file.",
        hint: "Name the file itself in \(KeyRing.Location.fileVariable).")
    }
    guard status.mode & Self.othersPermissions == 0 else {
      throw StoreError(
        .refused, "Other users of this machine may read or write the key ring at \(path).",
        hint: "Run: chmod 600 \(Self.shellQuoted(path))")
    }
    return try reaching(path) { () throws(FileError) in try fileSystem.read(path, limit: Self.largestBytes) }
  }

  // MARK: Writing

  /// Makes a ring with one fresh key and writes it durably.
  ///
  /// An existing ring is never replaced, since its keys may be the only ones that open a store's secrets.
  /// - Parameter created: the time, as RFC 3339 text.
  @discardableResult
  func create(created: String) throws(StoreError) -> KeyRing {
    let path = try pathForWriting()
    guard try inspect(path) == nil else {
      throw StoreError(
        .refused, "There is a key ring at \(path) already, and it may be the only one that opens a store's secrets.",
        hint: "Move it to a safe place first, or name another file in \(KeyRing.Location.fileVariable).")
    }
    let ring: KeyRing
    do {
      ring = try KeyRing.fresh(storeID: storeID, created: created)
    } catch {
      throw StoreError(.unavailable, "No key could be made.", cause: error)
    }
    try write(.plain(ring), to: path)
    return ring
  }

  /// Changes what is in the file, durably: whoever finds it after a crash finds the old ring or the new one.
  ///
  /// - Parameter change: Gets what the file holds now, nil for nothing, and answers what it is to hold.
  func update<Result>(
    _ change: (Content?) throws(StoreError) -> (content: Content, result: Result)
  ) throws(StoreError) -> Result {
    let path = try pathForWriting()
    try reaching(path) { () throws(FileError) in try makeFolder(parentPath(of: path)) }
    let lock = try takeLock(path)
    defer { lock.close() }
    let (content, result) = try change(try read())
    try write(content, to: path)
    return result
  }

  private func takeLock(_ path: String) throws(StoreError) -> any File {
    let lock = try reaching(path) { () throws(FileError) in try fileSystem.lock("\(path).lock", owner: "") }
    guard case .acquired(let file) = lock else {
      throw StoreError(
        .busy, "Another process is changing the key ring at \(path).", hint: "Try again in a moment.")
    }
    return file
  }

  private func pathForWriting() throws(StoreError) -> String {
    switch location {
    case .file(let path): return try followingLinks(path)
    case .environment:
      throw StoreError(
        .refused, "The key ring cannot be written into \(location).",
        hint: "Keep it in a file: unset \(KeyRing.Location.textVariable), or do this on a machine that has it in one.")
    case .nowhere:
      throw StoreError(
        .unavailable, "There is no place for the key ring: neither HOME nor XDG_CONFIG_HOME is set.",
        hint: "Set HOME, or name the ring's file in \(KeyRing.Location.fileVariable).")
    }
  }

  private func write(_ content: Content, to path: String) throws(StoreError) {
    var bytes = content.fileBytes
    defer { wipe(&bytes) }
    try reaching(path) { () throws(FileError) in
      try makeFolder(parentPath(of: path))
      try fileSystem.atomicallyReplace(path, with: bytes.span, permissions: Self.filePermissions, durable: true)
    }
  }

  /// Makes a folder and its missing parents so that a power cut does not take them away again.
  private func makeFolder(_ path: String) throws(FileError) {
    if try fileSystem.exists(path) { return }
    let parent = parentPath(of: path)
    if parent != path { try makeFolder(parent) }
    try fileSystem.makeDirectory(path, permissions: Self.folderPermissions)
    try fileSystem.syncDirectory(parent)
  }

  // MARK: Helpers

  /// Services have their secrets mounted as links, and people keep theirs elsewhere. What counts is the file: it must be its
  /// owner's alone, and it is what a change replaces.
  private func followingLinks(_ path: String) throws(StoreError) -> String {
    try reaching(path) { () throws(FileError) in try fileSystem.followingLinks(path) }
  }

  private func inspect(_ path: String) throws(StoreError) -> FileStatus? {
    try reaching(path) { () throws(FileError) in try fileSystem.status(path) }
  }

  private func reaching<Result>(
    _ path: String, _ body: () throws(FileError) -> Result
  ) throws(StoreError) -> Result {
    do {
      return try body()
    } catch {
      throw StoreError(.unavailable, "The key ring at \(path) could not be reached.", cause: error)
    }
  }

  /// A word that a shell takes as it is.
  private static func shellQuoted(_ path: String) -> String {
    let parts = path.split(separator: "'", omittingEmptySubsequences: false)
    return "'\(parts.joined(separator: "'\\''"))'"
  }
}

extension KeyRingFile.Content {
  /// Reads the bytes of a ring in either form.
  init(parsing bytes: [UInt8]) throws(KeyRingError) {
    let text: JSONText
    do {
      text = try JSONText(parsing: bytes)
    } catch {
      throw .damaged("it is not JSON (line \(error.position.line), column \(error.position.column))")
    }
    if let wrapped = try WrappedKeyRing(parsing: text) {
      self = .wrapped(wrapped)
    } else {
      self = .plain(try KeyRing(parsing: text))
    }
  }

  /// The caller wipes them.
  var fileBytes: [UInt8] {
    switch self {
    case .plain(let ring): ring.fileBytes
    case .wrapped(let wrapped): wrapped.fileBytes
    }
  }
}
