import Documents
import Git
import Storage

/// Brings documents to another version of their kind, as one commit: after a crash the migration happened or did not, and
/// running it again is all there is to do.
///
/// ```
/// plan on a snapshot ─▶ files taken in ─▶ backup ref ─▶ one commit: documents and versions ─▶ tag (`MigrationMark`)
/// ```
///
/// Whoever writes one of the documents meanwhile makes it plan again on what is there then.
struct MigrationRun {
  let store: Store
  let allowsLoss: Bool

  private enum Direction: String {
    case up, down
  }

  func up(isDryRun: Bool) throws -> MigrationReport {
    try attempting {
      // One snapshot says what is pending and holds the documents: on a later one it may have been applied.
      let snapshot = store.snapshot()
      let (pending, files) = try pendingMigrations(of: snapshot)
      if pending.isEmpty { return MigrationReport(migrations: [], documents: 0) }
      var plan = plan(pending, snapshot)
      try plan.up()
      var versions = try state(of: snapshot).versions
      for migration in pending { versions[migration.kind] = migration.number }
      return try finish(&plan, .up, versions, files, isDryRun)
    }
  }

  func down(isDryRun: Bool) throws -> MigrationReport {
    try attempting {
      let snapshot = store.snapshot()
      guard let run = try MigrationRuns(snapshot: snapshot).last() else {
        return MigrationReport(migrations: [], documents: 0)
      }
      var plan = plan(try run.migrations(), snapshot)
      try plan.down(from: run)
      return try finish(&plan, .down, run.before.versions, [:], isDryRun)
    }
  }

  private func plan(_ migrations: [Migration], _ snapshot: Snapshot) -> MigrationPlan {
    MigrationPlan(
      migrations, snapshot, store.parts.writes.preparer, store.parts.workingFiles, allowsLoss: allowsLoss)
  }

  private func attempting(_ body: () throws -> MigrationReport) throws -> MigrationReport {
    var attempt = 1
    while true {
      let before = store.snapshot().sequence
      do {
        return try body()
      } catch let error as StoreError where error.code == .conflict && attempt < Limits.migrationAttempts {
        // A hand edit is in the way for good; somebody else's commit only this time.
        if store.snapshot().sequence == before { throw error }
        attempt += 1
      }
    }
  }

  // MARK: Files

  private func state(of snapshot: Snapshot) throws(StoreError) -> MigrationState {
    guard let head = snapshot.commit else { throw StoreError(.damaged, "The store has no commit.") }
    return try MigrationState(at: head.id, snapshot.objects)
  }

  /// Those that were not applied, and the files that are not committed yet.
  private func pendingMigrations(
    of snapshot: Snapshot
  ) throws(StoreError) -> (pending: [Migration], files: [String: [UInt8]]) {
    let state = try state(of: snapshot)
    let found = try workingFiles()
    let all = try MigrationState.migrations(in: state.files.merging(found) { _, new in new })
    for migration in all where migration.number <= state.version(of: migration.kind) {
      let file = migration.name + StoreLayout.suffix
      guard state.files[file] == migration.bytes else {
        throw StoreError(
          .refused, "The migration \(migration.name) was changed, or came, after a later one was applied.",
          hint: "Bring it back with `git checkout -- \(StoreLayout.migrations)`, and write the next one.",
          document: "\(StoreLayout.migrations)/\(file)")
      }
    }
    return (
      all.filter { $0.number > state.version(of: $0.kind) }, found.filter { state.files[$0.key] != $0.value }
    )
  }

  private func workingFiles() throws(StoreError) -> [String: [UInt8]] {
    let folder = "\(store.path)/\(StoreLayout.migrations)"
    do {
      guard try store.parts.fileSystem.exists(folder) else { return [:] }
      var files: [String: [UInt8]] = [:]
      for name in try store.parts.fileSystem.list(folder) where name.hasSuffix(StoreLayout.suffix) {
        files[name] = try store.parts.fileSystem.read("\(folder)/\(name)")
      }
      return files
    } catch {
      throw StoreError(.unavailable, "The migrations could not be read.", cause: error)
    }
  }

  /// In a commit of their own, as any hand edit: what a later way down brings back is the store with them.
  private func takeIn(_ files: [String: [UInt8]]) throws {
    guard !files.isEmpty else { return }
    try store.transactionBlocking(origin: .hand) { transaction in
      for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
        try transaction.setFile("\(StoreLayout.migrations)/\(name)", to: bytes)
      }
    }
  }

  // MARK: Writing

  private func finish(
    _ plan: inout MigrationPlan, _ direction: Direction, _ versions: [String: Int], _ files: [String: [UInt8]],
    _ isDryRun: Bool
  ) throws -> MigrationReport {
    let changes = plan.changes
    let state = try state(of: plan.snapshot)
    try plan.add(StoreLayout.manifest, try state.manifest(with: versions), replacing: state.manifestID)
    var report = MigrationReport(migrations: plan.migrations.map(\.name), documents: plan.documents)
    report.changed = changes.count
    report.changes = changes.prefix(Limits.listedMigrationChanges).map(PlannedChange.init)
    report.loss = plan.loss.sorted { $0.key < $1.key }.map { (what: $0.key, documents: $0.value) }
    if isDryRun { return report }
    guard plan.loss.isEmpty || allowsLoss else { throw Self.wouldLose(report) }
    try takeIn(files)
    let before = store.snapshot()
    report.backup = try backUp(before)
    let ending = "\(direction.rawValue)-\(report.migrations.last ?? "")"
    try MigrationMark(sequence: before.sequence, ending: ending).set(store.parts)
    do throws(StoreError) {
      let receipt = try write(plan, "migrated \(direction.rawValue): \(report.migrations.joined(separator: ", "))")
      report.sequence = receipt.sequence
      report.commit = receipt.commit
      report.tag = try receipt.commit.map { commit throws(StoreError) in
        try store.parts.setReference(MigrationMark.tag(at: receipt.sequence, ending: ending), to: commit.id)
      }
    } catch {
      if error.code == .conflict { try MigrationMark.clear(store.parts) }
      throw error
    }
    try MigrationMark.clear(store.parts)
    return report
  }

  private func write(_ plan: MigrationPlan, _ subject: String) throws(StoreError) -> Receipt {
    try store.parts.writes.submitBlocking(
      PreparedTransaction(
        operations: plan.operations, changes: plan.changes, kinds: plan.snapshot.kinds.fingerprint,
        author: store.parts.options.author, message: subject, origin: .migration, commitPolicy: .each), .committed)
  }

  /// A ref that keeps what was there before, whatever becomes of the branch.
  private func backUp(_ snapshot: Snapshot) throws(StoreError) -> String? {
    guard let head = snapshot.commit else { return nil }
    try store.parts.waitForArchive(of: snapshot.sequence)
    return try store.parts.setReference("refs/daybook/backup/\(snapshot.sequence)", to: head.id)
  }

  private static func wouldLose(_ report: MigrationReport) -> StoreError {
    let lines = report.loss.map { "  \($0.what): \($0.documents == 1 ? "1 document" : "\($0.documents) documents")" }
    return StoreError(
      .refused, "The migration would lose what cannot be brought back:\n" + lines.joined(separator: "\n"),
      hint: "Nothing was changed. With --allow-loss it is done all the same; the history keeps what was there.")
  }
}
