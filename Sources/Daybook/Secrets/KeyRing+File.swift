import Sodium
import Storage

/// Making and loading the ring. The environment is handed in, never read here.
extension KeyRing {
  private static let filePermissions: UInt32 = 0o600
  /// Nobody else needs to know whose stores there are.
  private static let folderPermissions: UInt32 = 0o700
  /// The permission bits that let others than the owner at the file.
  private static let othersPermissions: UInt32 = 0o077
  private static let largestFileBytes = 1 << 20

  /// Makes a ring with one fresh key and writes it durably.
  ///
  /// An existing ring is never replaced, since its keys may be the only ones that open a store's secrets.
  /// - Parameter created: the time, as RFC 3339 text.
  @discardableResult
  static func create(
    storeID: String, created: String, environment: [String: String], fileSystem: any FileSystem
  ) throws(StoreError) -> KeyRing {
    let path = try pathForWriting(location(storeID: storeID, environment: environment))
    guard try inspect(path, fileSystem) == nil else {
      throw StoreError(
        .refused, "There is a key ring at \(path) already, and it may be the only one that opens a store's secrets.",
        hint: "Move it to a safe place first, or name another file in \(Location.fileVariable).")
    }
    let ring: KeyRing
    do {
      ring = try fresh(storeID: storeID, created: created)
    } catch {
      throw StoreError(.unavailable, "No key could be made.", cause: error)
    }
    try ring.write(to: path, fileSystem)
    return ring
  }

  /// The ring of a store; nil when there is none on this machine.
  ///
  /// Throws when there is one that cannot be used: unreadable, damaged, another store's, or open to other users.
  static func load(
    storeID: String, environment: [String: String], fileSystem: any FileSystem
  ) throws(StoreError) -> KeyRing? {
    let location = try location(storeID: storeID, environment: environment)
    guard var bytes = try bytes(at: location, environment, fileSystem) else { return nil }
    defer { wipe(&bytes) }
    let ring = try parse(bytes, at: location)
    guard ring.storeID == storeID else {
      throw StoreError(
        .refused, "The key ring in \(location) belongs to another store.",
        hint: "It is for the store \(ring.storeID); this one is \(storeID).")
    }
    return ring
  }

  /// Where the ring of a store is, or belongs.
  static func location(storeID: String, environment: [String: String]) throws(StoreError) -> Location {
    try Location(storeID: storeID, environment: environment)
  }

  private static func pathForWriting(_ location: Location) throws(StoreError) -> String {
    switch location {
    case .file(let path): return path
    case .environment:
      throw StoreError(
        .refused, "A new key ring cannot be written into \(location).",
        hint: "Unset \(Location.textVariable), or set it to the ring of this store.")
    case .nowhere:
      throw StoreError(
        .unavailable, "There is no place for the key ring: neither HOME nor XDG_CONFIG_HOME is set.",
        hint: "Set HOME, or name the ring's file in \(Location.fileVariable).")
    }
  }

  private static func parse(_ bytes: [UInt8], at location: Location) throws(StoreError) -> KeyRing {
    do {
      return try KeyRing(parsing: bytes)
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

  private static func bytes(
    at location: Location, _ environment: [String: String], _ fileSystem: any FileSystem
  ) throws(StoreError) -> [UInt8]? {
    let path: String
    switch location {
    case .environment: return environment[Location.textVariable].map { Array($0.utf8) }
    case .nowhere: return nil
    case .file(let file): path = file
    }
    guard let status = try inspect(path, fileSystem) else { return nil }
    guard status.kind == .file else {
      throw StoreError(
        .refused, "The key ring at \(path) is not a plain file.",
        hint: "A link is not followed: name the file itself in \(Location.fileVariable).")
    }
    guard status.mode & othersPermissions == 0 else {
      throw StoreError(
        .refused, "Other users of this machine may read or write the key ring at \(path).",
        hint: "Run: chmod 600 \(shellQuoted(path))")
    }
    return try reaching(path) { () throws(FileError) in try fileSystem.read(path, limit: largestFileBytes) }
  }

  private func write(to path: String, _ fileSystem: any FileSystem) throws(StoreError) {
    var bytes = fileBytes
    defer { wipe(&bytes) }
    try Self.reaching(path) { () throws(FileError) in
      try Self.makeFolder(parentPath(of: path), fileSystem)
      try fileSystem.atomicallyReplace(path, with: bytes.span, permissions: Self.filePermissions, durable: true)
    }
  }

  /// Makes a folder and its missing parents so that a power cut does not take them away again.
  private static func makeFolder(_ path: String, _ fileSystem: any FileSystem) throws(FileError) {
    if try fileSystem.exists(path) { return }
    let parent = parentPath(of: path)
    if parent != path { try makeFolder(parent, fileSystem) }
    try fileSystem.makeDirectory(path, permissions: folderPermissions)
    try fileSystem.syncDirectory(parent)
  }

  private static func inspect(_ path: String, _ fileSystem: any FileSystem) throws(StoreError) -> FileStatus? {
    try reaching(path) { () throws(FileError) in try fileSystem.status(path) }
  }

  private static func reaching<Result>(
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
