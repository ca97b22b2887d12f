import ArgumentParser
import Daybook
import Documents

struct FoldCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fold",
    abstract: "Let the old history go, and with it the room that it takes.",
    discussion: """
      Commits older than the time to keep go, with all that only they hold, up to one that all later commits come from: with \
      that the history begins then. No document changes, and every commit that stays keeps its id, so the store syncs with \
      remotes as before; a remote keeps its whole history. Kept are the commits that branches, other machines' branches as \
      they were fetched last, and tags stand on. What no branch or tag leads to goes as well.

      A service that owns the store is to be stopped first; a clone that borrows the store's objects (`git clone --shared`) \
      breaks. What went comes back only from a remote that has it, with \
      `git fetch --unshallow`, or from a backup.

        daybook fold --keep 90d --dry-run
        daybook fold --keep 90d
      """)

  @Option(help: ArgumentHelp("How long commits stay, such as 90d.", valueName: "time"))
  var keep: TimeSpan

  @Flag(help: "Say what would go and how many bytes that frees, and let nothing go.")
  var dryRun = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let before = Process.milliseconds / 1_000 - keep.duration.components.seconds
    let report = try Store.fold(
      at: try StoreLocation.find(global.folder), before: before, isDryRun: dryRun, options: try global.storeOptions())
    if global.json { try Output.json(json(report)) } else { try tell(report) }
  }

  private func tell(_ report: FoldReport) throws {
    guard let commit = report.commit else {
      return global.note("nothing to fold: no commit is old enough that all later ones come from")
    }
    let place = report.sequence.map { "#\($0), " } ?? ""
    let time = Timestamp(seconds: report.seconds).text
    try Output.line("begins   \(commit.short), \(place)\(time)")
    try Output.line("gone     \(report.commits.of("commit")), \(report.objects.of("object"))")
    try Output.line("packs    \(report.bytesBefore) bytes → \(report.bytesAfter) bytes")
    global.note(dryRun ? "a dry run: nothing went" : "freed \(max(0, report.bytesFreed)) bytes")
  }

  private func json(_ report: FoldReport) -> JSONObject {
    [
      "commit": report.commit.map { .string("\($0)") } ?? .null,
      "sequence": report.sequence.map { .number(JSONNumber($0)) } ?? .null,
      "time": report.commit == nil ? .null : .string(Timestamp(seconds: report.seconds).text),
      "commits": .number(JSONNumber(report.commits)), "objects": .number(JSONNumber(report.objects)),
      "bytes_before": .number(JSONNumber(report.bytesBefore)), "bytes_after": .number(JSONNumber(report.bytesAfter)),
      "dry_run": .bool(dryRun),
    ]
  }
}
