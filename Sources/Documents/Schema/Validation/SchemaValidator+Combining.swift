/// Keywords that apply other subschemas to the same value.
extension SchemaValidator {
  mutating func combine(
    _ rules: CombiningRules, _ node: SchemaNode, _ value: JSONNode, _ evaluated: inout EvaluatedPlaces?
  ) -> Bool {
    var isValid = true
    for (_, schema) in rules.references where !evaluate(schema, value, &evaluated) { isValid = false }
    if let reference = rules.dynamicReference, !evaluate(target(of: reference), value, &evaluated) { isValid = false }
    if !isValid, isHasty { return false }
    for schema in rules.all where !evaluate(schema, value, &evaluated) {
      isValid = false
      if isHasty { return false }
    }
    if !rules.any.isEmpty, !matchesAny(rules.any, node, value, &evaluated) { isValid = false }
    if !rules.one.isEmpty, !matchesOne(rules.one, node, value, &evaluated) { isValid = false }
    if !isValid, isHasty { return false }
    return checkConditions(rules, node, value, &evaluated) && isValid
  }

  private mutating func checkConditions(
    _ rules: CombiningRules, _ node: SchemaNode, _ value: JSONNode, _ evaluated: inout EvaluatedPlaces?
  ) -> Bool {
    var isValid = true
    var nothing: EvaluatedPlaces?
    if let not = rules.not, accepts(not, value, &nothing) {
      isValid = fail(node, "not", value) { "\($0.name) must not be of the excluded form, found \($0.found)" }
    }
    if let condition = rules.condition {
      let schema = accepts(condition, value, &evaluated) ? rules.then : rules.otherwise
      if let schema, !evaluate(schema, value, &evaluated) { isValid = false }
    }
    return isValid
  }

  /// When evaluated places are asked for, all branches are tried, since each valid one adds some.
  private mutating func matchesAny(
    _ branches: [Int], _ node: SchemaNode, _ value: JSONNode, _ evaluated: inout EvaluatedPlaces?
  ) -> Bool {
    var isValid = false
    for branch in branches where accepts(branch, value, &evaluated) {
      isValid = true
      if evaluated == nil { break }
    }
    return isValid || failBranches(branches, "anyOf", node, value)
  }

  private mutating func matchesOne(
    _ branches: [Int], _ node: SchemaNode, _ value: JSONNode, _ evaluated: inout EvaluatedPlaces?
  ) -> Bool {
    var count = 0
    for branch in branches where accepts(branch, value, &evaluated) {
      count += 1
      if count > 1 { break }
    }
    if count == 0 { return failBranches(branches, "oneOf", node, value) }
    return count == 1
      || fail(node, "oneOf", value) { "\($0.name) must match exactly one of the allowed forms, but matches several" }
  }

  /// Says what is wrong with the branch that was meant, when only one can be: the others want another type, or another
  /// constant somewhere.
  private mutating func failBranches(_ branches: [Int], _ rule: String, _ node: SchemaNode, _ value: JSONNode) -> Bool {
    guard !isHasty else { return false }
    var candidates: [[SchemaViolation]] = []
    for branch in branches {
      let found = violations(of: branch, value)
      let isOther = found.contains {
        $0.rule == "const" || ($0.rule == "type" && $0.position.offset == value.range.lowerBound)
      }
      if !isOther { candidates.append(found) }
    }
    if candidates.count == 1, !candidates[0].isEmpty {
      violations += candidates[0].prefix(maximumViolations - violations.count)
      return false
    }
    let types = branches.map { schema.nodes[$0].types }.reduce(into: JSONTypes()) { $0.formUnion($1) }
    return fail(node, rule, value) { subject in
      types.allows(value)
        ? "\(subject.name) matches none of the \(branches.count) allowed forms, found \(subject.found)"
        : "\(subject.name) must be \(types.phrase), found \(subject.found)"
    }
  }

  /// What a subschema alone finds wrong.
  private mutating func violations(of index: Int, _ value: JSONNode) -> [SchemaViolation] {
    let before = violations
    violations = []
    defer { violations = before }
    _ = evaluate(index, value)
    return violations
  }
}
