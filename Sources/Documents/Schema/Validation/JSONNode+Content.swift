extension JSONNode {
  /// What a string says, as UTF-8; nothing is copied unless the string holds an escape. Only for strings.
  var utf8: ArraySlice<UInt8> {
    let node = tapeNode
    let inside = node.range.lowerBound + 1..<node.range.upperBound - 1
    return node.isFlagged ? Array(content.utf8)[...] : storage.bytes[inside]
  }

  /// A number that is written as an integer short enough for any machine integer. Nil says nothing: ask `number`.
  var shortInteger: Int? {
    let node = tapeNode
    guard node.kind == .number, node.range.count <= Self.shortLength else { return nil }
    var value = 0
    var digits = storage.bytes[node.range]
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative { digits = digits.dropFirst() }
    for byte in digits {
      guard byte.isDigit else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return isNegative ? -value : value
  }

  /// So many digits always fit into an `Int`.
  private static let shortLength = 18
}

extension JSONMember {
  /// The key as a string value of its own.
  var keyNode: JSONNode { JSONNode(storage: storage, index: keyIndex) }
}
