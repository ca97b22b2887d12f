import ArgumentParser
import Daybook
import Documents

struct CloneCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clone",
    abstract: "Make a store of what a remote holds.",
    discussion: """
      What the remote has is fetched and looked at as `daybook sync` does; then the store is there, or nothing is. It \
      has the history, the kinds and the id of the one that was pushed there, and the remote as 'origin': `daybook \
      sync` brings both together from then on. Everything but secrets works without the key ring; `daybook keys \
      import` brings that. Addresses, and what opens them, are those of `daybook remote add`.

      With --depth a new machine gets the newest part of a long history alone; every document is there. It syncs like any \
      other, and `git fetch --unshallow` brings the rest, with the store closed.

        daybook clone https://git.example.org/ann/store.git my-store --token-file token.txt
        daybook clone git@git.example.org:ann/store.git my-store
        daybook clone /media/usb/store.git my-store --depth 100
      """)

  @OptionGroup var remote: RemoteOptions

  @Argument(help: "The folder of the store: absent, or empty.", completion: .directory)
  var folder: String

  @Option(help: "What the remote is to be called.")
  var name = "origin"

  @Option(help: ArgumentHelp("How many commits in a row to take at most; by default all.", valueName: "commits"))
  var depth: Int?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let depth, depth < 1 { throw ValidationError("--depth is at least 1: the newest commit.") }
  }

  func run() async throws {
    let options = try global.storeOptions()
    let setup = try remote.setup(name)
    let report = try await StepBars<SyncProgress.Step>.during(isSilent: global.json) { show in
      try await Blocking.run {
        try Store.cloneBlocking(
          setup, to: folder, depth: depth, options: options, by: RemoteConnector(of: nil),
          onProgress: { show($0.step, $0.done, $0.total) })
      }
    }
    if global.json { try Output.json(json(report)) } else { try tell(report) }
  }

  private func tell(_ report: CloneReport) throws {
    try Output.line(report.path)
    let commit = report.commit.map { " (\($0.short))" } ?? ""
    let beginning = report.beginning.map { "; its history begins at #\($0) here" } ?? ""
    global.note("cloned: #\(report.sequence)\(commit), \(report.documents.of("document"))\(beginning)")
    if let problem = report.keyProblem {
      global.note([problem.message, problem.hint].compactMap(\.self).joined(separator: "\n"))
    }
  }

  private func json(_ report: CloneReport) -> JSONObject {
    [
      "store": .string(report.path), "remote": .string(name), "sequence": .number(JSONNumber(report.sequence)),
      "commit": report.commit.map { .string("\($0)") } ?? .null, "documents": .number(JSONNumber(report.documents)),
      "history_begins": report.beginning.map { .number(JSONNumber($0)) } ?? .null,
      "key_ring": .string(report.keyRing), "key_problem": report.keyProblem.map { .string($0.message) } ?? .null,
    ]
  }
}
