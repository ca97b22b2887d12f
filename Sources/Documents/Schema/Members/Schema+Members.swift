/// Reading a schema for what it says of members beyond their validity, such as `title`, `default` or `x-secret`.
extension Schema {
  /// Where a keyword is stated, and not as `false`: each member path with the keyword's value.
  ///
  /// References and all branches of `allOf`, `anyOf`, `oneOf`, `if` and their like are followed. A schema that refers
  /// to itself is followed round once, so there may be members that no path leads to: see `hasEndlessMembers(where:)`.
  package func members(where keyword: String) -> [SchemaMemberPath] {
    MemberSearch(self, for: keyword).found
  }

  /// Whether documents may have members with the keyword that `members(where:)` does not list, since the schema refers
  /// to itself or has too many of them. `pointers(where:in:)` finds them in a document however deep they lie.
  package func hasEndlessMembers(where keyword: String) -> Bool {
    !MemberSearch(self, for: keyword).isComplete
  }

  /// The members of a document for which a keyword is stated, and not as `false`, in the order of the text.
  package func pointers(where keyword: String, in document: JSONNode) -> [JSONPointer] {
    var found: [JSONPointer] = []
    collect(keyword, in: document, .root, inPlace(of: [0]), &found)
    return found
  }

  /// What a keyword says of the member at a pointer, whether or not a document has it. What is written at the member's
  /// own place comes before what it refers to.
  package func annotations(_ keyword: String, at pointer: JSONPointer) -> [JSONNode] {
    var schemas = inPlace(of: [0])
    for token in pointer.tokens { schemas = inPlace(of: children(of: schemas, token)) }
    return schemas.compactMap { nodes[$0].source[keyword] }
  }

  /// Whether a keyword is `true` for a member or for something that it lies in.
  func hasMark(_ keyword: String, onTheWayTo pointer: JSONPointer) -> Bool {
    var schemas = inPlace(of: [0])
    for token in pointer.tokens {
      if schemas.contains(where: { nodes[$0].source[keyword]?.bool == true }) { return true }
      schemas = inPlace(of: children(of: schemas, token))
    }
    return schemas.contains { nodes[$0].source[keyword]?.bool == true }
  }

  private func collect(
    _ keyword: String, in node: JSONNode, _ pointer: JSONPointer, _ schemas: [Int], _ found: inout [JSONPointer]
  ) {
    if schemas.contains(where: { nodes[$0].states(keyword) }) { found.append(pointer) }
    for member in node.members {
      let inner = inPlace(of: children(of: schemas, member.key))
      if !inner.isEmpty { collect(keyword, in: member.value, pointer.appending(member.key), inner, &found) }
    }
    for (place, element) in node.elements.enumerated() {
      let inner = inPlace(of: children(of: schemas, String(place)))
      if !inner.isEmpty { collect(keyword, in: element, pointer.appending(String(place)), inner, &found) }
    }
  }

  /// These schemas with all that apply to the same value, each once.
  func inPlace(of schemas: [Int]) -> [Int] {
    var result: [Int] = []
    var open = Array(schemas.reversed())
    while let schema = open.popLast() {
      guard !result.contains(schema) else { continue }
      result.append(schema)
      open += inPlaceEdges(of: schema).reversed()
    }
    return result
  }

  private func children(of schemas: [Int], _ token: String) -> [Int] {
    schemas.flatMap { schema in
      childEdges(of: schema).filter { $0.step.admits(token) }.map(\.schema)
    }
  }
}

extension SchemaNode {
  /// Whether the subschema has a keyword with another value than `false`.
  func states(_ keyword: String) -> Bool {
    source[keyword].map { $0.bool != false } ?? false
  }
}

extension SchemaMemberPath.Step {
  fileprivate func admits(_ token: String) -> Bool {
    switch self {
    case .name(let name): name.isExactly(token)
    case .anyMember(let filter): filter.admits(token)
    case .element(let place): JSONPointer.index(token) == place
    case .anyElement(let first): JSONPointer.index(token).map { $0 >= first } ?? false
    }
  }
}
