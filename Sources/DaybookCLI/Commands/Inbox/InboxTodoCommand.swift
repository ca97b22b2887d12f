import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct InboxTodoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "todo",
    abstract: "See what agents ask for while they go on, and do it.",
    discussion: """
      An approval takes true or false, an input a text, a selection the id of an option.

        daybook inbox todo list
        daybook inbox todo show 0190…
        daybook inbox todo complete 0190… true
      """,
    subcommands: [TodoListCommand.self, TodoShowCommand.self, TodoCompleteCommand.self, TodoCancelCommand.self])
}

struct TodoListCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the todos that are open, newest first.",
    discussion: """
      Off a terminal, cells are separated by tabs and not cut.

        daybook inbox todo list
        daybook inbox todo list --all --thread thread-1
      """)

  @OptionGroup var which: InboxListOptions
  @OptionGroup var whose: UserOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore(of: whose) { store, caller in
      let page = try AgentSessions(store).todos.list(
        status: which.status, thread: which.thread, limit: which.paging.limit, after: which.paging.after, for: caller)
      try PageReport(global: global).tell(page, of: "inbox/todos", in: store)
    }
  }
}

struct TodoShowCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print a todo.",
    discussion: """
      The text is printed as it stands in its file.

        daybook inbox todo show 0190…
      """)

  @Argument(help: "The id of the todo.")
  var id: String

  @OptionGroup var whose: UserOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore(of: whose) { store, caller in
      try global.show(AgentSessions(store).todos.todo(id, for: caller), in: store.snapshot())
    }
  }
}

struct TodoCompleteCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "complete",
    abstract: "Complete a todo with its result.",
    discussion: """
      An approval takes true, false, or an object with a comment; an input a text, or JSON where it has a schema; a \
      selection the id of an option, or several ids where several may be chosen.

        daybook inbox todo complete 0190… true
        daybook inbox todo complete 0190… '{"approved": false, "comment": "not now"}'
        daybook inbox todo complete 0190… 'the blue one'
        daybook inbox todo complete 0190… blog forum
      """)

  @OptionGroup var decision: DecisionOptions

  @Argument(help: "The result.")
  var result: [String]

  var global: GlobalOptions { decision.global }

  func run() async throws {
    try await decision.carryOut { agents, caller in
      let todo = try agents.todos.todo(decision.id, for: caller)
      return try await agents.todos.complete(
        decision.id, with: try value(for: todo.root), on: decision.ifMatch ?? todo.revision, for: caller)
    }
  }

  /// Where a todo takes texts, `10` is one too.
  private func value(for todo: JSONNode) throws(StoreError) -> JSONValue {
    let type = todo["request"] == nil ? todo["todo_type"]?.string.flatMap(TodoType.init) : nil
    if type == .selection, todo["multiple"]?.bool == true { return .array(result.map { .string($0) }) }
    guard result.count == 1, let text = result.first else {
      throw StoreError(.usage, "The todo takes one result.", hint: "Put a text of several words in quotes.")
    }
    let takesText = type == .selection || type == .input && todo["response_schema"] == nil
    return takesText ? .string(text) : JSONValue(argument: text)
  }
}

struct TodoCancelCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "Give a todo up: its thread does not wait for it any more.",
    discussion: """
        daybook inbox todo cancel 0190…
      """)

  @OptionGroup var decision: DecisionOptions
  var global: GlobalOptions { decision.global }

  func run() async throws {
    try await decision.carryOut { agents, caller in
      let todo = try agents.todos.todo(decision.id, for: caller)
      return try await agents.todos.cancel(decision.id, on: decision.ifMatch ?? todo.revision, for: caller)
    }
  }
}
