import ArgumentParser
import Daybook
import Documents

struct MigrateCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Bring documents to the newest version of their kinds.",
    discussion: """
      The files migrations/NNNN-name.json say how. Put the new schema in its place first: every document is checked against \
      it. All is one commit, with a tag, and a backup ref of what was there before; killed in the middle, nothing happened. \
      --down takes the last run back, once the old schema is in its place again.

        daybook migrate --dry-run
        daybook migrate
        daybook migrate --down
      """)

  @Flag(help: "Take the last migration back.")
  var down = false

  @Flag(help: "Do also what cannot be taken back.")
  var allowLoss = false

  @Flag(help: "Show what would change, without writing.")
  var dryRun = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.withStore { store in
      down
        ? try await store.migrateDown(isDryRun: dryRun, allowsLoss: allowLoss)
        : try await store.migrate(isDryRun: dryRun, allowsLoss: allowLoss)
    }
    if global.json { try Output.json(json(report)) } else { try tell(report) }
  }

  private func tell(_ report: MigrationReport) throws {
    guard !report.migrations.isEmpty else { return global.note("nothing to migrate") }
    for name in report.migrations { try Output.line(name) }
    if dryRun {
      for change in report.changes { try Output.line("\(change.name): \(change.words)") }
      if report.changed > report.changes.count { global.note("… and \(report.changed - report.changes.count) more") }
    }
    for loss in report.loss { global.note("cannot be taken back: \(loss.what), \(loss.documents.of("document"))") }
    global.note("\(report.changed) of \(report.documents.of("document")) \(dryRun ? "would change" : "changed")")
    if let commit = report.commit, let sequence = report.sequence {
      global.note("committed as #\(sequence) (\(commit.short)), before: \(report.backup ?? "")")
    } else {
      global.note("a dry run: nothing was written")
    }
  }

  private func json(_ report: MigrationReport) -> JSONObject {
    [
      "migrations": .array(report.migrations.map { .string($0) }),
      "documents": .number(JSONNumber(report.documents)), "changed": .number(JSONNumber(report.changed)),
      "changes": .array(report.changes.map { ["document": .string($0.name), "words": .string($0.words)] }),
      "loss": .array(report.loss.map { ["what": .string($0.what), "documents": .number(JSONNumber($0.documents))] }),
      "backup": report.backup.map { .string($0) } ?? .null, "tag": report.tag.map { .string($0) } ?? .null,
      "commit": report.commit.map { .string("\($0)") } ?? .null,
      "sequence": report.sequence.map { .number(JSONNumber(Int($0))) } ?? .null, "dry_run": .bool(dryRun),
    ]
  }
}
