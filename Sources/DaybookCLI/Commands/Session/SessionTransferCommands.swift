import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct SessionExportCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print a conversation with all of its messages, as one JSON value.",
    discussion: """
      With --json on one line. `daybook session import` brings it in again, here or elsewhere.

        daybook session export 0190… > feeds.json
      """)

  @Argument(help: "The id of the session.")
  var id: String

  @OptionGroup var whose: UserOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore(of: whose) { store, caller in
      let session = try Sessions(store).export(id, for: caller)
      if global.json {
        try Output.line(session.compactText)
      } else {
        try Output.write(JSONText(formatting: session).bytes)
      }
    }
  }
}

struct SessionImportCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Bring in a conversation that was exported.",
    discussion: """
      It keeps its id if that is free and always was; else it gets a new one, which is printed.

        daybook session import feeds.json
        daybook session export 0190… | daybook -C ../other session import --user ann
      """)

  @Argument(help: "A file that export made; - or nothing for standard input.", completion: .file())
  var file: String?

  @OptionGroup var whose: UserOptions
  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let bytes = try Input.bytes(file, limit: Limits.transactionBytes, of: "a session")
    let export = try Input.text(bytes, from: Input.title(file)).root.value
    try await global.withStore(of: whose, writing: writing) { store, caller in
      try await WriteReport(global: global, options: writing).change(store, for: caller) { caller in
        try await Sessions(store).importSession(export, for: caller)
      }
    }
  }
}
