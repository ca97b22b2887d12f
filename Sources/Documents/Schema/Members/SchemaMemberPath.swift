/// Which members of documents a subschema speaks of, such as the keys of all endpoints: `/endpoints/*/api_key`.
package struct SchemaMemberPath: Sendable, CustomStringConvertible {
  /// One step into a document.
  package enum Step: Sendable {
    case name(String)
    /// Any member that the filter admits.
    case anyMember(MemberFilter)
    case element(Int)
    /// Any element at this place or behind it.
    case anyElement(from: Int)
  }

  /// The names that `patternProperties` or `additionalProperties` speak of.
  package struct MemberFilter: Sendable {
    var names: Set<String> = []
    var pattern: Pattern?
    var otherPatterns: [Pattern] = []

    /// Whether a member of this name is meant.
    package func admits(_ name: String) -> Bool {
      if let pattern { return pattern.matches(name) }
      return !names.contains { $0.isExactly(name) } && !otherPatterns.contains { $0.matches(name) }
    }
  }

  package var steps: [Step]
  /// What the keyword that was asked for says there.
  package var value: JSONValue

  /// The pointers to the members that a document has, in the order of its text.
  package func pointers(in document: JSONNode) -> [JSONPointer] {
    var found: [(pointer: JSONPointer, node: JSONNode)] = [(.root, document)]
    for step in steps {
      found = found.flatMap { pointer, node in step.children(of: node).map { (pointer.appending($0.token), $0.node) } }
    }
    return found.map(\.pointer)
  }

  /// The rest of the path from a place on: without steps when it ends there or above, nil when it leads elsewhere.
  /// Elements count as the same wherever in their array they are: the place may be that of another version of the
  /// document.
  package func below(_ place: JSONPointer) -> SchemaMemberPath? {
    guard zip(steps, place.tokens).allSatisfy({ $0.admits($1) }) else { return nil }
    return SchemaMemberPath(steps: Array(steps.dropFirst(place.tokens.count)), value: value)
  }

  /// `*` stands for any member, `[]` for any element, `[1...]` for any from the second on.
  package var description: String {
    steps.map { step in
      switch step {
      case .name(let name): JSONPointer([name]).description
      case .anyMember(let filter): filter.pattern.map { "/*(\($0.source))" } ?? "/*"
      case .element(let place): "/[\(place)]"
      case .anyElement(let first): first == 0 ? "/[]" : "/[\(first)...]"
      }
    }.joined()
  }
}

extension SchemaMemberPath.Step {
  /// Equal for steps that lead to the same members.
  var identity: String {
    guard case .anyMember(let filter) = self, filter.pattern == nil else {
      return SchemaMemberPath(steps: [self], value: .null).description
    }
    return "/*\(filter.names.sorted())\(filter.otherPatterns.map(\.source))"
  }

  fileprivate func admits(_ token: String) -> Bool {
    switch self {
    case .name(let name): name == token
    case .anyMember(let filter): filter.admits(token)
    case .element, .anyElement: Int(token) != nil
    }
  }

  fileprivate func children(of node: JSONNode) -> [(token: String, node: JSONNode)] {
    switch self {
    case .name(let name): node[name].map { [(name, $0)] } ?? []
    case .anyMember(let filter): node.members.filter { filter.admits($0.key) }.map { ($0.key, $0.value) }
    case .element(let place): node[place].map { [(String(place), $0)] } ?? []
    case .anyElement(let first): node.elements.enumerated().dropFirst(first).map { (String($0), $1) }
    }
  }
}
