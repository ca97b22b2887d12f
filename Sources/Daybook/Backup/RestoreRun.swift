import Git
import Storage

/// Makes a store of a backup: all of it, or nothing.
///
/// ```
/// backup proven ─▶ hidden folder of `StoreTarget`: pack, refs, files ─▶ opened and compared ─▶ named
/// ```
struct RestoreRun {
  let backup: String
  let target: StoreTarget
  let options: StoreOptions
  let fileSystem: any FileSystem
  let progress: @Sendable (BackupProgress) -> Void

  /// - Parameter target: Where the store is to be.
  init(
    _ backup: String, to target: String, options: StoreOptions, fileSystem: any FileSystem,
    progress: @escaping @Sendable (BackupProgress) -> Void
  ) {
    self.backup = backup
    self.target = StoreTarget(target, fileSystem: fileSystem)
    (self.fileSystem, self.progress) = (fileSystem, progress)
    var options = options
    // What is compared is what the backup holds.
    options.handEdits = .whenAsked
    self.options = options
  }

  func run() throws(StoreError) -> RestoreReport {
    try target.check()
    let proof = try BackupProof(backup, fileSystem: fileSystem, progress: progress)
    let manifest = proof.backup.manifest
    return try target.make { folder in
      try assemble(proof, in: folder)
      let keyProblem = try compare(manifest, with: folder)
      let location = KeyRing.Location(storeID: manifest.storeID, environment: options.environment)
      return RestoreReport(path: target.path, backup: proof.backup, keyRing: "\(location)", keyProblem: keyProblem)
    }
  }

  // MARK: Making

  private func assemble(_ proof: BackupProof, in folder: String) throws {
    let assembly = StoreAssembly(root: folder, fileSystem: fileSystem)
    try assembly.makeRepository()
    try putPack(of: proof.bundle, in: folder)
    let horizon = Horizon(Set(proof.backup.manifest.horizon.compactMap { ObjectID(hex: $0) }))
    if !horizon.isEmpty { try StoreHorizon(root: folder, fileSystem: fileSystem).move(to: horizon) }
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
    let stem = "\(folder)/\(StoreLayout.packs)/pack-\(bundle.pack.name)"
    let pack = try SequentialWriter(stem + ".pack", fileSystem: fileSystem)
    try bundle.copyPack { try pack.append($0) }
    try pack.finish()
    try fileSystem.create(stem + ".idx", bytes: bundle.pack.index.span, durable: true)
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
