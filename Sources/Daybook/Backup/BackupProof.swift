import Git
import Storage

/// The proof that a backup is whole: every byte of the file is under a checksum or compared, each object has the content
/// that its id names and all that it refers to, and what the manifest says is counted again.
struct BackupProof {
  let backup: Backup
  let bundle: GitBundle

  /// Reads the whole file.
  ///
  /// - Throws: `.notFound` when there is no such file, `.damaged` with what is wrong.
  init(
    _ path: String, fileSystem: any FileSystem, progress: (BackupProgress) -> Void = { _ in }
  ) throws(StoreError) {
    do {
      let file = try fileSystem.openToRead(path)
      let size = try file.size()
      let source = ByteSource(count: size) { try file.read(at: $0, count: $1) }
      bundle = try GitBundle(reading: source) { done, total in
        progress(BackupProgress(step: .verifying, done: done, total: total))
      }
      var reader = PackReader([bundle.pack])
      let manifest = try Self.manifest(of: bundle, &reader)
      try Self.compare(manifest, with: bundle, &reader)
      backup = Backup(path: path, bytes: size, sha256: bundle.sha256, manifest: manifest)
    } catch {
      throw BackupFailure.reading(path, error)
    }
  }

  private static func manifest(of bundle: GitBundle, _ reader: inout PackReader) throws -> BackupManifest {
    guard let reference = bundle.references.first(where: { $0.name == BackupManifest.reference }) else {
      throw StoreError(
        .damaged, "The file is a Git bundle without the manifest of a backup.",
        hint: "`git clone` makes a working copy of it; see whether that is a store.")
    }
    return try BackupManifest(parsing: reader.content(reference.id, .blob))
  }

  private static func compare(
    _ manifest: BackupManifest, with bundle: GitBundle, _ reader: inout PackReader
  ) throws {
    func expect<Value: Equatable>(_ what: String, _ said: Value, _ found: Value) throws(StoreError) {
      guard said == found else {
        throw StoreError(.damaged, "The backup is not what its manifest says: \(what) is \(found), not \(said).")
      }
    }
    let kept = bundle.references.filter { $0.name != BackupManifest.reference && $0.name != BackupReferences.head }
    let references = Dictionary(kept.map { ($0.name, $0.id.hex) }) { first, _ in first }
    guard manifest.references == references else {
      throw StoreError(.damaged, "The backup is not what its manifest says: it has other refs.")
    }
    try expect("the number of refs", manifest.references.count + 2, bundle.references.count)
    try expect("the branch", manifest.commit, references[manifest.branch] ?? "missing")
    let head = bundle.references.first { $0.name == BackupReferences.head }
    try expect("HEAD", manifest.commit, head?.id.hex ?? "missing")
    try expect("the number of objects", manifest.objects + 1, bundle.objectCount)
    let horizon = manifest.horizon.compactMap { ObjectID(hex: $0) }
    try expect("what it lacks", try reader.parents(of: horizon), bundle.absent)

    guard let id = head?.id else { return }
    let commit = try Commit(parsing: reader.content(id, .commit))
    try expect("the root hash", manifest.rootHash, commit.tree.hex)
    if let sequence = CommitSequences.said(by: commit) { try expect("the sequence", manifest.sequence, sequence) }
    let census = try TreeCensus(of: commit.tree, &reader)
    try expect("the store's id", manifest.storeID, census.manifest.storeID)
    try expect("the store's format", manifest.storeFormat, census.manifest.format)
    try expect("the number of documents", manifest.documents, census.documents)
    try expect("the number of files", manifest.files, census.files)
    try expect("the files' size in bytes", manifest.fileBytes, census.bytes)
  }
}
