package import Daybook
import Documents

/// All settings that there are, from the documents of `settings/definitions`.
///
/// A document that declares settings is named after their category: `search` declares `search.max_results`, and `agents`
/// what agents have for themselves. A definition that cannot be used is left out and told in `problems`; the others count.
package struct SettingDefinitions: Sendable {
  /// General settings by their keys.
  private var general: [SettingKey: SettingDefinition] = [:]
  /// What each agent has for itself, by the key below `agents.<name>.`.
  private var own: [String: [SettingKey: SettingDefinition]] = [:]
  /// Where each definition stands, such as `settings/definitions/search.json`.
  private var files: [SettingKey: String] = [:]
  /// Names that lead to a setting without being one, such as `search` and `search.services`.
  private var sections: Set<String> = []
  package private(set) var problems: [StoreError] = []

  static let collection = "settings/definitions"

  /// - Parameter documents: the category, the content and the path of each.
  init(_ documents: [(category: String, root: JSONNode, path: String)]) {
    for (category, root, path) in documents {
      for member in root["settings"]?.members.map({ $0 }) ?? [] {
        do throws(SettingFlaw) {
          try add(member.key, member.value, category: category, path)
        } catch {
          problems.append(Self.problem(member.key, error, path))
        }
      }
    }
    removeMismatches()
  }

  // MARK: Looking up

  /// The agents that have anything for themselves.
  package var agents: [String] { own.keys.sorted() }

  /// The settings of an agent, or the general ones, by the keys that it is asked for.
  package func keys(for agent: String?) -> [SettingKey] {
    let owned = agent.flatMap { own[$0] } ?? [:]
    return Set(general.keys).union(owned.keys).sorted()
  }

  func general(_ key: SettingKey) -> SettingDefinition? { general[key] }

  func own(_ key: SettingKey, of agent: String) -> SettingDefinition? { own[agent]?[key] }

  /// What a value at a place in a document of values has to keep: an agent has general settings for itself too.
  func definition(_ key: SettingKey, of agent: String?) -> SettingDefinition? {
    guard let agent else { return general[key] }
    guard let owned = own[agent] else { return nil }
    return owned[key] ?? general[key]
  }

  /// The file of a definition.
  func file(of definition: SettingDefinition) -> String { files[definition.key] ?? Self.collection }

  /// Whether members below this one may be settings.
  func isSection(_ name: String) -> Bool { sections.contains(name) }

  /// The setting of a name, and the agent that the name or the context speaks of; throws `.notFound` with the nearest name.
  package func find(_ name: String, for agent: String?) throws(StoreError) -> (key: SettingKey, agent: String?) {
    if let agent, own[agent] == nil { throw unknownAgent(agent) }
    guard let key = SettingKey(name) else { throw unknown(name, agent) }
    guard let (owner, inner) = key.ownership else {
      guard definition(key, of: agent) != nil else { throw unknown(name, agent) }
      return (key, agent)
    }
    if let agent, agent != owner {
      throw StoreError(.usage, "'\(name)' is a setting of the agent \(owner), not of \(agent).")
    }
    guard own[owner] != nil else { throw unknownAgent(owner) }
    guard definition(inner, of: owner) != nil else { throw unknown(name, nil) }
    return (inner, owner)
  }

  /// The definition of a name as `find` takes it.
  package func definition(of name: String, for agent: String?) throws(StoreError) -> SettingDefinition {
    let (key, agent) = try find(name, for: agent)
    guard let definition = definition(key, of: agent) else { throw unknown(name, agent) }
    return definition
  }

  /// Whether a name, with its agent if any, is that of a setting.
  func has(_ name: String) -> Bool {
    guard let key = SettingKey(name) else { return false }
    if let (agent, inner) = key.ownership { return definition(inner, of: agent) != nil }
    return general[key] != nil
  }

  // MARK: Taking in

  private mutating func add(
    _ name: String, _ node: JSONNode, category: String, _ path: String
  ) throws(SettingFlaw) {
    guard let key = SettingKey(name) else {
      throw SettingFlaw("is no key: it needs lower-case names with dots between, such as search.depth", at: node)
    }
    guard name.hasPrefix(category + ".") else {
      throw SettingFlaw("does not begin with '\(category).', the category of its file", at: node)
    }
    if let other = files[key] { throw SettingFlaw("is declared already, in \(other)", at: node) }
    let parts = name.split(separator: ".")
    let above = (1..<parts.count).map { parts[..<$0].joined(separator: ".") }
    if sections.contains(name) || above.contains(where: { SettingKey($0).map { files[$0] != nil } ?? false }) {
      throw SettingFlaw("lies inside of another setting, or around it", at: node)
    }
    let definition = try SettingDefinition(key, parsing: node)
    if let (agent, inner) = key.ownership {
      own[agent, default: [:]][inner] = definition
    } else if name.hasPrefix(SettingKey.agents + ".") {
      throw SettingFlaw("names an agent and no setting of it", at: node)
    } else {
      general[key] = definition
    }
    files[key] = path
    sections.formUnion(above)
  }

  /// An agent's own setting stands in for the general one, so both must be of one type.
  private mutating func removeMismatches() {
    for (agent, owned) in own {
      for (key, definition) in owned {
        guard let type = general[key]?.type, type != definition.type else { continue }
        let reason = "is of type \(definition.type.rawValue), but the general setting is of type \(type.rawValue)"
        problems.append(
          Self.problem(definition.key.text, SettingFlaw(reason, at: definition.defaultNode), file(of: definition)))
        own[agent]?[key] = nil
      }
    }
  }

  // MARK: Errors

  private static func problem(_ key: String, _ flaw: SettingFlaw, _ path: String) -> StoreError {
    let position = flaw.node.position
    return StoreError(
      .invalid, "\(path):\(position.line):\(position.column): the setting '\(key)' \(flaw.reason).", document: path)
  }

  private func unknown(_ name: String, _ agent: String?) -> StoreError {
    let names = keys(for: agent).map(\.text)
    let owned = own.flatMap { agent, keys in keys.keys.map { $0.own(of: agent).text } }.sorted()
    let guess = closestMatch(to: name, in: names + owned).map { "Did you mean '\($0)'?" }
    let place = names.isEmpty ? "Settings are declared in \(Self.collection)." : "`daybook settings list` shows all."
    return StoreError(
      .notFound, "There is no setting '\(name)'.", hint: [guess, place].compactMap(\.self).joined(separator: " "))
  }

  /// - Throws: `.notFound` for an agent that has nothing for itself.
  package func checkAgent(_ name: String) throws(StoreError) {
    if own[name] == nil { throw unknownAgent(name) }
  }

  private func unknownAgent(_ name: String) -> StoreError {
    let guess = closestMatch(to: name, in: agents).map { "Did you mean '\($0)'? " } ?? ""
    let known = agents.isEmpty ? "No agent has any." : "These have: \(agents.joined(separator: ", "))."
    return StoreError(
      .notFound, "No agent '\(name)' has settings.",
      hint: "\(guess)\(known) An agent has them when a definition begins with agents.\(name).")
  }
}
