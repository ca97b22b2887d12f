import Git
import Storage

/// Makes a store of a backup: all of it, or nothing.
///
/// ```
/// backup proven ─▶ temporary folder: pack, refs, files ─▶ opened and compared ─▶ synced ─▶ named
/// ```
struct RestoreRun {
  let backup: String
  let target: String
  let options: StoreOptions
  let fileSystem: any FileSystem
  let progress: @Sendable (BackupProgress) -> Void

  /// - Parameter target: Where the store is to be.
  init(
    _ backup: String, to target: String, options: StoreOptions, fileSystem: any FileSystem,
    progress: @escaping @Sendable (BackupProgress) -> Void
  ) {
    self.backup = backup
    // A name is given at the end, and one that ends in "/" is none.
    self.target = target.hasSuffix("/") && target != "/" ? String(target.dropLast()) : target
    (self.fileSystem, self.progress) = (fileSystem, progress)
    var options = options
    // What is compared is what the backup holds.
    options.handEdits = .whenAsked
    self.options = options
  }

  func run() throws(StoreError) -> RestoreReport {
    try checkTarget()
    let proof = try BackupProof(backup, fileSystem: fileSystem, progress: progress)
    let temporary = fileSystem.temporaryPath(beside: target)
    do {
      try assemble(proof, in: temporary)
      let keyProblem = try compare(proof.backup.manifest, with: temporary)
      try fileSystem.syncFileSystem(temporary)
      try checkTarget()
      try fileSystem.rename(temporary, to: target)
      try fileSystem.syncDirectory(parentPath(of: target))
      let location = KeyRing.Location(
        storeID: proof.backup.manifest.storeID, environment: options.environment)
      return RestoreReport(path: target, backup: proof.backup, keyRing: "\(location)", keyProblem: keyProblem)
    } catch {
      // The first error is the one worth telling.
      try? fileSystem.removeAll(temporary)
      throw failure(error)
    }
  }

  private func failure(_ error: any Error) -> StoreError {
    if let error = error as? StoreError { return error }
    return StoreError(
      .unavailable, "The store could not be made in \(target); nothing is there.",
      hint: "Check the disk, and who owns the folder.", cause: error)
  }

  /// Only an absent or an empty folder is taken.
  private func checkTarget() throws(StoreError) {
    let name = target.split(separator: "/").last
    guard let name, name != ".", name != ".." else {
      throw StoreError(
        .usage, "'\(target)' has no name of its own.", hint: "Name the folder from the one above it.")
    }
    do {
      guard let status = try fileSystem.status(target) else { return }
      guard status.kind == .directory else {
        throw StoreError(.refused, "\(target) is not a folder.", hint: "Name one that is absent or empty.")
      }
      guard try fileSystem.list(target).isEmpty else {
        throw StoreError(
          .refused, "The folder \(target) is not empty.",
          hint: "Name one that is absent or empty: what is there stays as it is.")
      }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(.unavailable, "The folder \(target) cannot be looked at.", cause: error)
    }
  }

  // MARK: Making

  private func assemble(_ proof: BackupProof, in folder: String) throws {
    let assembly = StoreAssembly(root: folder, fileSystem: fileSystem)
    try assembly.makeRepository()
    try putPack(of: proof.bundle, in: folder)
    var references: [Reference] = []
    for reference in proof.bundle.references {
      if BackupReferences.isKept(reference.name) { references.append(reference) }
      if reference.name == BackupManifest.reference {
        references.append(Reference(BackupReferences.origin, reference.id))
      }
    }
    try assembly.complete(references, branch: proof.backup.manifest.branch)
  }

  private func putPack(of bundle: GitBundle, in folder: String) throws {
    let stem = "\(folder)/\(StoreLayout.packs)/pack-\(bundle.packName)"
    let pack = try SequentialWriter(stem + ".pack", fileSystem: fileSystem)
    try bundle.copyPack { try pack.append($0) }
    try pack.finish()
    try fileSystem.create(stem + ".idx", bytes: bundle.packIndex.span, durable: true)
  }

  // MARK: Comparing

  /// Opens the store, as its owner will; answers why its secrets cannot be opened, if they cannot. Closing it leaves
  /// what makes the next opening quick.
  private func compare(_ manifest: BackupManifest, with folder: String) throws -> StoreError? {
    let store = try StoreOpening(root: folder, options: options, fileSystem: fileSystem, clock: .system).open()
    let snapshot = store.snapshot()
    let problem = store.parts.sealer.keys.problem
    try store.closeBlocking()
    guard snapshot.sequence == manifest.sequence, snapshot.commit?.description == manifest.commit else {
      throw StoreError(
        .damaged, "The store that came of the backup is at #\(snapshot.sequence), not at #\(manifest.sequence).",
        hint: "Use another copy of the backup.")
    }
    return problem
  }
}
