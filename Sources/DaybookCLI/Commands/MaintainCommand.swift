import ArgumentParser
import Daybook
import Documents

struct MaintainCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "maintain",
    abstract: "Sweep expired documents, and make the store take less room on the disk.",
    discussion: """
      Removes temporary files that were left behind, takes documents whose time to live is over out of the tree, and \
      rewrites Git's packs so that each version of a document is kept as its difference from the one before. A store that \
      stays open does so by itself; short commands do not. The history keeps everything: `daybook revert` of its commit \
      brings back what was swept. It may be stopped at any time, and says what is left. The exit status is 1 when a pack \
      cannot be read.

        daybook maintain
        daybook maintain --dry-run
        daybook maintain --budget 30s --memory 2G
      """)

  @Option(
    help: ArgumentHelp("How long it may take, such as 30s or 5m; by default as long as it needs.", valueName: "time"))
  var budget: TimeSpan?

  @Option(
    help: ArgumentHelp(
      "About how much memory it may take; larger packs want more than the usual 768M.", valueName: "size"))
  var memory: ByteSize?

  @Flag(help: "Say what there is to do, without writing.")
  var dryRun = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.withStore { store in
      try await store.maintain(
        within: dryRun ? .zero : budget?.duration, memoryBytes: memory?.bytes ?? Limits.condensingMemoryBytes)
    }
    let view = MaintenanceView(report: report, isDryRun: dryRun)
    if global.json { try Output.json(view.json) } else { try tell(view) }
    if !report.unreadablePacks.isEmpty { throw ExitCode.different }
  }

  private func tell(_ view: MaintenanceView) throws {
    for line in view.lines { try Output.line(line) }
    global.note(view.summary)
  }
}
