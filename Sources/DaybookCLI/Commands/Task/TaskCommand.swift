import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct TaskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "task",
    abstract: "See how far tasks are, cancel them, and clean up.",
    discussion: """
      A task is work that an application runs on its own. It goes from pending by way of processing to completed, failed \
      or cancelled, which are final.

        daybook task list --status processing
        daybook task watch 0190…
        daybook task cancel 0190…
        daybook task clean --before 2026-11-01
      """,
    subcommands: [
      TaskListCommand.self, TaskShowCommand.self, TaskWatchCommand.self, TaskCancelCommand.self,
      TaskCleanCommand.self,
    ])
}

struct TaskListCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List tasks, newest first.",
    discussion: """
      Off a terminal, cells are separated by tabs and not cut.

        daybook task list
        daybook task list --type digest --status failed --limit 10
        daybook task list --user ann --json
      """)

  @Option(help: "Only tasks of this type, such as digest.")
  var type: String?

  @Option(help: "Only tasks in this status.")
  var status: TaskStatus?

  @OptionGroup var paging: PageOptions
  @OptionGroup var whose: UserOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore(of: whose) { store, caller in
      let page = try Tasks(store).list(
        type: type, status: status, limit: paging.limit, after: paging.after, for: caller)
      try PageReport(global: global).tell(page, of: "tasks", in: store)
    }
  }
}

struct TaskShowCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print a task.",
    discussion: """
      The text is printed as it stands in its file.

        daybook task show 0190…
      """)

  @Argument(help: "The id of the task.")
  var id: String

  @OptionGroup var whose: UserOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore(of: whose) { store, caller in
      try global.show(Tasks(store).task(id, for: caller), in: store.snapshot())
    }
  }
}

struct TaskCancelCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "Cancel a task.",
    discussion: """
      That is final. Whoever runs it is told when it reports next. The exit status is 5 when it is over already.

        daybook task cancel 0190…
      """)

  @Argument(help: "The id of the task.")
  var id: String

  @OptionGroup var whose: UserOptions
  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore(of: whose, writing: writing) { store, caller in
      try await WriteReport(global: global, options: writing).change(store, for: caller) { caller in
        try await Tasks(store).cancel(id, for: caller)
      }
    }
  }
}

struct TaskCleanCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean",
    abstract: "Delete the tasks that were finished before a time.",
    discussion: """
      Up to 200 a commit. Their history stays: `daybook get --at` still shows them.

        daybook task clean --before 2026-11-01 --dry-run
        daybook task clean --before 2026-11-01
      """)

  @Option(help: ArgumentHelp("Those finished before this time or day, in UTC, or this commit.", valueName: "point"))
  var before: String

  @OptionGroup var whose: UserOptions
  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore(of: whose, writing: writing) { store, caller in
      let (tasks, time) = (Tasks(store), try store.snapshot().time(before))
      if writing.dryRun { return try tell(tasks.finished(before: time, for: caller)) }
      let report = WriteReport(global: global, options: writing)
      let count = try await report.change(store, for: caller) { caller in
        try await tasks.cleanUp(finishedBefore: time, for: caller)
      }
      global.note("\((count ?? 0).of("task")) deleted")
    }
  }

  /// A dry run: all of them, where one of the write itself would show those of its first commit.
  private func tell(_ finished: [DocumentAddress]) throws {
    for address in finished {
      if global.json {
        try Output.json(["document": .string("\(address)"), "revision": .null, "changed": true])
      } else {
        try Output.line("\(address): deleted")
      }
    }
    global.note("\(finished.count.of("task")) would be deleted; a dry run: nothing was written")
  }
}
