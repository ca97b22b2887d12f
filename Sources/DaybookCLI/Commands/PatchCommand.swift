import ArgumentParser
import Daybook
import Documents

struct PatchCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "patch",
    abstract: "Change members of a document.",
    discussion: """
      The rest of the file stays as it is. An object is a merge patch (RFC 7396), in which null removes a member; an array \
      is a JSON Patch (RFC 6902). With --set, the value is JSON, or else a string. Give secrets in a file or on standard \
      input, never as an argument, which others on this machine can see.

        daybook patch profiles/llm/gpt-4o --set /temperature=0.7 --set /model=gpt-4o-mini
        echo '{"description": null}' | daybook patch profiles/llm/gpt-4o
        echo '[{"op": "test", "path": "/status", "value": "pending"}, …]' | daybook patch tasks/0190…
      """)

  @Argument(help: "The document, as collection/id.")
  var address: String

  @Argument(help: "A JSON file with the patch; - or nothing for standard input.", completion: .file())
  var file: String?

  @Option(help: ArgumentHelp("Set one member; repeatable.", valueName: "/pointer=value"))
  var set: [String] = []

  @Option(help: ArgumentHelp("Only if the document is at this revision.", valueName: "revision"))
  var ifMatch: Revision?

  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if file != nil, !set.isEmpty { throw ValidationError("Give a patch in a file or with --set, not both.") }
  }

  func run() async throws {
    let settings = try set.map(MemberSetting.init(parsing:))
    let given = settings.isEmpty ? try Input.text(file) : nil
    try await global.withStore(writing: writing) { store in
      let operations =
        if let given {
          given.root.kind == .array ? try Input.patch(given, from: Input.title(file)) : nil
        } else {
          try MemberSetting.patch(settings, for: store.snapshot().existing(address), store.kinds)
        }
      let precondition = ifMatch.map { Precondition.revision($0) } ?? .none
      try await WriteReport(global: global, options: writing).write(to: store) { transaction in
        if let operations {
          try transaction.patch(address, applying: operations, if: precondition)
        } else if let given {
          try transaction.patch(address, merging: given.root.value, if: precondition)
        }
      }
    }
  }
}
