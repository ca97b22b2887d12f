import Documents

/// One value of a text and the JSON that goes into its place. Everything around it stays to the byte.
struct Replacement {
  let range: Range<Int>
  var bytes: [UInt8]

  init(of node: JSONNode, by bytes: [UInt8]) {
    range = node.range
    self.bytes = bytes
  }
}

extension JSONText {
  /// The text with values replaced, which must be in its order and not overlap.
  func replacing(_ replacements: [Replacement], limits: JSONLimits) throws(JSONError) -> JSONText {
    replacements.isEmpty ? self : try JSONText(parsing: spliced(replacements), limits: limits)
  }

  private func spliced(_ replacements: [Replacement]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + replacements.reduce(0) { $0 + $1.bytes.count })
    var position = 0
    for replacement in replacements {
      result += bytes[position..<replacement.range.lowerBound]
      result += replacement.bytes
      position = replacement.range.upperBound
    }
    result += bytes[position...]
    return result
  }
}
