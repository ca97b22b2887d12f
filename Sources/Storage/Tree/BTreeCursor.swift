/// Steps through the keys of a tree as it was when the cursor was made. Each step costs the same on average, and the buffer
/// of the key is used again and again.
///
///     var cursor = tree.cursor(.prefix(Array("tasks/".utf8)), .descending)
///     while cursor.next() { use(cursor.key, cursor.value) }
package struct BTreeCursor: Sendable {
  private let range: KeyRange
  private let direction: ScanDirection
  /// The inner nodes above the leaf, with the child that the path goes through.
  private var path: [(node: BTreeNode, child: Int)] = []
  private var leaf = BTreePage()
  /// The place in the leaf of the current key, just outside before the first step.
  private var index = 0
  private var isFinished = false

  /// The key at which the cursor stands; empty before the first step.
  package private(set) var key: [UInt8] = []

  init(_ root: BTreeNode, _ range: KeyRange, _ direction: ScanDirection) {
    self.range = range
    self.direction = direction
    switch (direction, direction == .ascending ? range.lower : range.upper) {
    case (.ascending, .unbounded): descendToEdge(root)
    case (.descending, .unbounded): descendToEdge(root)
    case (.ascending, .including(let bound)): descend(root, to: bound, includingBound: true)
    case (.ascending, .excluding(let bound)): descend(root, to: bound, includingBound: false)
    case (.descending, .including(let bound)): descend(root, to: bound, includingBound: true)
    case (.descending, .excluding(let bound)): descend(root, to: bound, includingBound: false)
    }
  }

  /// The value of the current key.
  package var value: [UInt8] { leaf.value(at: index) }

  /// Calls `body` with the value of the current key without copying it.
  package func withValue<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(leaf.bytes.span.extracting(leaf.slots[index].value))
  }

  /// Steps to the next key; false when there is none. After that the cursor stands nowhere.
  package mutating func next() -> Bool {
    guard !isFinished, stepInLeaf() || stepToNextLeaf() else {
      isFinished = true
      return false
    }
    key.removeAll(keepingCapacity: true)
    leaf.appendKey(at: index, to: &key)
    isFinished = direction == .ascending ? !range.isBelowUpper(key.span) : !range.isAboveLower(key.span)
    return !isFinished
  }

  private mutating func stepInLeaf() -> Bool {
    index += direction == .ascending ? 1 : -1
    return leaf.slots.indices.contains(index)
  }

  private mutating func stepToNextLeaf() -> Bool {
    while let (node, child) = path.popLast() {
      let next = direction == .ascending ? child + 1 : child - 1
      guard node.children.indices.contains(next) else { continue }
      path.append((node, next))
      descendToEdge(node.children[next])
      return stepInLeaf()
    }
    return false
  }

  /// Goes down to the leaf at the near end, just before its first key in the direction of the scan.
  private mutating func descendToEdge(_ root: BTreeNode) {
    var node = root
    while !node.isLeaf {
      let child = direction == .ascending ? 0 : node.children.count - 1
      path.append((node, child))
      node = node.children[child]
    }
    leaf = node.page
    index = direction == .ascending ? -1 : leaf.count
  }

  /// Goes down to the leaf of a bound, just before the first key in the direction of the scan that lies within it.
  private mutating func descend(_ root: BTreeNode, to bound: [UInt8], includingBound: Bool) {
    var node = root
    while !node.isLeaf {
      let child = node.childIndex(for: bound.span)
      path.append((node, child))
      node = node.children[child]
    }
    leaf = node.page
    let (place, isFound) = leaf.find(bound.span)
    switch direction {
    case .ascending: index = isFound && !includingBound ? place : place - 1
    case .descending: index = isFound && includingBound ? place + 1 : place
    }
  }
}

/// The keys and values of a range, as a sequence.
package struct BTreeScan: Sequence, IteratorProtocol, Sendable {
  private var cursor: BTreeCursor

  init(_ cursor: BTreeCursor) {
    self.cursor = cursor
  }

  package mutating func next() -> (key: [UInt8], value: [UInt8])? {
    cursor.next() ? (cursor.key, cursor.value) : nil
  }
}
