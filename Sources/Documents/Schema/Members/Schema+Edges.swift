/// How subschemas hang together, without regard to any document.
extension Schema {
  /// The subschemas that may apply to the same value, besides what `not` excludes.
  func inPlaceEdges(of index: Int) -> [Int] {
    let node = nodes[index]
    var edges = node.objects?.dependentSchemas.map(\.schema) ?? []
    guard let rules = node.combined else { return edges }
    edges += rules.references.map(\.schema)
    if let reference = rules.dynamicReference {
      edges.append(reference.fallback)
      edges += dynamicTargets[reference.anchor].values.sorted()
    }
    edges += rules.all + rules.any + rules.one
    edges += [rules.condition, rules.then, rules.otherwise].compactMap { $0 }
    return edges
  }

  /// The subschemas that apply to members and elements.
  func childEdges(of index: Int) -> [(step: SchemaMemberPath.Step, schema: Int)] {
    memberEdges(of: nodes[index]) + elementEdges(of: nodes[index])
  }

  private func memberEdges(of node: SchemaNode) -> [(step: SchemaMemberPath.Step, schema: Int)] {
    guard let rules = node.objects else { return [] }
    var edges: [(step: SchemaMemberPath.Step, schema: Int)] = []
    for name in rules.knownNames {
      if let schema = rules.members[Array(name.utf8)[...]]?.schema { edges.append((.name(name), schema)) }
    }
    for (pattern, schema) in rules.patterns {
      edges.append((.anyMember(SchemaMemberPath.MemberFilter(pattern: pattern)), schema))
    }
    let others = SchemaMemberPath.MemberFilter(
      names: Set(rules.knownNames), otherPatterns: rules.patterns.map(\.pattern))
    for schema in [rules.additional, rules.unevaluated].compactMap({ $0 }) {
      edges.append((.anyMember(others), schema))
    }
    return edges
  }

  private func elementEdges(of node: SchemaNode) -> [(step: SchemaMemberPath.Step, schema: Int)] {
    guard let rules = node.arrays else { return [] }
    var edges = rules.prefix.enumerated().map { (step: SchemaMemberPath.Step.element($0), schema: $1) }
    if let items = rules.items { edges.append((.anyElement(from: rules.prefix.count), items)) }
    if let contains = rules.contains { edges.append((.anyElement(from: 0), contains.schema)) }
    if let unevaluated = rules.unevaluated { edges.append((.anyElement(from: rules.prefix.count), unevaluated)) }
    return edges
  }
}
