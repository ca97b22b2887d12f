import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

/// What is decided on, for whom, and how it is written.
struct DecisionOptions: ParsableArguments {
  @Argument(help: "The id, as the list shows it.")
  var id: String

  @Option(help: ArgumentHelp("Only if it is still at this revision, as you have seen it.", valueName: "revision"))
  var ifMatch: Revision?

  @OptionGroup var whose: UserOptions
  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  /// Answers an interrupt.
  func answer(_ answer: (ReviewRequest) throws -> JSONValue) async throws {
    try await carryOut { agents, caller in
      let interrupt = try agents.interrupts.interrupt(id, for: caller)
      return try await agents.interrupts.answer(
        id, with: answer(ReviewRequest(of: interrupt)), on: ifMatch ?? interrupt.revision, for: caller)
    }
  }

  /// Makes a decision, and tells what came of it and what happens next.
  func carryOut(_ decide: (AgentSessions, Caller) async throws -> Decision) async throws {
    try await global.withStore(of: whose, writing: writing) { store, caller in
      let decision = try await WriteReport(global: global, options: writing).change(store, for: caller) { caller in
        try await decide(AgentSessions(store), caller)
      }
      guard let decision else { return }
      if global.json { try Output.json(decision.nextJSON) } else { global.note(decision.nextWords) }
    }
  }
}

extension Decision {
  private var threadID: String { thread.root["thread_id"]?.string ?? "" }
  private var status: String { thread.root["status"]?.string ?? "" }
  private var openInterrupts: Int { thread.root["open_interrupts"]?.integer ?? 0 }
  private var openTodos: Int { thread.root["open_todos"]?.integer ?? 0 }

  /// What happens to the thread by it.
  fileprivate var nextWords: String {
    let open = [(openInterrupts, "interrupt"), (openTodos, "todo")].filter { $0.0 > 0 }.map { $0.of($1) }
      .joined(separator: " and ")
    let name = Table.printable(threadID)
    if resumed { return "the thread '\(name)' goes on\(open.isEmpty ? "" : "; still open: \(open)")" }
    if open.isEmpty { return "the thread '\(name)' waits for nothing more, and its status is \(status)" }
    return "still open in the thread '\(name)': \(open)"
  }

  fileprivate var nextJSON: JSONObject {
    [
      "thread": .string(threadID), "status": .string(status), "resumed": .bool(resumed),
      "open_interrupts": .number(JSONNumber(openInterrupts)), "open_todos": .number(JSONNumber(openTodos)),
    ]
  }
}
