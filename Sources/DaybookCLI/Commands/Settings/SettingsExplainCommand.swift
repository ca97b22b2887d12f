import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct SettingsExplainCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show where the value of a setting comes from, layer by layer.",
    discussion: """
      Each layer with the setting as it stands there, its value, and the file and line; the last one that counts holds.

        daybook settings explain search.max_results --user ann
        daybook settings explain agents.summary.max_words
      """)

  @Argument(help: "The setting.")
  var key: String

  @OptionGroup var whose: SettingsOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore { store in
      let settings = try Settings(store).effective(for: whose.context)
      let chain = try settings.chain(of: key)
      let definition = try settings.definitions.definition(of: key, for: whose.agent)
      if global.json { return try Output.json(chain.explanation(definition)) }
      global.note("\(definition.name): \(definition.description)")
      global.note("\(takes(definition)) Set by: \(definition.scopes.map(\.rawValue).joined(separator: ", ")).")
      var table = Table(["layer", "setting", "value", "where", "what it does"])
      for row in rows(chain) { table.add(row) }
      try table.print()
    }
  }

  /// A row for each link, and one for each layer that says nothing.
  private func rows(_ chain: SettingChain) -> [[String]] {
    let layers = ["default"] + whose.context.sources.map(\.scope.rawValue)
    return layers.flatMap { layer -> [[String]] in
      let links = chain.links.enumerated().filter { $1.origin.name == layer }
      guard !links.isEmpty else { return [[layer, chain.key.text, "", "", "not set"]] }
      return links.map { place, link in
        [
          layer, link.key.text, link.node.value.compactText, "\(link.file):\(link.line)",
          chain.state(ofLink: place),
        ]
      }
    }
  }

  private func takes(_ definition: SettingDefinition) -> String {
    guard !definition.options.isEmpty else { return "Takes: \(definition.type.rawValue)." }
    return "Takes: \(definition.options.map(\.value.plainText).joined(separator: ", "))."
  }
}
