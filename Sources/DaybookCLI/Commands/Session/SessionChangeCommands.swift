import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct SessionAnswerCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "answer",
    abstract: "Answer the pending question of a conversation.",
    discussion: """
      The answer is its newest message, and it is active again. A question is answered once: who comes second is told who \
      was first, and when (exit status 5).

        daybook session answer 0190… 'the first one'
        daybook session answer 0190… 'the first one' --question 0191…
      """)

  @Argument(help: "The id of the session.")
  var id: String

  @Argument(help: "The answer.")
  var text: String

  @Option(help: ArgumentHelp("Only if this question waits, by its id; by default whichever does.", valueName: "id"))
  var question: String?

  @OptionGroup var whose: UserOptions
  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore(of: whose, writing: writing) { store, caller in
      try await WriteReport(global: global, options: writing).change(store, for: caller) { caller in
        try await Sessions(store).answer(text, to: question, in: id, for: caller)
      }
    }
  }
}

struct SessionDeleteCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Delete a conversation with its messages.",
    discussion: """
      Its history stays: `daybook undo` brings it back, and `daybook get --at` still shows it.

        daybook session delete 0190…
      """)

  @Argument(help: "The id of the session.")
  var id: String

  @OptionGroup var whose: UserOptions
  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore(of: whose, writing: writing) { store, caller in
      try await WriteReport(global: global, options: writing).change(store, for: caller) { caller in
        try await Sessions(store).delete(id, for: caller)
      }
    }
  }
}
