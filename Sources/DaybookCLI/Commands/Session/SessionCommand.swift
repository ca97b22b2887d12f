import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct SessionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "session",
    abstract: "Read conversations, answer what they ask, and carry them elsewhere.",
    discussion: """
      A session is a conversation with its messages. While its status is waiting_user, it waits for an answer to its \
      pending question.

        daybook session list --status waiting_user
        daybook session show 0190… --limit 10
        daybook session answer 0190… 'the first one'
        daybook session export 0190… > feeds.json
        daybook session import feeds.json
      """,
    subcommands: [
      SessionListCommand.self, SessionShowCommand.self, SessionAnswerCommand.self, SessionExportCommand.self,
      SessionImportCommand.self, SessionDeleteCommand.self, SessionStatsCommand.self,
    ])
}

struct SessionListCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List conversations, those first in which something happened last.",
    discussion: """
      Off a terminal, cells are separated by tabs and not cut.

        daybook session list
        daybook session list --status waiting_user --user ann
      """)

  @Option(help: "Only conversations in this status.")
  var status: SessionStatus?

  @OptionGroup var paging: PageOptions
  @OptionGroup var whose: UserOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore(of: whose) { store, caller in
      let page = try Sessions(store).list(status: status, limit: paging.limit, after: paging.after, for: caller)
      try PageReport(global: global).tell(page, of: "sessions", in: store)
    }
  }
}

struct SessionStatsCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Count conversations by status, and their messages.",
    discussion: """
        daybook session stats
        daybook session stats --user ann --json
      """)

  @OptionGroup var whose: UserOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore(of: whose) { store, caller in
      let statistics = try Sessions(store).statistics(for: caller)
      if global.json { return try Output.json(statistics.json) }
      var table = Table(["what", "how many"])
      for status in SessionStatus.allCases { table.add([status.rawValue, "\(statistics.sessions[status] ?? 0)"]) }
      table.add(["messages", "\(statistics.messages)"])
      try table.print()
    }
  }
}
