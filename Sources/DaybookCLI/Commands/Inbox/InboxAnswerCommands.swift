import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct InboxApproveCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve",
    abstract: "Let an agent do what it asked for.",
    discussion: """
      Where it asks about several actions, all of them.

        daybook inbox approve 8f2c…
      """)

  @OptionGroup var decision: DecisionOptions
  var global: GlobalOptions { decision.global }

  func run() async throws {
    try await decision.answer { try $0.answer(deciding: .approve) }
  }
}

struct InboxEditCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit",
    abstract: "Let an agent do what it asked for, with other arguments.",
    discussion: """
        daybook inbox edit 8f2c… --args '{"to": "bob@example.org"}'
      """)

  @Option(help: ArgumentHelp("All arguments of the action, as a JSON object.", valueName: "json"))
  var args: String

  @OptionGroup var decision: DecisionOptions
  var global: GlobalOptions { decision.global }

  func run() async throws {
    guard let arguments = JSONValue(argument: args).object else {
      throw StoreError(.usage, "--args takes a JSON object.", hint: "Write it as --args '{\"to\": \"bob\"}'")
    }
    try await decision.answer { try $0.answer(deciding: .edit(arguments: arguments)) }
  }
}

struct InboxRespondCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "respond",
    abstract: "Tell an agent something in place of what it asked to do, or answer its question.",
    discussion: """
        daybook inbox respond 8f2c… 'Ask her first.'
      """)

  @OptionGroup var decision: DecisionOptions

  @Argument(help: "What the agent is told.")
  var text: String

  var global: GlobalOptions { decision.global }

  func run() async throws {
    try await decision.answer { try $0.answer(deciding: .respond(text)) }
  }
}

struct InboxRejectCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "reject",
    abstract: "Do not let an agent do what it asked for.",
    discussion: """
      Where it asks about several actions, none of them.

        daybook inbox reject 8f2c…
        daybook inbox reject 8f2c… 'She has left.'
      """)

  @OptionGroup var decision: DecisionOptions

  @Argument(help: "Why, for the agent.")
  var text: String?

  var global: GlobalOptions { decision.global }

  func run() async throws {
    try await decision.answer { try $0.answer(deciding: .reject(text)) }
  }
}

struct InboxIgnoreCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "ignore",
    abstract: "Let an agent go on without what it asked for.",
    discussion: """
        daybook inbox ignore 8f2c…
      """)

  @OptionGroup var decision: DecisionOptions
  var global: GlobalOptions { decision.global }

  func run() async throws {
    try await decision.answer { try $0.answer(deciding: .ignore) }
  }
}

struct InboxAnswerCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "answer",
    abstract: "Answer an interrupt in JSON.",
    discussion: """
      For a question that takes a value, and where each of several actions gets its own decision.

        echo '{"decisions": [{"type": "approve"}, {"type": "reject"}]}' | daybook inbox answer 8f2c…
        daybook inbox answer 8f2c… answer.json
      """)

  @OptionGroup var decision: DecisionOptions

  @Argument(help: "A JSON file; - or nothing for standard input.", completion: .file())
  var file: String?

  var global: GlobalOptions { decision.global }

  func run() async throws {
    let answer = try Input.text(file).root.value
    try await decision.answer { _ in answer }
  }
}

struct InboxWithdrawCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw",
    abstract: "Take an interrupt back that needs no answer any more.",
    discussion: """
        daybook inbox withdraw 8f2c…
      """)

  @OptionGroup var decision: DecisionOptions
  var global: GlobalOptions { decision.global }

  func run() async throws {
    try await decision.carryOut { agents, caller in
      let interrupt = try agents.interrupts.interrupt(decision.id, for: caller)
      return try await agents.interrupts.withdraw(
        decision.id, on: decision.ifMatch ?? interrupt.revision, for: caller)
    }
  }
}
