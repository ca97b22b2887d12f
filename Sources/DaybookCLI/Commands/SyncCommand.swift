import ArgumentParser
import Daybook
import Documents

struct SyncCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Bring the store and a remote together.",
    discussion: """
      Fetches what the remote has, merges it with what is here, and pushes that. What both sides changed is joined member \
      by member; where both changed the same, one of the two stands, on all machines the same, and the other one is kept \
      under conflicts/. History is never rewritten, here or there. Without a name the only remote is taken, or 'origin'.

        daybook sync --dry-run
        daybook sync
        daybook sync origin --json
      """)

  @Argument(help: "The remote, as `daybook remote list` shows it.")
  var remote: String?

  @Flag(help: "Fetch, and say what would go out, what would come in, and what needs you; nothing else changes.")
  var dryRun = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore { store in
      let name = try RemoteConfiguration(of: store.path).remote(orTheOnly: remote)
      let connector = RemoteConnector(of: store.path)
      let isPlanned = dryRun
      let report = try await StepBars<SyncProgress.Step>.during(isSilent: global.json) { show in
        try await Blocking.run {
          let onProgress: SyncProgress.Listener = { show($0.step, $0.done, $0.total) }
          return isPlanned
            ? try store.planSyncBlocking(with: name, by: connector, onProgress: onProgress)
            : try store.syncBlocking(with: name, by: connector, onProgress: onProgress)
        }
      }
      if global.json { return try Output.json(json(report, name)) }
      try dryRun ? tellPlan(report) : tell(report, name)
    }
  }

  private func tell(_ report: SyncReport, _ name: RemoteName) throws {
    guard report.received + report.sent > 0 else {
      return try Output.line("nothing to sync: the store and '\(name)' hold the same")
    }
    for name in report.changed { try Output.line(name) }
    for conflict in report.conflicts { try Output.line("\(conflict)") }
    let changes =
      report.changed.isEmpty ? "" : "; \(report.changed.count.of("file")) changed"
    global.note("received \(report.received.of("commit")), sent \(report.sent.of("commit"))\(changes)")
    noteConflicts(report)
  }

  private func tellPlan(_ report: SyncReport) throws {
    try Output.line("out: \(report.sent.of("commit"))")
    try Output.line("in: \(report.received.of("commit"))")
    for name in report.changed { try Output.line("  \(name)") }
    try Output.line("needs you: \(report.conflicts.isEmpty ? "nothing" : report.conflicts.count.of("conflict"))")
    global.note("a dry run: what was fetched changes nothing")
  }

  private func noteConflicts(_ report: SyncReport) {
    guard !report.conflicts.isEmpty else { return }
    global.note("\(report.conflicts.count.of("conflict")) for you to decide: `daybook conflict list`")
  }

  private func json(_ report: SyncReport, _ name: RemoteName) -> JSONObject {
    [
      "remote": .string("\(name)"), "received": .number(JSONNumber(report.received)),
      "sent": .number(JSONNumber(report.sent)), "changed": .array(report.changed.map { .string($0) }),
      "conflicts": .array(report.conflicts.map { .string("\($0)") }),
      "commit": report.head.map { .string("\($0)") } ?? .null, "dry_run": .bool(dryRun),
    ]
  }
}

extension SyncProgress.Step: CountedStep {
  var counted: String {
    switch self {
    case .waiting: "objects counted there"
    case .receiving: "objects received"
    case .packing: "objects packed"
    case .sending: "objects sent"
    case .inspecting: "commits looked at"
    }
  }
}
