import Documents
import TestSupport

@testable import DaybookRuntime

/// Random definitions and documents of values, kept flat, and the simplest way to say what holds: the oracle of the layering.
struct SettingModel {
  struct Definition {
    var scopes: Set<String>
    /// The least and the most that a value may be.
    var range: ClosedRange<Int>
    var defaultValue: Int?
  }

  private(set) var definitions: [String: Definition] = [:]
  /// By the layer's name, then by the setting's, with `agents.<name>.` for an agent's own.
  private(set) var layers: [String: [String: Int]] = [:]

  static let agents = ["one", "two"]
  static let names = ["a.x", "a.y", "a.inner.z", "b.x"]
  static let scopes = ["system", "user", "session"]

  init(using random: inout RepeatableRandom) {
    for name in Self.names { definitions[name] = Self.definition(using: &random) }
    for agent in Self.agents {
      // Each agent has one of its own at least, since otherwise nobody knows it.
      definitions["agents.\(agent).only"] = Self.definition(using: &random)
      for name in Self.names where Bool.random(using: &random) {
        definitions["agents.\(agent).\(name)"] = Self.definition(using: &random)
      }
    }
    for scope in Self.scopes {
      layers[scope] = [:]
      for name in Self.names + Self.agents.flatMap(Self.ownNames) where Int.random(in: 0..<3, using: &random) > 0 {
        layers[scope]?[name] = Int.random(in: 0...9, using: &random)
      }
    }
  }

  static func ownNames(of agent: String) -> [String] { (names + ["only"]).map { "agents.\(agent).\($0)" } }

  private static func definition(using random: inout RepeatableRandom) -> Definition {
    let scopes = scopes.filter { _ in Int.random(in: 0..<4, using: &random) > 0 }
    return Definition(
      scopes: Set(scopes.isEmpty ? ["system"] : scopes), range: 0...Int.random(in: 4...9, using: &random),
      defaultValue: Bool.random(using: &random) ? Int.random(in: 0...4, using: &random) : nil)
  }

  // MARK: The oracle

  /// What a setting is for an agent, looked up from the session down, in each layer the agent's own first.
  func value(of name: String, agent: String?, _ scopes: [String]) -> Int? {
    let own = agent.map { "agents.\($0).\(name)" }
    let ownRule = own.flatMap { definitions[$0] }
    func isAllowed(_ value: Int) -> Bool { ownRule?.range.contains(value) ?? true }
    for scope in scopes.reversed() {
      for place in [own, name].compactMap(\.self) {
        let rule = definitions[place] ?? (place == own ? definitions[name] : nil)
        guard let rule, let value = layers[scope]?[place] else { continue }
        if rule.scopes.contains(scope), rule.range.contains(value), isAllowed(value) { return value }
      }
    }
    let general = definitions[name]?.defaultValue
    return ownRule?.defaultValue ?? general.flatMap { isAllowed($0) ? $0 : nil }
  }

  // MARK: As documents

  var definitionDocuments: [(category: String, root: JSONNode, path: String)] {
    ["a", "b", "agents"].map { category in
      let members = definitions.filter { $0.key.hasPrefix("\(category).") }.sorted { $0.key < $1.key }.map {
        (key: $0.key, value: Self.json($0.value))
      }
      let text = JSONText(formatting: ["name": "A category", "settings": .object(JSONObject(members))])
      return (category, text.root, "settings/definitions/\(category).json")
    }
  }

  func layer(_ source: SettingsSource) -> SettingsLayer {
    var content: JSONValue = [:]
    for (name, value) in layers[source.scope.rawValue] ?? [:] {
      content = Self.nested(name.split(separator: ".").map(String.init)[...], value, in: content)
    }
    return SettingsLayer(source: source, root: JSONText(formatting: content).root, file: "\(source.address).json")
  }

  private static func nested(_ path: ArraySlice<String>, _ value: Int, in content: JSONValue?) -> JSONValue {
    guard let first = path.first else { return .number(JSONNumber(value)) }
    var object = content?.object ?? [:]
    object[first] = nested(path.dropFirst(), value, in: object[first])
    return .object(object)
  }

  private static func json(_ definition: Definition) -> JSONValue {
    [
      "name": "A setting", "description": "For the test.", "type": "integer",
      "default": definition.defaultValue.map { .number(JSONNumber($0)) } ?? .null,
      "rules": [
        "minimum": .number(JSONNumber(definition.range.lowerBound)),
        "maximum": .number(JSONNumber(definition.range.upperBound)),
      ],
      "scopes": .array(definition.scopes.sorted().map { .string($0) }), "public": true,
    ]
  }
}
