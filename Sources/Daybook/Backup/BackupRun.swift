import Documents
import Git
import Storage

/// Makes a backup of an open store, while others read it and write to it.
///
/// ```
/// newest state ─▶ packs opened ─▶ what refs lead to ─▶ temporary file, synced ─▶ read back, proven ─▶ named
/// ```
///
/// What the newest state needs is in the packs that are opened at the beginning, or was staged then. Packs that are merged or
/// condensed meanwhile stay readable as long as they are open; what is archived meanwhile is found through Git.
struct BackupRun {
  let parts: StoreParts
  let path: String
  let replaces: Bool
  /// Where the packs are read and the file is written.
  let fileSystem: any FileSystem
  let progress: @Sendable (BackupProgress) -> Void

  func run() throws(StoreError) -> Backup {
    do {
      try checkTarget()
      let temporary = fileSystem.temporaryPath(beside: path)
      do {
        try write(to: temporary)
        let proof = try BackupProof(temporary, fileSystem: fileSystem, progress: progress)
        try checkTarget()
        try fileSystem.rename(temporary, to: path)
        try fileSystem.syncDirectory(parentPath(of: path))
        return Backup(
          path: path, bytes: proof.backup.bytes, sha256: proof.backup.sha256, manifest: proof.backup.manifest)
      } catch {
        // The first error is the one worth telling.
        try? fileSystem.remove(temporary)
        throw error
      }
    } catch {
      throw BackupFailure.making(path, error)
    }
  }

  // MARK: The place

  private func checkTarget() throws {
    if let status = try fileSystem.status(path), !replaces || status.kind != .file {
      throw StoreError(
        .refused, "There is something at \(path) already.",
        hint: status.kind == .file ? "Name another file, or replace it with --force." : "Name a file.", document: path)
    }
    guard try !isInsideStore() else {
      throw StoreError(
        .refused, "\(path) is inside the store, which a backup is to outlive.",
        hint: "Name a file elsewhere, best on another disk.", document: path)
    }
  }

  /// Goes up from the file's folder, by what the folders are, not by what they are called.
  private func isInsideStore() throws(FileError) -> Bool {
    let root = try fileSystem.status("\(parts.root)/.")
    var folder = parentPath(of: path) + "/."
    var previous: FileStatus?
    while let status = try fileSystem.status(folder),
      status.inode != previous?.inode || status.device != previous?.device
    {
      if status.inode == root?.inode, status.device == root?.device { return true }
      previous = status
      folder += "/.."
    }
    return false
  }

  // MARK: Writing

  private func write(to temporary: String) throws {
    let state = parts.published.current
    guard let head = state.head else {
      throw StoreError(.refused, "The store has no commit yet, so there is nothing to back up.")
    }
    var reader = try openPacks()
    let references = try references(head)
    let total = state.index.commitCount
    progress(BackupProgress(step: .collecting, done: 0, total: total))
    let objects = try ReachableObjects.find(
      from: references.map(\.id), behind: parts.objects.horizon, &reader
    ) { done in
      progress(BackupProgress(step: .collecting, done: done, total: max(done, total)))
    }
    let horizon = parts.objects.horizon.borders.filter(objects.contains).sorted()
    let manifest = try manifest(head, state.sequence, references, objects.count, horizon, &reader)
    let file = try SequentialWriter(temporary, fileSystem: fileSystem)
    let object = GitObject(.blob, manifest.text.bytes)
    let own = [Reference(BackupReferences.head, head), Reference(BackupManifest.reference, object.id)]
    try file.append(GitBundle.head(own + references, lacking: reader.parents(of: horizon)))
    try PackCopy.write(objects, after: object, from: reader) { [progress] done, total in
      progress(BackupProgress(step: .writing, done: done, total: total))
    } sink: {
      try file.append($0)
    }
    try file.finish()
  }

  private func references(_ head: ObjectID) throws(GitError) -> [Reference] {
    let all = try parts.objects.withRepository { repository throws(GitError) in try repository.references() }
    return BackupReferences.kept(all, branch: parts.branch, at: head)
  }

  private func manifest(
    _ head: ObjectID, _ sequence: UInt64, _ references: [Reference], _ objects: Int,
    _ horizon: [ObjectID], _ reader: inout PackReader
  ) throws -> BackupManifest {
    let root = try Commit(parsing: reader.content(head, .commit)).tree
    let census = try TreeCensus(of: root, &reader)
    return BackupManifest(
      made: Timestamp(milliseconds: Clock.system.milliseconds()).text, program: ProgramVersion.text,
      storeID: census.manifest.storeID, storeFormat: census.manifest.format, sequence: sequence, commit: head.hex,
      rootHash: root.hex, branch: parts.branch, documents: census.documents, files: census.files,
      fileBytes: census.bytes, objects: objects,
      references: Dictionary(uniqueKeysWithValues: references.map { ($0.name, $0.id.hex) }),
      horizon: horizon.map(\.hex))
  }

  // MARK: Reading

  /// Opens all packs. One that another thread takes away between being listed and being opened has a successor, so
  /// they are listed again.
  private func openPacks() throws -> PackReader {
    let folder = PackFolder(fileSystem: fileSystem, path: "\(parts.root)/\(StoreLayout.packs)")
    var attempt = 1
    while true {
      do {
        return PackReader(try folder.packs().map { try folder.file($0.name) }, elsewhere: read)
      } catch let error as FileError where error.isMissing && attempt < Limits.packOpeningAttempts {
        attempt += 1
      }
    }
  }

  /// An object that none of the packs holds: staged, archived since then, or in a file of its own.
  private func read(_ id: ObjectID) throws(GitError) -> GitObject? {
    if let object = parts.objects.staged[id] { return object }
    do {
      return try parts.objects.withRepository { repository throws(GitError) in try repository.object(id) }
    } catch  where error.code == .notFound {
      return nil
    }
  }
}
