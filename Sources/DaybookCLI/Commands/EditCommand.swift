import ArgumentParser
import Daybook
import Documents

struct EditCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit",
    abstract: "Edit a document in your editor.",
    discussion: """
      Opens $VISUAL, else $EDITOR, else vi, with ‹sealed› in place of each secret; what is left of it keeps the secret. The \
      text is checked before it is saved. While you edit, the store is free for others; if somebody changes the document \
      meanwhile, your text is kept in its temporary file.

        daybook edit profiles/llm/gpt-4o
        EDITOR='code --wait' daybook edit settings/system
      """)

  @Argument(help: "The document, as collection/id.")
  var address: String

  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await DocumentEditor(address: address, writing: writing, global: global).run()
  }
}
