import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct ProfileAddCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add a profile.",
    discussion: """
      Its name is the id unless it is set. On a terminal you are asked for the secret, and it is sealed before it is \
      written.

        daybook profile add llm/work --set provider=openai --set model=gpt-4o
        pass show openai | daybook profile add llm/work --set provider=openai --set model=gpt-4o --secret-stdin
        daybook profile add rsshub/home --set base_url=http://localhost:1200 --secret-env RSSHUB_ACCESS_KEY --use
      """)

  @Argument(help: "The new profile, such as llm/work.")
  var profile: String

  @Option(help: ArgumentHelp("Set one member; repeatable.", valueName: "member=value"))
  var set: [String] = []

  @Flag(help: "Make it the active one.")
  var use = false

  @OptionGroup var secrets: SecretOptions
  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let settings = try set.map(MemberSetting.init(parsing:))
    try await global.withStore(writing: writing) { store in
      let name = try ProfileName(parsing: profile, store.kinds)
      var content: JSONObject = ["name": .string(name.id)]
      content = try ProfileMembers.setting(settings, in: content, name)
      if let member = name.kind.secret, let secret = try secret(member) { content[member.name] = .string(secret) }
      let snapshot = store.snapshot()
      try await WriteReport(global: global, options: writing).write(to: store) { transaction in
        try transaction.put(name.address, .object(content), if: .absent)
        if use { try ActiveProfiles.use(new: name, in: snapshot, &transaction) }
      }
    }
  }

  private func secret(_ member: Kind.Member) throws -> String? {
    let title = member.title ?? member.name
    if secrets.isGiven { return try secrets.read(title) }
    return Terminal.canAsk ? try SecretOptions.ask(title) : nil
  }
}

struct ProfileEditCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit",
    abstract: "Change a profile: some members, its secret, or all of it in your editor.",
    discussion: """
      Without options it opens $VISUAL, else $EDITOR, else vi, as `daybook edit` does.

        daybook profile edit llm/gpt-4o
        daybook profile edit llm/gpt-4o --set temperature=0.2
        daybook profile edit llm/gpt-4o --secret
      """)

  @Argument(help: "The profile, such as llm/gpt-4o.")
  var profile: String

  @Option(help: ArgumentHelp("Set one member; repeatable.", valueName: "member=value"))
  var set: [String] = []

  @OptionGroup var secrets: SecretOptions
  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let settings = try set.map(MemberSetting.init(parsing:))
    if settings.isEmpty, !secrets.isGiven {
      let address = try await global.withStore { try ProfileName(parsing: profile, $0.kinds).address }
      return try await DocumentEditor(address: address, writing: writing, global: global).run()
    }
    try await global.withStore(writing: writing) { store in
      let name = try ProfileName(parsing: profile, store.kinds)
      let document = try store.snapshot().existing(name.address)
      var content = try ProfileMembers.setting(settings, in: document.root.value.object ?? [:], name)
      if secrets.isGiven {
        let member = try ProfileMembers.secret(of: name.kind)
        content[member.name] = try secrets.read(member.title ?? member.name).map { .string($0) }
      }
      try await WriteReport(global: global, options: writing).write(to: store) {
        try $0.put(name.address, .object(content), if: .revision(document.revision))
      }
    }
  }
}

struct ProfileRemoveCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Delete a profile; for the active one, name its successor.",
    discussion: """
      Both are one commit. Its history stays: `daybook get --at` still shows it.

        daybook profile remove llm/old
        daybook profile remove llm/gpt-4o --successor local-ollama
      """)

  @Argument(help: "The profile, such as llm/gpt-4o.")
  var profile: String

  @Option(help: ArgumentHelp("The profile of its kind that becomes active.", valueName: "id"))
  var successor: String?

  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore(writing: writing) { store in
      let snapshot = store.snapshot()
      let name = try ProfileName(parsing: profile, store.kinds)
      var successor = successor
      if successor == nil, let others = try ActiveProfiles.successors(of: name, in: snapshot), Terminal.canAsk {
        successor = Terminal.answer(
          to: "\(name.text) is the active profile. Which takes its place: \(others.joined(separator: ", "))?")
      }
      try await WriteReport(global: global, options: writing).write(to: store) {
        try ActiveProfiles.remove(name, successor: successor, in: snapshot, &$0)
      }
    }
  }
}

/// The members of a profile as the command line sets them.
enum ProfileMembers {
  static func setting(
    _ settings: [MemberSetting], in content: JSONObject, _ name: ProfileName
  ) throws(StoreError) -> JSONObject {
    let text = JSONText(formatting: .object(content))
    let outcome: JSONText
    do {
      outcome = try MemberSetting.patch(settings, for: text.root).applied(to: text)
    } catch {
      throw StoreError(.invalid, "What is set does not fit '\(name.text)': \(error)", document: name.address)
    }
    try MemberSetting.checkSecrets(
      settings, in: outcome.root, name.kind.kind, name.address,
      hint: "Use --secret, --secret-stdin or --secret-env NAME.")
    return outcome.root.value.object ?? [:]
  }

  static func secret(of kind: ProfileKind) throws(StoreError) -> Kind.Member {
    if let member = kind.secret { return member }
    throw StoreError(
      .usage, "Profiles of the kind '\(kind.name)' do not have just one secret.",
      hint: "Write it with `daybook patch` from standard input.")
  }
}
