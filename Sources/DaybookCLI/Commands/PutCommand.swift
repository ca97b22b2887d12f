import ArgumentParser
import Daybook
import Documents

struct PutCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "put",
    abstract: "Write a document whole.",
    discussion: """
      The text is kept to the byte; secrets in it are sealed, and ‹sealed› keeps the one there is. A collection whose \
      ids are made by the store takes documents without one, and the new address is printed.

        daybook put profiles/llm/gpt-4o gpt-4o.json
        echo '{"task_type": "digest", "status": "pending"}' | daybook put tasks
        daybook put profiles/llm/gpt-4o new.json --if-match 8f3c2d…
      """)

  @Argument(help: "The document, as collection/id; or a collection, for a new document.")
  var address: String

  @Argument(help: "A JSON file; - or nothing for standard input.", completion: .file())
  var file: String?

  @Option(help: ArgumentHelp("Only if the document is at this revision.", valueName: "revision"))
  var ifMatch: Revision?

  @Flag(help: "Only if there is no such document yet.")
  var ifNone = false

  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if ifMatch != nil, ifNone { throw ValidationError("--if-match and --if-none exclude each other.") }
  }

  func run() async throws {
    let text = try Input.text(file)
    try await global.withStore(writing: writing) { store in
      let isCollection = try names(collectionOf: store.kinds)
      try await WriteReport(global: global, options: writing).write(to: store) { transaction in
        if isCollection {
          _ = try transaction.create(in: address, text: text)
        } else {
          try transaction.put(address, text: text, if: precondition)
        }
      }
    }
  }

  private var precondition: Precondition {
    ifNone ? .absent : ifMatch.map { .revision($0) } ?? .none
  }

  /// Whether the argument is a collection. One without a slash can be nothing else.
  private func names(collectionOf kinds: Kinds) throws -> Bool {
    if kinds.all.contains(where: { $0.collection.text == address }) { return true }
    if !address.contains("/") { _ = try kinds.kind(of: address) }
    return false
  }
}
