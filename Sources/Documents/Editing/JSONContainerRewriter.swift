// Commas and white space. Children that stay are left alone; between two of them (or an end) lies a gap, in which some
// children go and others come:
//
//   none go, some come    written after the child before, each with a comma in front, or before the first child
//   some go, some come    the new ones take the bytes of the old ones
//   some go, none come    deleted together with the white space up to the next child, or, at the end, with the comma
//                         behind the last child that stays
//
// So a changed member changes one line, and a member added or removed at the end changes two.

/// Adds and removes children of one array or object.
struct JSONContainerRewriter {
  private let container: JSONNode
  private let layout: JSONLayout
  private let children: [JSONChild]
  let separator: JSONSeparator

  init(_ container: JSONNode, _ layout: JSONLayout) {
    self.container = container
    self.layout = layout
    children = container.children
    separator = JSONSeparator(in: container, children, layout)
  }

  private var bytes: [UInt8] { container.storage.bytes }
  private var inside: Range<Int> { container.range.lowerBound + 1..<container.range.upperBound - 1 }

  func splices(for steps: [JSONContainerStep]) -> [JSONSplice] {
    var splices: [JSONSplice] = []
    var gap = Gap()
    for step in steps {
      switch step {
      case .remove(let place): gap.removed.append(children[place])
      case .add(let addition): gap.added.append(addition)
      case .keep(let place):
        gap.next = children[place]
        if let splice = splice(filling: gap) { splices.append(splice) }
        gap = Gap(previous: children[place])
      }
    }
    if let splice = splice(filling: gap) { splices.append(splice) }
    return splices
  }

  private struct Gap {
    var previous: JSONChild?
    var removed: [JSONChild] = []
    var added: [JSONContainerStep.Addition] = []
    var next: JSONChild?
  }

  private func splice(filling gap: Gap) -> JSONSplice? {
    if gap.removed.isEmpty, gap.added.isEmpty { return nil }
    let added = gap.added.map(written)
    let comma = [UInt8(ascii: ",")] + separator.bytes
    if let first = gap.removed.first, let last = gap.removed.last {
      let removed = first.range.lowerBound..<last.range.upperBound
      guard added.isEmpty else { return JSONSplice(range: removed, bytes: Array(added.joined(separator: comma))) }
      return JSONSplice(range: deletion(of: removed, gap), bytes: [])
    }
    if let previous = gap.previous?.range {
      return JSONSplice(range: previous.upperBound..<previous.upperBound, bytes: added.flatMap { comma + $0 })
    }
    if let next = gap.next?.range {
      return JSONSplice(range: next.lowerBound..<next.lowerBound, bytes: added.flatMap { $0 + comma })
    }
    let first = Array(added.joined(separator: comma))
    guard separator.isBroken else { return JSONSplice(range: inside, bytes: first) }
    let closing = layout.lineBreak + bytes.lineStart(of: container.range.lowerBound)
    return JSONSplice(range: inside, bytes: separator.bytes + first + closing)
  }

  private func deletion(of removed: Range<Int>, _ gap: Gap) -> Range<Int> {
    switch (gap.previous?.range, gap.next?.range) {
    case (let previous?, let next?):
      let isMidLine = !bytes.hasLineBreak(previous.upperBound..<removed.lowerBound)
      return isMidLine && bytes.hasLineBreak(removed.upperBound..<next.lowerBound)
        ? previous.upperBound..<removed.upperBound : removed.lowerBound..<next.lowerBound
    case (nil, let next?): return removed.lowerBound..<next.lowerBound
    case (let previous?, nil): return previous.upperBound..<removed.upperBound
    case (nil, nil): return inside
    }
  }

  private func written(_ addition: JSONContainerStep.Addition) -> [UInt8] {
    var writer = JSONWriter(style: layout.style(isBroken: separator.isBroken), lineStart: separator.lineStart)
    switch addition {
    case .member(let key, let value): writer.write(key: key, value: value)
    case .element(let value): writer.write(value)
    case .moved(let bytes): return bytes
    }
    return writer.bytes
  }
}
