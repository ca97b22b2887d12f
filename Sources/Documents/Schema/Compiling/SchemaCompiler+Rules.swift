/// The rules of a subschema that need other subschemas, or can be wrong.
extension SchemaCompiler {
  func stringRules(_ keywords: Keywords) throws(SchemaError) -> StringRules? {
    var rules = StringRules()
    rules.minimumLength = keywords.count("minLength") ?? 0
    rules.maximumLength = keywords.count("maxLength") ?? .max
    if let node = keywords["pattern"], let source = node.string {
      rules.pattern = try pattern(source, at: keywords.place.child(node, ["pattern"]))
    }
    if formats == .asserted || keywords.vocabularies.contains(.formatAssertion) {
      rules.format = keywords["format"]?.string.flatMap(Format.init)
    }
    return rules.isEmpty ? nil : rules
  }

  mutating func arrayRules(_ keywords: Keywords) -> ArrayRules? {
    var rules = ArrayRules()
    rules.minimumCount = keywords.count("minItems") ?? 0
    rules.maximumCount = keywords.count("maxItems") ?? .max
    rules.hasUniqueItems = keywords["uniqueItems"]?.bool ?? false
    rules.prefix = subschemas("prefixItems", keywords)
    rules.items = subschema("items", keywords)
    if let schema = subschema("contains", keywords) {
      rules.contains = .init(
        schema: schema, minimum: keywords.count("minContains") ?? 1, maximum: keywords.count("maxContains") ?? .max)
    }
    rules.unevaluated = subschema("unevaluatedItems", keywords)
    return rules.isEmpty ? nil : rules
  }

  mutating func objectRules(_ keywords: Keywords) throws(SchemaError) -> ObjectRules? {
    var rules = ObjectRules()
    rules.minimumCount = keywords.count("minProperties") ?? 0
    rules.maximumCount = keywords.count("maxProperties") ?? .max
    rules.required = keywords.names("required").withoutRepetition()
    let properties = namedSubschemas("properties", keywords)
    rules.knownNames = properties.map(\.name)
    rules.members = members(properties, required: rules.required)
    for member in keywords.members("patternProperties") {
      guard let schema = index(of: member.value, under: keywords.place) else { continue }
      let place = keywords.place.child(member.value, ["patternProperties", member.key])
      rules.patterns.append((try pattern(member.key, at: place), schema))
    }
    rules.additional = subschema("additionalProperties", keywords)
    rules.names = subschema("propertyNames", keywords)
    rules.dependentRequired = keywords.members("dependentRequired").map { member in
      (member.key, member.value.elements.compactMap(\.string))
    }
    rules.dependentSchemas = namedSubschemas("dependentSchemas", keywords)
    rules.unevaluated = subschema("unevaluatedProperties", keywords)
    return rules.isEmpty ? nil : rules
  }

  /// One table for `properties` and `required`, so that validating looks a member up once.
  private func members(
    _ properties: [(name: String, schema: Int)], required: [String]
  ) -> NameTable<ObjectRules.Member> {
    let isRequired = NameTable(required.map { (name: $0, value: true) })
    let known = properties.map { name, schema in
      (name: name, value: ObjectRules.Member(schema: schema, isRequired: isRequired[Array(name.utf8)[...]] ?? false))
    }
    // Of several values with one name the table keeps the first, so the names of properties may come again here.
    return NameTable(known + required.map { (name: $0, value: ObjectRules.Member(schema: nil, isRequired: true)) })
  }

  mutating func combiningRules(_ keywords: Keywords) throws(SchemaError) -> CombiningRules? {
    var rules = CombiningRules()
    if keywords["$ref"] != nil {
      let target = try library.resolve("$ref", at: keywords.place)
      rules.references.append(("$ref", index(of: target)))
    }
    if let reference = keywords["$dynamicRef"]?.string {
      let target = try library.resolve("$dynamicRef", at: keywords.place)
      if let name = library.dynamicAnchor(of: reference, leadingTo: target) {
        rules.dynamicReference = .init(anchor: index(ofDynamicAnchor: name), fallback: index(of: target))
      } else {
        rules.references.append(("$dynamicRef", index(of: target)))
      }
    }
    rules.all = subschemas("allOf", keywords)
    rules.any = subschemas("anyOf", keywords)
    rules.one = subschemas("oneOf", keywords)
    rules.not = subschema("not", keywords)
    rules.condition = subschema("if", keywords)
    if rules.condition != nil {
      rules.then = subschema("then", keywords)
      rules.otherwise = subschema("else", keywords)
    }
    return rules.isEmpty ? nil : rules
  }

  // MARK: Parts

  private func pattern(_ source: String, at place: SchemaPlace) throws(SchemaError) -> Pattern {
    do {
      return try Pattern(source)
    } catch {
      throw library.error("the pattern is not valid: \(error)", at: place)
    }
  }

  private mutating func index(of node: JSONNode, under place: SchemaPlace) -> Int? {
    guard node.kind == .object || node.kind == .bool else { return nil }
    return library.place(of: node, under: place).map { index(of: $0) }
  }

  private mutating func subschema(_ keyword: String, _ keywords: Keywords) -> Int? {
    keywords[keyword].flatMap { index(of: $0, under: keywords.place) }
  }

  private mutating func subschemas(_ keyword: String, _ keywords: Keywords) -> [Int] {
    var result: [Int] = []
    guard let elements = keywords[keyword]?.elements else { return result }
    for element in elements {
      if let index = index(of: element, under: keywords.place) { result.append(index) }
    }
    return result
  }

  private mutating func namedSubschemas(_ keyword: String, _ keywords: Keywords) -> [(name: String, schema: Int)] {
    var result: [(name: String, schema: Int)] = []
    for member in keywords.members(keyword) {
      if let index = index(of: member.value, under: keywords.place) { result.append((member.key, index)) }
    }
    return result
  }
}

extension [String] {
  /// Validating counts required members, so each must be named once, even if a meta-schema lets more pass.
  fileprivate func withoutRepetition() -> [String] {
    enumerated().filter { place, name in !self[..<place].contains { $0.isExactly(name) } }.map(\.element)
  }
}
