import ArgumentParser
import Daybook

struct DeleteCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Delete documents and their series, in one commit.",
    discussion: """
      Their history stays: `daybook log` and `daybook get --at` still show them.

        daybook delete profiles/llm/old
        daybook delete tasks/0190… tasks/0191… -m 'tidied up'
      """)

  @Argument(help: "The documents, as collection/id.")
  var addresses: [String]

  @Option(help: ArgumentHelp("Only if the document is at this revision.", valueName: "revision"))
  var ifMatch: Revision?

  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if ifMatch != nil, addresses.count > 1 { throw ValidationError("--if-match goes with one document.") }
  }

  func run() async throws {
    try await global.withStore(writing: writing) { store in
      try await WriteReport(global: global, options: writing).write(to: store) { transaction in
        for address in addresses {
          try transaction.delete(address, if: ifMatch.map { .revision($0) } ?? .present)
        }
      }
    }
    if !writing.dryRun {
      for address in addresses { global.note("`daybook get \(address) --at HEAD~1` shows what it was") }
    }
  }
}
