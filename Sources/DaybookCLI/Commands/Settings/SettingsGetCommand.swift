import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct SettingsGetCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Print what a setting is.",
    discussion: """
      A string is printed as it is, everything else as JSON.

        daybook settings get search.max_results --user ann
        daybook settings get max_iterations --agent deep_research
      """)

  @Argument(help: "The setting.")
  var key: String

  @OptionGroup var whose: SettingsOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore { store in
      let chain = try global.effectiveSettings(of: store, for: whose.context).chain(of: key)
      guard global.json else { return try Output.line(chain.value.plainText) }
      try Output.json([
        "key": .string(chain.key.text), "value": chain.value, "layer": .string(chain.layer),
      ])
    }
  }
}

struct SettingsListCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List all settings, what they are, and the layer that says so.",
    discussion: """
      With an agent, its own are among them. Off a terminal, cells are separated by tabs and not cut.

        daybook settings list
        daybook settings list search --user ann
        daybook settings list --agent summary --public --json
      """)

  @Argument(help: "Only settings of this category, or whose names begin so.")
  var prefix: String?

  @Flag(name: .customLong("public"), help: "Only those that may be shown to whoever uses the application.")
  var isPublic = false

  @OptionGroup var whose: SettingsOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore { store in
      let settings = try global.effectiveSettings(of: store, for: whose.context)
      var table = Table(["setting", "value", "layer", "name"])
      for key in settings.definitions.keys(for: whose.agent) where key.text.hasPrefix(prefix ?? "") {
        let definition = try settings.definitions.definition(of: key.text, for: whose.agent)
        if isPublic, !definition.isPublic { continue }
        let chain = try settings.chain(of: key.text)
        if global.json { try Output.json(chain.json(definition)) }
        table.add([key.text, chain.value.compactText, chain.layer, definition.name])
      }
      if !global.json { try table.print() }
    }
  }
}
