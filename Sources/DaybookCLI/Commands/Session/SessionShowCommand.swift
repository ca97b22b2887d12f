import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct SessionShowCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print a conversation: what it is about, and its last messages.",
    discussion: """
      With --json, one object with the session, and its messages from a place on.

        daybook session show 0190…
        daybook session show 0190… --limit 3
        daybook session show 0190… --from 0 --limit 100 --json
      """)

  @Argument(help: "The id of the session.")
  var id: String

  @Option(help: "How many messages at most.")
  var limit = 50

  @Option(help: ArgumentHelp("Messages from this place on, 0 for the oldest, instead of the last.", valueName: "place"))
  var from: Int?

  @OptionGroup var whose: UserOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if !(0...SessionView.mostMessages).contains(limit) {
      throw ValidationError("--limit must be 0 to \(SessionView.mostMessages).")
    }
    if let from, from < 0 { throw ValidationError("--from must not be negative.") }
  }

  func run() async throws {
    try await global.withStore(of: whose) { store, caller in
      let view = try Sessions(store).view(id, last: limit, from: from, for: caller)
      defer { noteMore(around: view) }
      if global.json { return try Output.json(view.json(in: store.snapshot())) }
      let root = try store.snapshot().masked(view.session).root
      for line in head(root) + view.messages.items.flatMap(lines) { try Output.line(Table.printable(line)) }
    }
  }

  private func noteMore(around view: SessionView) {
    let (first, end) = (view.messages.first, view.messages.first + view.messages.items.count)
    if first > 0 { global.note("\(first.of("older message")): --from \(max(0, first - limit))") }
    if end < view.count { global.note("\((view.count - end).of("newer message")): --from \(end)") }
  }

  private func head(_ root: JSONNode) -> [String] {
    let question = root["pending_question"]
    let options = question?["options"]?.elements.compactMap(\.string) ?? []
    let members: [(String, String?)] = [
      ("title", root["title"]?.string), ("status", root["status"]?.string), ("created", root["created_at"]?.string),
      ("updated", root["updated_at"]?.string), ("model", root["llm"]?["profile"]?.string),
      ("error", root["error"]?.string), ("question", question?["question"]?.string),
      ("options", options.isEmpty ? nil : options.joined(separator: ", ")),
    ]
    return members.compactMap { name, value in
      value.map { "\(name)\(String(repeating: " ", count: 10 - name.count))\($0)" }
    }
  }

  /// Who said it and when, and below that what was said, indented.
  private func lines(_ message: JSONValue) -> [String] {
    let heading = [message["role"]?.string, message["timestamp"]?.string].compactMap(\.self).joined(separator: "  ")
    let content = message["content"]?.string ?? ""
    return ["", heading] + content.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
  }
}
