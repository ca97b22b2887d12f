import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct SettingsExplainCommand: AsyncParsableCommand {
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
      if global.json { return try Output.json(json(chain, definition)) }
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
          SettingsView.state(place, link, chain),
        ]
      }
    }
  }

  private func takes(_ definition: SettingDefinition) -> String {
    guard !definition.options.isEmpty else { return "Takes: \(definition.type.rawValue)." }
    return "Takes: \(definition.options.map(\.value.plainText).joined(separator: ", "))."
  }

  private func json(_ chain: SettingChain, _ definition: SettingDefinition) -> JSONObject {
    var object = SettingsView.json(chain, definition)
    object["chain"] = .array(
      chain.links.enumerated().map { place, link in
        [
          "layer": .string(link.origin.name), "key": .string(link.key.text), "value": link.node.value,
          "file": .string(link.file), "line": .number(JSONNumber(link.line)),
          "state": .string(SettingsView.state(place, link, chain)),
        ]
      })
    return object
  }
}

/// A setting as `get`, `list` and `explain` print it.
enum SettingsView {
  /// The layer that gives the value.
  static func layer(_ chain: SettingChain) -> String {
    chain.effective.map { chain.links[$0].origin.name } ?? "default"
  }

  static func state(_ place: Int, _ link: SettingChain.Link, _ chain: SettingChain) -> String {
    if let objection = link.objection { return "does not count: \(objection)" }
    return place == chain.effective ? "holds" : "overridden"
  }

  static func json(_ chain: SettingChain, _ definition: SettingDefinition) -> JSONObject {
    [
      "key": .string(chain.key.text), "value": chain.value, "layer": .string(layer(chain)),
      "name": .string(definition.name), "description": .string(definition.description),
      "type": .string(definition.type.rawValue), "default": definition.defaultValue,
      "options": .array(definition.options.map { ["value": $0.value, "name": .string($0.name)] }),
      "scopes": .array(definition.scopes.map { .string($0.rawValue) }), "public": .bool(definition.isPublic),
    ]
  }
}
