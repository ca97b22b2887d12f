import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct InboxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inbox",
    abstract: "See what agents ask, and decide.",
    discussion: """
      An interrupt is a question at which an agent stopped; its thread goes on when the last one is answered. A todo is \
      what an agent asks for while it goes on. Each is decided once: who comes second is told who was first, and when \
      (exit status 5).

        daybook inbox list
        daybook inbox show 8f2c…
        daybook inbox approve 8f2c…
        daybook inbox edit 8f2c… --args '{"to": "bob@example.org"}'
        daybook inbox todo list
        daybook inbox todo complete 0190… true
      """,
    subcommands: [
      InboxListCommand.self, InboxShowCommand.self, InboxApproveCommand.self, InboxEditCommand.self,
      InboxRespondCommand.self, InboxRejectCommand.self, InboxIgnoreCommand.self, InboxAnswerCommand.self,
      InboxWithdrawCommand.self, InboxTodoCommand.self,
    ])
}

/// Which interrupts or todos are listed.
struct InboxListOptions: ParsableArguments {
  @Flag(help: "Also those that were decided.")
  var all = false

  @Option(help: ArgumentHelp("Only those of this thread.", valueName: "id"))
  var thread: String?

  @OptionGroup var paging: PageOptions

  var status: String? { all ? nil : "open" }
}

struct InboxListCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the interrupts that wait for an answer, newest first.",
    discussion: """
      Off a terminal, cells are separated by tabs and not cut.

        daybook inbox list
        daybook inbox list --all --thread thread-1
      """)

  @OptionGroup var which: InboxListOptions
  @OptionGroup var whose: UserOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore(of: whose) { store, caller in
      let agents = AgentSessions(store)
      let page = try agents.interrupts.list(
        status: which.status, thread: which.thread, limit: which.paging.limit, after: which.paging.after, for: caller)
      try PageReport(global: global).tell(page, of: "inbox/interrupts", in: store)
      let todos = try agents.todos.list(status: "open", thread: which.thread, limit: 1, for: caller)
      if !todos.documents.isEmpty { global.note("todos wait as well: `daybook inbox todo list`") }
    }
  }
}

struct InboxShowCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print an interrupt, and say how it can be decided.",
    discussion: """
      The text is printed as it stands in its file.

        daybook inbox show 8f2c…
      """)

  @Argument(help: "The id of the interrupt.")
  var id: String

  @OptionGroup var whose: UserOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore(of: whose) { store, caller in
      let interrupt = try AgentSessions(store).interrupts.interrupt(id, for: caller)
      try global.show(interrupt, in: store.snapshot())
      guard interrupt.root["status"]?.string == "open" else { return }
      let decisions = try ReviewRequest(of: interrupt).allowedDecisions.map(\.rawValue) + ["answer"]
      global.note("it takes: \(decisions.joined(separator: ", "))")
    }
  }
}
