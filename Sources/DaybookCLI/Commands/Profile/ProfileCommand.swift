import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct ProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract: "Keep profiles of endpoints, and say which is in use.",
    discussion: """
      A profile is named by its kind and its id: llm/gpt-4o is the document profiles/llm/gpt-4o. When none of a kind is \
      active, environment variables stand in, which the kind's schema names.

        daybook profile list
        daybook profile add llm/work --set provider=openai --set model=gpt-4o --secret-env OPENAI_API_KEY
        daybook profile use llm/work
        daybook profile resolve llm
        daybook profile test llm
      """,
    subcommands: [
      ProfileListCommand.self, ProfileShowCommand.self, ProfileAddCommand.self, ProfileEditCommand.self,
      ProfileRemoveCommand.self, ProfileUseCommand.self, ProfileTestCommand.self, ProfileResolveCommand.self,
    ])
}

struct ProfileListCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the profiles, and which are active.",
    discussion: """
        daybook profile list
        daybook profile list llm --json
      """)

  @Argument(help: "Only profiles of this kind, such as llm.")
  var kind: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore { store in
      let snapshot = store.snapshot()
      let kinds = try kind.map { [try ProfileKind.named($0, in: store.kinds)] } ?? ProfileKind.all(in: store.kinds)
      let active = try ActiveProfiles(in: snapshot)
      var table = Table(["profile", "active", "what it is"])
      for kind in kinds {
        let activeID = try active.id(of: kind)
        var documents = snapshot.documents(of: kind.kind)
        while let document = try documents.next() {
          let isActive = activeID == document.address.id.text
          let root = try snapshot.masked(document).root
          let excerpt = kind.kind.excerpt.compactMap { root[$0]?.value.plainText }.joined(separator: ", ")
          let name = "\(kind.name)/\(document.address.id)"
          table.add([name, isActive ? "active" : "", excerpt])
          guard global.json else { continue }
          try Output.json([
            "profile": .string(name), "document": .string("\(document.address)"), "active": .bool(isActive),
            "value": root.value,
          ])
        }
      }
      if !global.json { try table.print() }
    }
  }
}

struct ProfileShowCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print a profile.",
    discussion: """
      The text is printed as it stands in its file, with ‹sealed› in place of each secret.

        daybook profile show llm/gpt-4o
      """)

  @Argument(help: "The profile, such as llm/gpt-4o.")
  var profile: String

  @Flag(help: "Open the secrets.")
  var reveal = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore { store in
      let snapshot = store.snapshot()
      let document = try snapshot.existing(try ProfileName(parsing: profile, store.kinds).address)
      let text = try reveal ? snapshot.revealed(document) : snapshot.masked(document)
      guard global.json else { return try Output.write(text.bytes) }
      try Output.json(document.json(text))
    }
  }
}

struct ProfileUseCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "use",
    abstract: "Make a profile the active one of its kind.",
    discussion: """
        daybook profile use llm/local-ollama
      """)

  @Argument(help: "The profile, such as llm/gpt-4o.")
  var profile: String

  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore(writing: writing) { store in
      let snapshot = store.snapshot()
      let name = try ProfileName(parsing: profile, store.kinds)
      try await WriteReport(global: global, options: writing).write(to: store) {
        try ActiveProfiles.use(name, in: snapshot, &$0)
      }
    }
  }
}
