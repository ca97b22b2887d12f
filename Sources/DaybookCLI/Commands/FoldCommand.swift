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
      they were fetched last, and tags stand on, and what the machines go on from that sync with a remote (`daybook remote \
      machines`), as far as was known at the last sync; who holds more of the history back than was asked for is named. What no \
      branch or tag leads to goes as well.

      A service that owns the store is to be stopped first; a clone that borrows the store's objects (`git clone --shared`) \
      breaks. What went comes back only from a remote that has it, with \
      `git fetch --unshallow`, or from a backup.

        daybook fold --keep 90d --dry-run
        daybook fold --keep 90d
        daybook fold --keep 90d --without 019a6e1c-5b1e-7c3e-9d55-0a4be0a7a7f1
      """)

  @Option(help: ArgumentHelp("How long commits stay, such as 90d.", valueName: "time"))
  var keep: TimeSpan

  @Option(
    name: .customLong("without"),
    help: ArgumentHelp(
      "A machine for whose sake nothing is kept; when it returns, what it goes on from may have to come again.",
      valueName: "machine"))
  var machines: [String] = []

  @Flag(help: "Say what would go and how many bytes that frees, and let nothing go.")
  var dryRun = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let before = Process.milliseconds / 1_000 - keep.duration.components.seconds
    let report = try Store.fold(
      at: try StoreLocation.find(global.folder), before: before, isDryRun: dryRun, leaving: Set(machines),
      options: try global.storeOptions())
    if global.json { try Output.json(json(report)) } else { try tell(report) }
  }

  private func tell(_ report: FoldReport) throws {
    guard let commit = report.commit else {
      global.note("nothing to fold: no commit is old enough that all later ones come from")
      return try tell(report.holders)
    }
    let place = report.sequence.map { "#\($0), " } ?? ""
    let time = Timestamp(seconds: report.seconds).text
    try Output.line("begins   \(commit.short), \(place)\(time)")
    try Output.line("gone     \(report.commits.of("commit")), \(report.objects.of("object"))")
    try Output.line("packs    \(report.bytesBefore) bytes → \(report.bytesAfter) bytes")
    try tell(report.holders)
    global.note(dryRun ? "a dry run: nothing went" : "freed \(max(0, report.bytesFreed)) bytes")
  }

  /// How many of those who hold the history back are shown.
  private static let shownHolders = 10

  private func tell(_ holders: [FoldHolder]) throws {
    for holder in holders.prefix(Self.shownHolders) {
      let name = holder.machine.map { "machine \($0.name) of '\($0.remote)'" } ?? holder.reference
      try Output.line("held by  \(name), at \(holder.position.name), \(holder.position.time)")
    }
    let others = holders.count - Self.shownHolders
    if others > 0 { try Output.line("         and \(others.of("other"))") }
    if holders.contains(where: { $0.machine != nil }) {
      global.note("a machine that will not come back: `--without MACHINE`, or `daybook remote forget-machine`")
    }
  }

  private func json(_ holder: FoldHolder) -> JSONValue {
    var json: JSONObject = [
      "ref": .string(holder.reference), "machine": holder.machine.map { .string($0.name) } ?? .null,
      "remote": holder.machine.map { .string($0.remote) } ?? .null,
    ]
    holder.position.tell(to: &json)
    return .object(json)
  }

  private func json(_ report: FoldReport) -> JSONObject {
    [
      "commit": report.commit.map { .string("\($0)") } ?? .null,
      "sequence": report.sequence.map { .number(JSONNumber($0)) } ?? .null,
      "time": report.commit == nil ? .null : .string(Timestamp(seconds: report.seconds).text),
      "commits": .number(JSONNumber(report.commits)), "objects": .number(JSONNumber(report.objects)),
      "bytes_before": .number(JSONNumber(report.bytesBefore)), "bytes_after": .number(JSONNumber(report.bytesAfter)),
      "held_by": .array(report.holders.map(json)), "dry_run": .bool(dryRun),
    ]
  }
}
