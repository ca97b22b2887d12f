import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct BlameCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "blame",
    abstract: "Show which commit set each member of a document.",
    discussion: """
      Comes from the document's own history, so it is quick however long the store's is. Elements of a list are followed by \
      their id, or else by what they hold.

        daybook blame profiles/llm/gpt-4o
        daybook blame profiles/llm/gpt-4o /temperature
        daybook blame tasks/0190… /metadata --at HEAD~10
      """)

  @Argument(help: "The document, as collection/id.")
  var address: String

  @Argument(help: "A member, as a JSON Pointer such as /temperature; those below it are shown.")
  var pointer: String?

  @Option(help: ArgumentHelp("The document as it was at a sequence, a commit or a time.", valueName: "point"))
  var at: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore { store in
      let snapshot = store.snapshot()
      _ = try at == nil ? snapshot.existing(address) : nil
      let point = try at.map { try Point(argument: $0) } ?? .newest
      let members = try snapshot.blame(address, at: try Input.pointer(pointer ?? ""), point: point)
      if global.json { try printJSON(members) } else { try printTable(members) }
    }
  }

  private func printTable(_ members: [BlamedMember]) throws {
    var table = Table(["commit", "sequence", "time", "author", "member", "value"])
    for member in members {
      let commit = member.commit
      table.add([
        commit.commit.short, "#\(commit.sequence)", commit.time,
        commit.author.name, "\(member.pointer)", member.value.shortText,
      ])
    }
    try table.print()
  }

  private func printJSON(_ members: [BlamedMember]) throws {
    for member in members { try Output.json(member.json) }
  }
}
