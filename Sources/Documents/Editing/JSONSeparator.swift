/// What stands between a comma and the next child of an array or object.
struct JSONSeparator {
  let bytes: [UInt8]
  /// Whether each child begins a line.
  let isBroken: Bool
  /// The indentation of a line that begins with a child.
  let lineStart: [UInt8]

  /// Taken from before the last child if it has one before it, else from before the only child, else from the layout.
  init(in container: JSONNode, _ children: [JSONChild], _ layout: JSONLayout) {
    bytes = Self.bytes(in: container, children, layout)
    isBroken = bytes.contains(UInt8(ascii: "\n"))
    lineStart = bytes.lineStart(of: bytes.count)
  }

  private static func bytes(in container: JSONNode, _ children: [JSONChild], _ layout: JSONLayout) -> [UInt8] {
    let text = container.storage.bytes
    guard let last = children.last else {
      guard layout.isBroken else { return layout.space }
      return layout.lineBreak + text.lineStart(of: container.range.lowerBound) + layout.indentation
    }
    if let previous = children.dropLast().last {
      let gap = text[previous.range.upperBound..<last.range.lowerBound]
      return Array(gap.drop { $0 != UInt8(ascii: ",") }.dropFirst())
    }
    let gap = container.range.lowerBound + 1..<last.range.lowerBound
    return text.hasLineBreak(gap) ? Array(text[gap]) : layout.space
  }
}

extension [UInt8] {
  func hasLineBreak(_ range: Range<Int>) -> Bool { self[range].contains(UInt8(ascii: "\n")) }
}
