import ArgumentParser
import Daybook
import DaybookRuntime

struct SecretCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "secret",
    abstract: "Set the secrets of documents.",
    subcommands: [SecretSetCommand.self])
}

struct SecretSetCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Set one secret of a document.",
    discussion: """
      On a terminal you are asked for it and it is not shown; else it is read from standard input, without the last line \
      end. The member must be one that the kind calls secret. It is sealed before it is written anywhere.

        daybook secret set profiles/llm/gpt-4o /api_key
        pass openai/key | daybook secret set profiles/llm/gpt-4o /api_key
      """)

  @Argument(help: "The document, as collection/id.")
  var address: String

  @Argument(help: ArgumentHelp("The member.", valueName: "/pointer"))
  var member: String

  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if member.isEmpty { throw ValidationError("Name the member, such as /api_key.") }
  }

  func run() async throws {
    let pointer = try Input.pointer(member)
    let value = try SecretInput.secret("\(pointer) of \(address)")
    guard !value.isEmpty else {
      throw StoreError(.usage, "The secret is empty; nothing was written.", hint: "Patch the member to null for none.")
    }
    if address.hasPrefix(ProfileKind.prefix) { try ProfileKind.checkSecret(value, called: "\(pointer) of \(address)") }
    try await global.withStore(writing: writing) { store in
      try await WriteReport(global: global, options: writing).write(to: store) { transaction in
        try transaction.setSecret(address, pointer, to: value)
      }
    }
  }
}
