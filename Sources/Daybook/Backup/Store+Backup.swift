package import Storage

/// What restoring a store came to.
public struct RestoreReport: Sendable {
  /// Where the store is.
  public let path: String
  public let backup: Backup
  /// Where this machine keeps the store's key ring, or would.
  public let keyRing: String
  /// Why the store's secrets cannot be opened here, if they cannot.
  public let keyProblem: StoreError?
}

extension Store {
  /// Writes a backup of the store as it is now, with all of its history: one file, a Git bundle.
  ///
  /// Reading and writing go on meanwhile; what is written after the call began is not in it. The file gets its name
  /// when it is whole, on the disk, and was read back and proven. Memory is needed for where each object is, never
  /// for what they hold: 100,000 documents of 100,000 commits (600,000 objects) take 16 s and 250 MB, open store and
  /// all. The keys of the secrets are not in it: see `exportKeys`.
  ///
  /// ```swift
  /// let backup = try await store.backup(to: "/mnt/backups/store-2026-11-21.bundle")
  /// print(backup.sha256, backup.manifest.rootHash)
  /// ```
  ///
  /// - Parameters:
  ///   - path: Outside of the store, best on another disk.
  ///   - replaces: Whether a file that is there is replaced, in one step, when the new one is whole.
  /// - Throws: `.refused` when a file is there, or the path is inside the store; `.damaged` when something of the history
  ///   cannot be read; `.unavailable` when the disk fails. Nothing is at the path then that was not there before.
  @discardableResult
  public func backup(
    to path: String, replacing replaces: Bool = false,
    progress: @escaping @Sendable (BackupProgress) -> Void = { _ in }
  ) async throws -> Backup {
    try await Blocking.run {
      try self.backupBlocking(to: path, replacing: replaces, fileSystem: self.parts.fileSystem, progress: progress)
    }
  }

  package func backupBlocking(
    to path: String, replacing replaces: Bool = false, fileSystem: any FileSystem,
    progress: @escaping @Sendable (BackupProgress) -> Void = { _ in }
  ) throws(StoreError) -> Backup {
    try BackupRun(parts: parts, path: path, replaces: replaces, fileSystem: fileSystem, progress: progress).run()
  }

  /// Reads a whole backup and proves it: each byte, each object and all that it refers to, and what the manifest says.
  ///
  /// - Throws: `.notFound` when there is no such file, `.damaged` with what is wrong, `.newerFormat`.
  public static func verifyBackup(
    at path: String, progress: @escaping @Sendable (BackupProgress) -> Void = { _ in }
  ) async throws -> Backup {
    try await Blocking.run { try BackupProof(path, fileSystem: LocalFileSystem(), progress: progress).backup }
  }

  /// Makes a store of a backup, with its history, its schemas and its id.
  ///
  /// The backup is proven first. The store is made beside the target and gets its name when it is whole and was opened
  /// once: so it is there, or nothing is.
  ///
  /// - Parameter target: A folder that is absent or empty.
  /// - Throws: `.refused` when the folder is not empty, what `verifyBackup` throws, `.unavailable` when the disk fails.
  @discardableResult
  public static func restore(
    _ backup: String, to target: String, options: StoreOptions = StoreOptions(),
    progress: @escaping @Sendable (BackupProgress) -> Void = { _ in }
  ) async throws -> RestoreReport {
    try await Blocking.run {
      try restoreBlocking(backup, to: target, options: options, fileSystem: LocalFileSystem(), progress: progress)
    }
  }

  package static func restoreBlocking(
    _ backup: String, to target: String, options: StoreOptions = StoreOptions(),
    fileSystem: any FileSystem, progress: @escaping @Sendable (BackupProgress) -> Void = { _ in }
  ) throws(StoreError) -> RestoreReport {
    try RestoreRun(backup, to: target, options: options, fileSystem: fileSystem, progress: progress).run()
  }
}
