/// One validation: applies subschemas to values and notes the rules that are broken.
///
/// A valid document costs no more than the walk: where a value is, and how it is to be called, is only found out for a
/// violation. Inside of `not`, `anyOf` and their like nothing is noted, and the first broken rule ends a subschema.
struct SchemaValidator {
  let schema: Schema
  let root: JSONNode
  let maximumViolations: Int
  /// How the root is called in messages.
  var rootName = "the document"

  var violations: [SchemaViolation] = []
  /// More than 0 while nothing is to be noted.
  var quietness = 0

  /// The resources that led here, outermost first. Only a schema with a `$dynamicRef` asks.
  private var scope: [Int] = []
  private var depth = 0
  private var evaluationsLeft: Int
  /// The schema goes round in circles; whatever was found is worth nothing.
  private var isEndless = false

  init(_ schema: Schema, of root: JSONNode, maximumViolations: Int) {
    self.schema = schema
    self.root = root
    self.maximumViolations = max(1, maximumViolations)
    evaluationsLeft = SchemaLimits.evaluationsPerValue * (1 + Int(root.tapeNode.next) - root.index)
  }

  mutating func run() -> [SchemaViolation] {
    var nothing: EvaluatedPlaces?
    let isValid = evaluate(0, root, &nothing)
    if isEndless { return [endless] }
    return isValid ? [] : violations.sorted { $0.position.offset < $1.position.offset }
  }

  private var endless: SchemaViolation {
    SchemaViolation(
      pointer: .root, rule: "$ref", schemaPointer: schema.nodes[0].location,
      message: "the schema refers to itself without end, or to too many others, so nothing can be validated with it",
      position: root.position)
  }

  /// Whether more violations are of no use, so that the first broken rule may end a subschema.
  var isHasty: Bool { quietness > 0 || violations.count >= maximumViolations || isEndless }

  // MARK: Applying subschemas

  /// Whether a value is valid; adds the places that were evaluated on the way when they are asked for.
  mutating func evaluate(_ index: Int, _ value: JSONNode, _ evaluated: inout EvaluatedPlaces?) -> Bool {
    let node = schema.nodes[index]
    if node.isTrivial { return true }
    guard enter(node) else { return false }
    defer { leave() }
    if node.tracksEvaluated, value.kind == .object || value.kind == .array {
      var own: EvaluatedPlaces? = EvaluatedPlaces(count: value.count)
      guard apply(node, value, &own), applyUnevaluated(node, value, &own) else { return false }
      if let own { evaluated?.formUnion(own) }
      return true
    }
    guard evaluated != nil else { return apply(node, value, &evaluated) }
    let before = evaluated
    let isValid = apply(node, value, &evaluated)
    if !isValid { evaluated = before }
    return isValid
  }

  /// Applies a subschema to a member or element, of which nothing needs to be known but whether it is valid.
  mutating func evaluate(_ index: Int, _ value: JSONNode) -> Bool {
    var nothing: EvaluatedPlaces?
    return evaluate(index, value, &nothing)
  }

  /// Applies a subschema without noting violations.
  mutating func accepts(_ index: Int, _ value: JSONNode, _ evaluated: inout EvaluatedPlaces?) -> Bool {
    quietness += 1
    defer { quietness -= 1 }
    return evaluate(index, value, &evaluated)
  }

  private mutating func apply(_ node: SchemaNode, _ value: JSONNode, _ evaluated: inout EvaluatedPlaces?) -> Bool {
    if node.isFalse { return fail(node, nil, value) { "\($0.name) is not allowed" } }
    guard node.types.allows(value) else {
      return fail(node, "type", value) { "\($0.name) must be \(node.types.phrase), found \($0.found)" }
    }
    var isValid = true
    for allowed in node.allowed where !allowed.contains(value) { isValid = failAllowed(node, allowed, value) }
    if !isValid, isHasty { return false }
    switch value.kind {
    case .string: if let rules = node.strings, !check(rules, node, value) { isValid = false }
    case .number: if let rules = node.numbers, !check(rules, node, value) { isValid = false }
    case .array: if let rules = node.arrays, !check(rules, node, value, &evaluated) { isValid = false }
    case .object: if let rules = node.objects, !check(rules, node, value, &evaluated) { isValid = false }
    case .null, .bool: break
    }
    if !isValid, isHasty { return false }
    if let rules = node.combined, !combine(rules, node, value, &evaluated) { isValid = false }
    return isValid && !isEndless
  }

  private mutating func enter(_ node: SchemaNode) -> Bool {
    depth += 1
    evaluationsLeft -= 1
    if !schema.dynamicTargets.isEmpty { scope.append(node.resource) }
    if depth > SchemaLimits.evaluationDepth || evaluationsLeft < 0 { isEndless = true }
    if isEndless { leave() }
    return !isEndless
  }

  private mutating func leave() {
    depth -= 1
    if !schema.dynamicTargets.isEmpty { scope.removeLast() }
  }

  /// Where a `$dynamicRef` leads: to the anchor in the outermost resource on the way here that has it.
  func target(of reference: CombiningRules.DynamicReference) -> Int {
    let targets = schema.dynamicTargets[reference.anchor]
    for resource in scope {
      if let target = targets[resource] { return target }
    }
    return reference.fallback
  }
}
