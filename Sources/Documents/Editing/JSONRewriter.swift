/// Finds the splices that turn values of a text into others. All of them refer to the text as it was, are in order, and
/// do not overlap.
struct JSONRewriter {
  let text: JSONText
  let layout: JSONLayout

  init(text: JSONText) {
    self.text = text
    layout = JSONLayout(of: text)
  }

  /// - Parameter isBroken: whether a new value may take several lines, which is for its surroundings to say.
  func splices(turning node: JSONNode, into value: JSONValue, isBroken: Bool) -> [JSONSplice] {
    switch (node.kind, value) {
    case (.object, .object(let object)): return splices(turning: node, into: object)
    case (.array, .array(let array)): return splices(turning: node, into: array)
    case (.object, _), (.array, _): break
    default: if node.value == value { return [] }
    }
    return [JSONSplice(range: node.range, bytes: written(value, at: node.range.lowerBound, isBroken: isBroken))]
  }

  private func written(_ value: JSONValue, at offset: Int, isBroken: Bool) -> [UInt8] {
    guard isBroken, layout.isBroken else { return value.bytes(in: layout.style(isBroken: false)) }
    return value.bytes(in: layout.style(isBroken: true), lineStart: text.bytes.lineStart(of: offset))
  }

  private func splices(turning node: JSONNode, into object: JSONObject) -> [JSONSplice] {
    let container = JSONContainerRewriter(node, layout)
    var steps: [JSONContainerStep] = []
    var inner: [JSONSplice] = []
    var kept = 0
    for (place, member) in node.members.enumerated() {
      let key = member.key
      if let value = object.value(of: key, near: place) {
        kept += 1
        steps.append(.keep(place))
        inner += splices(turning: member.value, into: value, isBroken: container.separator.isBroken)
      } else {
        steps.append(.remove(place))
      }
    }
    if kept < object.count {
      let old = Set(node.members.lazy.map { ExactText($0.key) })
      steps += object.members.filter { !old.contains(ExactText($0.key)) }.map { .add(.member(key: $0.key, $0.value)) }
    }
    return (inner + container.splices(for: steps)).sorted()
  }

  private func splices(turning node: JSONNode, into array: [JSONValue]) -> [JSONSplice] {
    let container = JSONContainerRewriter(node, layout)
    let elements = Array(node.elements)
    var steps: [JSONContainerStep] = []
    var inner: [JSONSplice] = []
    for step in JSONAlignment.steps(from: elements.map(\.value), to: array) {
      switch step {
      case .keep(let old, let new):
        steps.append(.keep(old))
        inner += splices(turning: elements[old], into: array[new], isBroken: container.separator.isBroken)
      case .remove(let old, _):
        steps.append(.remove(old))
      case .add(let new, nil):
        steps.append(.add(.element(array[new])))
      case .add(let new, let old?):
        let changes = splices(turning: elements[old], into: array[new], isBroken: container.separator.isBroken)
        steps.append(.add(.moved(text.bytes.applying(changes, within: elements[old].range))))
      }
    }
    return (inner + container.splices(for: steps)).sorted()
  }
}
