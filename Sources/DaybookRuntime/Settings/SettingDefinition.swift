package import Documents

/// What a setting is, as `settings/definitions/<category>.json` declares it.
package struct SettingDefinition: Sendable {
  package let key: SettingKey
  package let name: String
  package let description: String
  package let type: JSONType
  /// What holds when no layer says otherwise; null for nothing.
  package let defaultValue: JSONValue
  /// The only values there are; empty when the rules alone decide.
  package let options: [Option]
  /// Where it may be set.
  package let scopes: [SettingScope]
  /// Whether it may be shown to whoever uses the application, and not only to those who run it.
  package let isPublic: Bool

  /// The place of the default in its file.
  let defaultNode: JSONNode
  /// Type, rules and options as one schema.
  private let schema: Schema

  package struct Option: Sendable, Equatable {
    package let value: JSONValue
    package let name: String
  }

  /// The types of values, as JSON Schema calls them.
  package enum JSONType: String, Sendable {
    case boolean, integer, number, string, array, object
  }

  /// Reads one member of `settings` in a document of definitions, which has the form that its kind's schema demands.
  init(_ key: SettingKey, parsing node: JSONNode) throws(SettingFlaw) {
    guard let type = node["type"]?.string.flatMap(JSONType.init), let defaultNode = node["default"] else {
      throw SettingFlaw("lacks a type or a default", at: node)
    }
    self.key = key
    self.type = type
    self.defaultNode = defaultNode
    name = node["name"]?.string ?? key.text
    description = node["description"]?.string ?? ""
    defaultValue = defaultNode.value
    options = (node["options"]?.elements.map { $0 } ?? []).map { option in
      let value = option["value"]?.value ?? .null
      return Option(value: value, name: option["name"]?.string ?? value.compactText)
    }
    let named = Set((node["scopes"]?.elements.map { $0 } ?? []).compactMap(\.string))
    scopes = SettingScope.allCases.filter { named.contains($0.rawValue) }
    isPublic = node["public"]?.bool ?? false
    schema = try Self.schema(type, options, node)
    if defaultValue != .null, let reason = objection(to: defaultNode, called: "the default") {
      throw SettingFlaw("breaks its own rule: \(reason)", at: defaultNode)
    }
    for option in options where objection(to: JSONText(formatting: option.value).root, called: "") != nil {
      throw SettingFlaw("has the option \(option.value.compactText), which breaks its rules", at: node)
    }
  }

  /// Why a value cannot be this setting's: a sentence without a full stop, about the key; nil when it can.
  func objection(to value: JSONNode, called key: String) -> String? {
    schema.validate(value, maximumViolations: 1, called: key).first.map { violation in
      violation.pointer.tokens.isEmpty ? violation.message : "\(key)\(violation.pointer): \(violation.message)"
    }
  }

  /// Why it cannot be set in a layer; nil when it can.
  func objection(to scope: SettingScope, called key: String) -> String? {
    guard !scopes.contains(scope) else { return nil }
    let allowed = scopes.map(\.rawValue).joined(separator: " or ")
    return "\(key) cannot be set for \(scope == .system ? "the system" : "a \(scope.rawValue)"), only for: \(allowed)"
  }

  private static func schema(
    _ type: JSONType, _ options: [Option], _ node: JSONNode
  ) throws(SettingFlaw) -> Schema {
    // The rules are wrapped, so that none of theirs takes the place of type and options.
    var schema: JSONObject = ["type": .string(type.rawValue)]
    if !options.isEmpty { schema["enum"] = .array(options.map(\.value)) }
    if let rules = node["rules"] { schema["allOf"] = .array([rules.value]) }
    do {
      return try Schema(compiling: JSONText(formatting: .object(schema)))
    } catch {
      throw SettingFlaw("has rules that are no JSON Schema: \(error.message)", at: node["rules"] ?? node)
    }
  }
}

/// What is wrong with a definition, and where.
struct SettingFlaw: Error {
  /// Goes on behind the key: `lacks a default`.
  let reason: String
  let node: JSONNode

  init(_ reason: String, at node: JSONNode) {
    self.reason = reason
    self.node = node
  }
}
