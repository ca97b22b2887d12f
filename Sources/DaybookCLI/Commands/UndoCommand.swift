import ArgumentParser
import Daybook

struct UndoCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo",
    abstract: "Take back your last operation.",
    discussion: """
      Yours is what was committed by the same author from the same origin: for this command, what you did with it. Makes a \
      new commit that says which one it undoes; undoing again takes back the operation before that. What others changed \
      again since is a conflict (exit status 5).

        daybook undo --dry-run
        daybook undo
        daybook undo --origin hand
      """)

  @OptionGroup var whose: OperationOptions
  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore(writing: writing) { store in
      let plan = try store.snapshot().planUndo(by: whose.author(writing), origin: Origin(rawValue: whose.origin))
      try await PlanReport(global: global, options: writing).carryOut(plan, in: store, origin: whose.origin)
    }
  }
}

struct RedoCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "redo",
    abstract: "Do again what you undid last.",
    discussion: """
      Possible until you change something else.

        daybook undo && daybook redo
      """)

  @OptionGroup var whose: OperationOptions
  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore(writing: writing) { store in
      let plan = try store.snapshot().planRedo(by: whose.author(writing), origin: Origin(rawValue: whose.origin))
      try await PlanReport(global: global, options: writing).carryOut(plan, in: store, origin: whose.origin)
    }
  }
}

/// Whose operations `undo` and `redo` are about.
struct OperationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Where the operation came from, such as command, hand or library.", valueName: "origin"))
  var origin = Origin.command.rawValue

  func author(_ options: WriteOptions) throws -> Author {
    try options.commitAuthor
  }
}
