/// The keywords of one subschema. Those of vocabularies that the schema does not use seem not to be there.
///
/// The text obeys its meta-schema, so values of another shape than a keyword's are not met; a meta-schema that lets
/// them pass makes them count for nothing.
struct Keywords {
  let place: SchemaPlace
  let vocabularies: Vocabularies

  subscript(keyword: String) -> JSONNode? {
    guard let known = SchemaKeyword.known[keyword], !vocabularies.isDisjoint(with: known.vocabulary) else { return nil }
    return place.node[keyword]
  }

  func number(_ keyword: String) -> ExactNumber? {
    self[keyword]?.number.map(ExactNumber.init)
  }

  /// A count too large for an `Int` is as good as the largest one.
  func count(_ keyword: String) -> Int? {
    guard let number = self[keyword]?.number, number.isInteger else { return nil }
    return number.integer ?? .max
  }

  func names(_ keyword: String) -> [String] {
    self[keyword]?.elements.compactMap(\.string) ?? []
  }

  func members(_ keyword: String) -> [JSONMember] {
    self[keyword].map { Array($0.members) } ?? []
  }
}

extension Keywords {
  func types() -> JSONTypes {
    guard let node = self["type"] else { return .all }
    let names = node.string.map { [$0] } ?? names("type")
    return names.reduce(into: []) { $0.formUnion(JSONTypes(named: $1) ?? []) }
  }

  func allowedValues() -> [AllowedValues] {
    var result: [AllowedValues] = []
    if let node = self["const"] { result.append(AllowedValues(keyword: "const", [node])) }
    if let node = self["enum"] { result.append(AllowedValues(keyword: "enum", Array(node.elements))) }
    return result
  }

  func numberRules() -> NumberRules? {
    var rules = NumberRules()
    rules.minimum = number("minimum")
    rules.exclusiveMinimum = number("exclusiveMinimum")
    rules.maximum = number("maximum")
    rules.exclusiveMaximum = number("exclusiveMaximum")
    rules.multipleOf = number("multipleOf")
    return rules.isEmpty ? nil : rules
  }
}
