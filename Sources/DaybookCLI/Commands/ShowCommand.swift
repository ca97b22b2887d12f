import ArgumentParser
import Daybook

struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a commit and what it changed.",
    discussion: """
        daybook show
        daybook show HEAD~2
        daybook show '#12'
      """)

  @Argument(help: "A commit, or its sequence as '#12' (quoted, as # begins a comment in the shell).")
  var commit = "HEAD"

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore { store in
      let snapshot = store.snapshot()
      let summary = try snapshot.commit(named: commit)
      let changes = try snapshot.changes(in: summary).map { change throws(StoreError) in
        try ChangeView(change, in: snapshot)
      }
      let view = CommitView(commit: summary)
      guard !global.json else { return try Output.json(view.json(changes: changes)) }
      try Output.write(view.text(.output).utf8)
      for change in changes { try Output.write(("\n" + change.text(.output)).utf8) }
    }
  }
}
