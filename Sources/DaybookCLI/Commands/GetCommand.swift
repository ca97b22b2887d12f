import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct GetCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Print a document.",
    discussion: """
      The text is printed as it stands in its file, with ‹sealed› in place of each secret.

        daybook get profiles/llm/gpt-4o
        daybook get profiles/llm/gpt-4o --at HEAD~3
        daybook get profiles/llm/gpt-4o --at 2026-11-21T06:40:00Z
        daybook get profiles/llm/gpt-4o --at 4711 --json
        daybook get profiles/llm/gpt-4o --reveal
      """)

  @Argument(help: "The document, as collection/id.")
  var address: String

  @Flag(help: "Open the secrets.")
  var reveal = false

  @Option(help: ArgumentHelp("The document as it was at a sequence, a commit or a time.", valueName: "point"))
  var at: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore { store in
      let snapshot = store.snapshot()
      let document = try find(in: snapshot)
      let text = try reveal ? snapshot.revealed(document) : snapshot.masked(document)
      guard global.json else { return try Output.write(text.bytes) }
      try Output.json(document.json(text))
    }
  }

  private func find(in snapshot: Snapshot) throws -> Document {
    guard let at else { return try snapshot.existing(address) }
    let past = try snapshot.past(at: Point(argument: at))
    guard let document = try past.document(address) else {
      throw StoreError(
        .notFound, "There was no document '\(address)' in commit #\(past.commit.sequence).",
        hint: "`daybook log \(address)` shows when there was.", document: address)
    }
    return document
  }
}

extension Snapshot {
  /// The document at an address; throws `.notFound` when there is none.
  func existing(_ address: String) throws(StoreError) -> Document {
    if let document = try document(address) { return document }
    let collection = address.split(separator: "/").dropLast().joined(separator: "/")
    throw StoreError(
      .notFound, "There is no document '\(address)'.", hint: "`daybook list \(collection)` shows those there are.",
      document: address)
  }
}
