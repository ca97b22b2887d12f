package import Daybook
package import Documents

/// All settings for one user, session and agent, joined from the layers at one sequence. A function of the definitions and
/// the documents of values: nothing else decides.
package struct EffectiveSettings: Sendable {
  package let context: SettingsContext
  package let definitions: SettingDefinitions
  /// What is in a document of values and does not count: unknown names, values that break a rule.
  package let problems: [StoreError]
  let layers: [SettingsLayer]
  /// By the names that settings are asked for, an agent's own also with `agents.<name>.` before them.
  private let values: [String: JSONValue]
  /// The names of those that some layer sets to what they cannot be.
  private let mistaken: Set<String>

  init(_ context: SettingsContext, _ definitions: SettingDefinitions, _ layers: [SettingsLayer]) {
    self.context = context
    self.definitions = definitions
    self.layers = layers
    var values: [String: JSONValue] = [:]
    var mistaken: Set<String> = []
    var problems = layers.flatMap { Self.unknownNames(in: $0, definitions) }
    for key in definitions.keys(for: context.agent) {
      let chain = SettingChain(key, agent: context.agent, definitions, layers)
      values[key.text] = chain.value
      if let agent = context.agent { values[key.own(of: agent).text] = chain.value }
      let objections = chain.links.compactMap(Self.problem)
      if !objections.isEmpty { mistaken.insert(key.text) }
      problems += objections
    }
    self.values = values
    self.mistaken = mistaken
    self.problems = problems
  }

  /// The value of a setting; null when nothing is set and there is no default, nil when there is no such setting here.
  package subscript(name: String) -> JSONValue? { values[name] }

  /// Whether a layer sets it to what it cannot be, so that this does not count.
  func isMistaken(_ name: String) -> Bool { mistaken.contains(name) }

  /// Where the value of a setting comes from.
  ///
  /// - Throws: `.notFound` with the nearest name.
  package func chain(of name: String) throws(StoreError) -> SettingChain {
    let (key, agent) = try definitions.find(name, for: context.agent)
    return SettingChain(key, agent: agent, definitions, layers)
  }

  // MARK: Problems

  private static func problem(_ link: SettingChain.Link) -> StoreError? {
    link.objection.map { problem($0, at: link.node, in: link.file) }
  }

  private static func problem(_ reason: String, at node: JSONNode, in file: String) -> StoreError {
    let position = node.position
    return StoreError(
      .invalid, "\(file):\(position.line):\(position.column): \(reason). It does not count.", document: file)
  }

  /// Members that no definition knows, each where its name leaves what is known.
  private static func unknownNames(in layer: SettingsLayer, _ definitions: SettingDefinitions) -> [StoreError] {
    guard let root = layer.root else { return [] }
    var found: [StoreError] = []
    func visit(_ node: JSONNode, _ path: [String]) {
      for member in node.members where !(path.isEmpty && member.key == "$schema") {
        let path = path + [member.key]
        let name = path.joined(separator: ".")
        if definitions.has(name) { continue }
        if member.value.kind == .object, definitions.isSection(name) || isSectionOfAgent(path, definitions) {
          visit(member.value, path)
        } else {
          found.append(problem("there is no setting '\(name)'", at: member.value, in: layer.file))
        }
      }
    }
    visit(root, [])
    return found
  }

  /// Whether the path leads into the general settings as a known agent has them for itself.
  private static func isSectionOfAgent(_ path: [String], _ definitions: SettingDefinitions) -> Bool {
    guard path.count >= 2, path[0] == SettingKey.agents, definitions.agents.contains(path[1]) else { return false }
    return path.count == 2 || definitions.isSection(path[2...].joined(separator: "."))
  }
}
