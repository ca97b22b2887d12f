/// Rules about objects.
extension SchemaValidator {
  mutating func check(
    _ rules: ObjectRules, _ node: SchemaNode, _ object: JSONNode, _ evaluated: inout EvaluatedPlaces?
  ) -> Bool {
    var isValid = checkCount(rules, node, object)
    if !isValid, isHasty { return false }
    if rules.hasMemberRules, !checkMembers(rules, node, object, &evaluated) { isValid = false }
    if !isValid, isHasty { return false }
    if let names = rules.names, !checkNames(names, node, object) { isValid = false }
    for (name, required) in rules.dependentRequired where object[name] != nil {
      for missing in required where object[missing] == nil {
        isValid = fail(node, "dependentRequired", object) { "\($0.name) must have \"\(missing)\" beside \"\(name)\"" }
      }
    }
    for (name, schema) in rules.dependentSchemas where object[name] != nil {
      if !evaluate(schema, object, &evaluated) { isValid = false }
    }
    return isValid
  }

  private mutating func checkCount(_ rules: ObjectRules, _ node: SchemaNode, _ object: JSONNode) -> Bool {
    let count = object.count
    if count < rules.minimumCount {
      return fail(node, "minProperties", object) {
        "\($0.name) must have at least \(Wording.counted(rules.minimumCount, "member")), found \(count)"
      }
    }
    if count > rules.maximumCount {
      return fail(node, "maxProperties", object) {
        "\($0.name) must have at most \(Wording.counted(rules.maximumCount, "member")), found \(count)"
      }
    }
    return true
  }

  /// One pass over the members. Keys are distinct, so counting the required ones tells whether one is missing.
  private mutating func checkMembers(
    _ rules: ObjectRules, _ node: SchemaNode, _ object: JSONNode, _ evaluated: inout EvaluatedPlaces?
  ) -> Bool {
    var isValid = true
    var requiredLeft = rules.required.count
    var place = 0
    for member in object.members {
      defer { place += 1 }
      let name = member.keyNode.utf8
      let known = rules.members[name]
      if known?.isRequired == true { requiredLeft -= 1 }
      var isKnown = false
      if let schema = known?.schema {
        isKnown = true
        if !evaluate(schema, member.value) { isValid = false }
      }
      for (pattern, schema) in rules.patterns where pattern.matches(name) {
        isKnown = true
        if !evaluate(schema, member.value) { isValid = false }
      }
      if !isKnown, let additional = rules.additional {
        isKnown = true
        if !check(member, additional, "additionalProperties", rules, node) { isValid = false }
      }
      if isKnown { evaluated?.insert(place) }
      if !isValid, isHasty { return false }
    }
    return requiredLeft == 0 ? isValid : failRequired(rules, node, object)
  }

  private mutating func failRequired(_ rules: ObjectRules, _ node: SchemaNode, _ object: JSONNode) -> Bool {
    for name in rules.required where object[name] == nil {
      _ = fail(node, "required", object) { "\($0.name) must have the member \"\(name)\"" }
    }
    return false
  }

  /// Applies a subschema to a member that was not foreseen; one that is refused outright may be misspelt.
  private mutating func check(
    _ member: JSONMember, _ schema: Int, _ rule: String, _ rules: ObjectRules, _ node: SchemaNode
  ) -> Bool {
    guard self.schema.nodes[schema].isFalse else { return evaluate(schema, member.value) }
    return fail(node, rule, member.value, at: member.keyNode) { subject in
      let guess = closestMatch(to: member.key, in: rules.knownNames).map { "; did you mean \"\($0)\"?" } ?? ""
      return "\(subject.name) is not a known member\(guess)"
    }
  }

  /// A key is validated as a string that is no part of the document's values, so the inner messages are taken over.
  private mutating func checkNames(_ names: Int, _ node: SchemaNode, _ object: JSONNode) -> Bool {
    var isValid = true
    for member in object.members {
      var nothing: EvaluatedPlaces?
      if accepts(names, member.keyNode, &nothing) { continue }
      isValid = false
      if isHasty { break }
      let name = "the name of member \"\(Wording.shortened(member.key))\""
      let message = message(about: member.keyNode, called: name, from: names) ?? "\(name) is not allowed"
      _ = fail(node, "propertyNames", member.value, at: member.keyNode) { _ in message }
    }
    return isValid
  }

  private func message(about value: JSONNode, called name: String, from schema: Int) -> String? {
    var inner = SchemaValidator(self.schema, of: value, maximumViolations: 1)
    inner.rootName = name
    _ = inner.evaluate(schema, value)
    return inner.violations.first?.message
  }

  /// Applies `unevaluatedProperties` or `unevaluatedItems` to what nothing else in this subschema has evaluated.
  mutating func applyUnevaluated(
    _ node: SchemaNode, _ value: JSONNode, _ evaluated: inout EvaluatedPlaces?
  ) -> Bool {
    var isValid = true
    if value.kind == .object, let rules = node.objects, let schema = rules.unevaluated {
      for (place, member) in value.members.enumerated() where evaluated?.contains(place) == false {
        evaluated?.insert(place)
        if !check(member, schema, "unevaluatedProperties", rules, node) { isValid = false }
      }
    } else if value.kind == .array, let schema = node.arrays?.unevaluated {
      for (place, element) in value.elements.enumerated() where evaluated?.contains(place) == false {
        evaluated?.insert(place)
        if !evaluate(schema, element) { isValid = false }
      }
    }
    return isValid
  }
}
