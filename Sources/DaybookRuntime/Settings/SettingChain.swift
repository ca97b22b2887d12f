package import Documents

/// Where the value of one setting comes from: what each layer says, from the default to the session. The last link that
/// counts gives the value.
///
/// Within a layer, what an agent has for itself comes behind the general value, and so counts before it; a narrower layer's
/// general value still counts before a wider layer's own. A value that breaks its rule, or stands in a layer that may not
/// set it, as one written by hand may, does not count; nor does a general one, for an agent with rules of its own, that
/// breaks those.
package struct SettingChain: Sendable {
  package let key: SettingKey
  package let links: [Link]

  package struct Link: Sendable {
    package let origin: Origin
    /// The key as it stands there: an agent's own begins with `agents.`.
    package let key: SettingKey
    package let node: JSONNode
    /// The path of the file.
    package let file: String
    /// Why the value does not count, a sentence without a full stop about the key; nil when it does.
    package let objection: String?

    package var line: Int { node.position.line }
  }

  package enum Origin: Sendable, Equatable {
    case definition
    case layer(SettingsSource)

    /// The name of the layer.
    package var name: String {
      switch self {
      case .definition: "default"
      case .layer(let source): source.scope.rawValue
      }
    }
  }

  /// The link that gives the value.
  package var effective: Int? { links.lastIndex { $0.objection == nil } }

  /// What holds; null when nothing is set and there is no default.
  package var value: JSONValue { effective.map { links[$0].node.value } ?? .null }
}

/// What one layer says.
struct SettingsLayer: Sendable {
  let source: SettingsSource
  /// The document of values; nil when there is none.
  let root: JSONNode?
  let file: String
}

extension SettingChain {
  /// Joins what definitions and layers say about a setting.
  ///
  /// - Parameter layers: from the widest to the narrowest.
  init(_ key: SettingKey, agent: String?, _ definitions: SettingDefinitions, _ layers: [SettingsLayer]) {
    self.key = key
    let general = definitions.general(key)
    let own = agent.flatMap { definitions.own(key, of: $0) }
    // With a default of its own, the agent never gets the general one.
    let rule = own?.defaultValue == .null ? own : nil
    var links = [general, own].compactMap { definition -> Link? in
      guard let definition, definition.defaultValue != .null else { return nil }
      return Link(
        origin: .definition, key: definition.key, node: definition.defaultNode, file: definitions.file(of: definition),
        objection: rule?.objection(to: definition.defaultNode, called: definition.key.text))
    }
    for layer in layers {
      guard let root = layer.root else { continue }
      if let general, let node = root[key.pointer] {
        links.append(Self.link(layer, key, node, by: [general, own].compactMap(\.self)))
      }
      if let agent, let definition = own ?? general, let node = root[key.own(of: agent).pointer] {
        links.append(Self.link(layer, key.own(of: agent), node, by: [definition]))
      }
    }
    self.links = links
  }

  /// - Parameter definitions: the first says where it may stand, all of them what it may be.
  private static func link(
    _ layer: SettingsLayer, _ key: SettingKey, _ node: JSONNode, by definitions: [SettingDefinition]
  ) -> Link {
    let objection =
      definitions.first?.objection(to: layer.source.scope, called: key.text)
      ?? definitions.lazy.compactMap { $0.objection(to: node, called: key.text) }.first
    return Link(origin: .layer(layer.source), key: key, node: node, file: layer.file, objection: objection)
  }
}
