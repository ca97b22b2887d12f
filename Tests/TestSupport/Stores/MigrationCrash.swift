import Daybook
import Foundation

/// Lets another process migrate a store and be killed, and looks at what it leaves.
package struct MigrationCrash {
  private let prepared: TemporaryStore
  private let documents: Int

  package init(documents: Int) throws {
    prepared = try PinMigration.makeStore(documents: documents)
    self.documents = documents
  }

  /// What the store was like after the kill.
  package struct Outcome {
    /// Whether the migration had happened.
    package var isMigrated: Bool
    /// Whether the step came at which the process was to die.
    package var hitItsStep: Bool
  }

  /// - Throws: `CrashFault` when it is neither the old store nor the new one, lacks its tag or backup, or cannot go on.
  package func kill(at moment: KillMoment) async throws -> Outcome {
    let copy = try prepared.copy()
    let output = try CrashRun.runWriter(copy, workers: 0, seed: 0, until: moment, mayEnd: true)
    do {
      let isMigrated = try await check(copy)
      return Outcome(isMigrated: isMigrated, hitItsStep: output.contains("step"))
    } catch {
      throw CrashFault("\(error)\nkilled at \(moment); the store as it was left: \(try copy.keep())")
    }
  }

  private func check(_ copy: TemporaryStore) async throws -> Bool {
    let store = try copy.open()
    let before = try migratedCount(store)
    guard before == 0 || before == documents else { throw CrashFault("\(before) of \(documents) are migrated.") }
    if before > 0 { try checkReferences(copy) }
    let report = try await store.migrate()
    guard try migratedCount(store) == documents, report.migrations.isEmpty == (before > 0) else {
      throw CrashFault("The next run did not end it: \(report)")
    }
    let findings = try await store.check().findings
    guard findings.isEmpty else { throw CrashFault("The check found: \(findings)") }
    try await store.close()
    try checkReferences(copy)
    try copy.checkGit()
    return before > 0
  }

  private func migratedCount(_ store: Store) throws -> Int {
    var count = 0
    var query = Query("pins").limited(to: 10_000)
    while true {
      let page = try store.snapshot().query(query)
      count += page.documents.count { $0.root["rating"] != nil }
      guard let next = page.next else { return count }
      query = query.after(next)
    }
  }

  /// The tag is on the one migration, and a backup holds what was before it.
  private func checkReferences(_ copy: TemporaryStore) throws {
    let commit = try copy.git("log", "--format=%H", "--grep", "^Daybook-Origin: migration")
    guard try copy.git("rev-list", "-n", "1", "--tags=migration/*-up-0001-rating") == commit else {
      throw CrashFault("The tag is missing: \(try copy.git("tag"))")
    }
    let parent = try copy.git("rev-parse", commit.trimmingCharacters(in: .newlines) + "^")
    guard try copy.git("for-each-ref", "--format=%(objectname)", "refs/daybook/backup").contains(parent) else {
      throw CrashFault("There is no backup of \(parent)")
    }
  }
}
