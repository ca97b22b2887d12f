extension JSONNode {
  /// JSON equality: numbers by what they are worth, objects without regard to order, strings by their scalars.
  public func isEqual(to other: JSONNode) -> Bool {
    guard kind == other.kind, count == other.count else { return false }
    switch kind {
    case .null: return true
    case .bool: return tapeNode.isFlagged == other.tapeNode.isFlagged
    case .number: return hasSameBytes(as: other) || number == other.number
    case .string: return isSameString(as: other)
    case .array: return zip(elements, other.elements).allSatisfy { $0.isEqual(to: $1) }
    case .object: return hasEqualMembers(as: other)
    }
  }

  /// Whether both are spelt alike.
  func hasSameBytes(as other: JSONNode) -> Bool {
    let (bytes, otherBytes) = (storage.bytes, other.storage.bytes)
    return bytes.span.extracting(range).hasSameBytes(as: otherBytes.span.extracting(other.range))
  }

  private func isSameString(as other: JSONNode) -> Bool {
    if !tapeNode.isFlagged, !other.tapeNode.isFlagged { return hasSameBytes(as: other) }
    return content.isExactly(other.content)
  }

  /// Members mostly come in the same order; what does not is looked up in a table.
  private func hasEqualMembers(as other: JSONNode) -> Bool {
    var others = other.members
    var table: [ExactText: JSONNode]?
    for member in members {
      if table == nil, let candidate = others.next() {
        let keys = (
          JSONNode(storage: storage, index: member.keyIndex),
          JSONNode(storage: other.storage, index: candidate.keyIndex)
        )
        if keys.0.isSameString(as: keys.1) {
          guard member.value.isEqual(to: candidate.value) else { return false }
          continue
        }
      }
      if table == nil {
        table = Dictionary(uniqueKeysWithValues: other.members.map { (ExactText($0.key), $0.value) })
      }
      guard let value = table?[ExactText(member.key)], member.value.isEqual(to: value) else { return false }
    }
    return true
  }
}
