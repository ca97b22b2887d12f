/// What a violation is about: where the value is, and how people call it and what it holds.
struct ViolationSubject {
  let pointer: JSONPointer
  /// `temperature`, `messages[3]` or `the document`.
  let name: String
  /// The value as it may be shown: scalars in short, containers by their kind, secrets not at all.
  let found: String
  /// Whether the schema marks the value, or what it lies in, with `x-secret` or `writeOnly`.
  let isSecret: Bool

  init(_ value: JSONNode, in root: JSONNode, called rootName: String, _ schema: Schema) {
    let steps = Self.steps(to: value, from: root)
    let pointer = JSONPointer(steps.map(\.token))
    self.pointer = pointer
    name = Self.name(steps) ?? rootName
    isSecret = ["x-secret", "writeOnly"].contains { schema.hasMark($0, onTheWayTo: pointer) }
    found = isSecret ? Wording.kind(value) : Wording.quoted(value)
  }

  private struct Step {
    var token: String
    var isElement: Bool
  }

  /// Walks down to a value by the bytes that it covers.
  private static func steps(to value: JSONNode, from root: JSONNode) -> [Step] {
    let offset = value.range.lowerBound
    var steps: [Step] = []
    var node = root
    while node.range.lowerBound != offset {
      if let member = node.members.first(where: { $0.value.range.contains(offset) }) {
        steps.append(Step(token: member.key, isElement: false))
        node = member.value
      } else if let (place, element) = node.elements.enumerated().first(where: { $1.range.contains(offset) }) {
        steps.append(Step(token: String(place), isElement: true))
        node = element
      } else {
        break
      }
    }
    return steps
  }

  /// The last key with the places in arrays below it.
  private static func name(_ steps: [Step]) -> String? {
    guard let last = steps.lastIndex(where: { !$0.isElement }) else {
      return steps.isEmpty ? nil : "element " + steps.map { "[\($0.token)]" }.joined()
    }
    return Wording.shortened(steps[last].token) + steps[(last + 1)...].map { "[\($0.token)]" }.joined()
  }
}
