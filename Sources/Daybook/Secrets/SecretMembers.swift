import Documents

/// A value in a text that its schema calls secret.
struct SecretMember {
  let path: FieldPath
  let node: JSONNode
}

extension JSONText {
  /// The values at these paths, in the order of the text, none inside another.
  ///
  /// Never fails, so that masking never does: a value in an element without an `id` is found too, with a path that says so.
  func secretMembers(at paths: [SchemaMemberPath]) -> [SecretMember] {
    var found: [SecretMember] = []
    for path in paths {
      collect(path.steps[...], from: root, at: FieldPath(), into: &found)
    }
    found.sort { ($0.node.range.lowerBound, -$0.node.range.count) < ($1.node.range.lowerBound, -$1.node.range.count) }
    var end = 0
    return found.filter { member in
      if member.node.range.lowerBound < end { return false }
      end = member.node.range.upperBound
      return true
    }
  }

  private func collect(
    _ steps: ArraySlice<SchemaMemberPath.Step>, from node: JSONNode, at path: FieldPath,
    into found: inout [SecretMember]
  ) {
    guard let step = steps.first else {
      found.append(SecretMember(path: path, node: node))
      return
    }
    let rest = steps.dropFirst()
    switch step {
    case .name(let name):
      guard let value = node[name] else { return }
      collect(rest, from: value, at: path.appending(.member(name)), into: &found)
    case .anyMember(let filter):
      for member in node.members where filter.admits(member.key) {
        collect(rest, from: member.value, at: path.appending(.member(member.key)), into: &found)
      }
    case .element(let place):
      for (step, element) in node.steppedElements.dropFirst(place).prefix(1) {
        collect(rest, from: element, at: path.appending(step), into: &found)
      }
    case .anyElement(let first):
      for (step, element) in node.steppedElements.dropFirst(first) {
        collect(rest, from: element, at: path.appending(step), into: &found)
      }
    }
  }
}

extension JSONNode {
  /// The elements of an array, each with the step that leads to it.
  var steppedElements: [(FieldPath.Step, JSONNode)] {
    var seen: Set<String> = []
    return elements.enumerated().map { position, element in
      guard let id = element["id"]?.string, seen.insert(id).inserted else {
        return (.unnamedElement(position: position), element)
      }
      return (.element(id: id), element)
    }
  }
}
