/// How a text is laid out, found by looking at it, so that what is added looks as if its author had written it.
struct JSONLayout {
  /// What ends a line: LF, or CR LF.
  var lineBreak: [UInt8]
  /// What a level is indented by.
  var indentation: [UInt8]
  /// What follows a colon, and a comma within a line: a space or nothing.
  var space: [UInt8]
  /// Whether the text breaks lines between values at all, or is so empty that it does not matter.
  var isBroken: Bool

  init(of text: JSONText) {
    let bytes = text.bytes
    let firstFeed = bytes.firstIndex(of: UInt8(ascii: "\n"))
    let hasReturn = firstFeed.map { $0 > 0 && bytes[$0 - 1] == UInt8(ascii: "\r") } ?? false
    lineBreak = hasReturn ? Array("\r\n".utf8) : Array("\n".utf8)
    space = Self.space(of: text.root) ?? Array(" ".utf8)
    let inside = Self.firstBrokenContainer(in: text)
    isBroken = inside != nil || text.root.count == 0
    indentation = inside.map { Self.indentation(of: $0, in: bytes) } ?? Array("  ".utf8)
  }

  /// What stands between the first colon of the text and its value, unless a line breaks there.
  private static func space(of root: JSONNode) -> [UInt8]? {
    var members = root.members
    if let member = members.next() {
      let gap = root.storage.bytes[member.keyRange.upperBound..<member.value.range.lowerBound]
      return gap.last == UInt8(ascii: ":") ? [] : nil
    }
    for element in root.elements {
      if let space = space(of: element) { return space }
    }
    return nil
  }

  private static func firstBrokenContainer(in text: JSONText) -> JSONNode? {
    text.storage.tape.indices.lazy
      .map { JSONNode(storage: text.storage, index: $0) }
      .first { node in
        guard node.count > 0 else { return false }
        let firstChild = text.storage.tape[node.index + 1].range
        return text.bytes[node.range.lowerBound..<firstChild.lowerBound].contains(UInt8(ascii: "\n"))
      }
  }

  private static func indentation(of container: JSONNode, in bytes: [UInt8]) -> [UInt8] {
    let outer = bytes.lineStart(of: container.range.lowerBound)
    let inner = bytes.lineStart(of: Int(container.storage.tape[container.index + 1].start))
    return inner.starts(with: outer) ? Array(inner.dropFirst(outer.count)) : inner
  }

  /// The style for new values: broken into lines, or on one.
  func style(isBroken: Bool) -> JSONWriter.Style {
    JSONWriter.Style(indentation: isBroken ? indentation : nil, lineBreak: lineBreak, space: space)
  }
}

extension [UInt8] {
  /// The white space with which the line of a byte begins.
  func lineStart(of offset: Int) -> [UInt8] {
    let start = self[..<offset].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return Array(self[start..<offset].prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") })
  }
}
