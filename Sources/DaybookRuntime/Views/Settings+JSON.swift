package import Documents

extension SettingChain {
  /// The layer that gives the value.
  package var layer: String { effective.map { links[$0].origin.name } ?? "default" }

  /// What becomes of one link: it holds, is overridden, or does not count.
  package func state(ofLink place: Int) -> String {
    if let objection = links[place].objection { return "does not count: \(objection)" }
    return place == effective ? "holds" : "overridden"
  }

  /// The setting with its value and its definition.
  package func json(_ definition: SettingDefinition) -> JSONObject {
    [
      "key": .string(key.text), "value": value, "layer": .string(layer),
      "name": .string(definition.name), "description": .string(definition.description),
      "type": .string(definition.type.rawValue), "default": definition.defaultValue,
      "options": .array(definition.options.map { ["value": $0.value, "name": .string($0.name)] }),
      "scopes": .array(definition.scopes.map { .string($0.rawValue) }), "public": .bool(definition.isPublic),
    ]
  }

  /// The same with every layer that says something.
  package func explanation(_ definition: SettingDefinition) -> JSONObject {
    var object = json(definition)
    object["chain"] = .array(
      links.enumerated().map { place, link in
        [
          "layer": .string(link.origin.name), "key": .string(link.key.text), "value": link.node.value,
          "file": .string(link.file), "line": .number(JSONNumber(link.line)), "state": .string(state(ofLink: place)),
        ]
      })
    return object
  }
}
