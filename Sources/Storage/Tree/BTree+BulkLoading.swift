// Building a tree from what is sorted already, and writing it to a file and back page by page.
//
// Only leaves are built from keys; the levels above follow from them.

extension BTree {
  /// Builds a tree of full leaves in one pass.
  ///
  /// - Parameter sorted: Keys in strictly ascending order, with their values.
  package init(sorted: some Sequence<(key: [UInt8], value: [UInt8])>) {
    var leaves: [BTreePage] = []
    var leaf = BTreePage()
    for (key, value) in sorted {
      let (place, isFound) = leaf.find(key.span)
      precondition(place == leaf.count && !isFound, "The keys must ascend.")
      precondition(
        key.count <= Limits.keyBytes && value.count <= Limits.valueBytes, "Keys and values must keep to the limits.")
      count += 1
      guard let next = leaf.insert(key.span, value.span, at: leaf.count) else { continue }
      leaves.append(leaf)
      leaf = next
    }
    if !leaf.isEmpty { leaves.append(leaf) }
    root = BTree.root(over: leaves)
  }

  /// Calls `body` with each leaf in order, encoded so that `init(pages:)` can read it back. Together they are the whole
  /// tree. A page begins with its own length.
  package func forEachPage<Failure>(_ body: (Span<UInt8>) throws(Failure) -> Void) throws(Failure) {
    var cursor = BTreeLeafCursor(root)
    var buffer: [UInt8] = []
    while let leaf = cursor.next() {
      buffer.removeAll(keepingCapacity: true)
      leaf.encode(to: &buffer)
      try body(buffer.span)
    }
  }

  /// Builds a tree from pages that `forEachPage` gave, one after the other; nil when the bytes are not such pages.
  package init?(pages bytes: Span<UInt8>) {
    var leaves: [BTreePage] = []
    var offset = 0
    while offset < bytes.count {
      guard let leaf = BTreePage(decoding: bytes.extracting(droppingFirst: offset), length: &offset) else { return nil }
      if let previous = leaves.last {
        let last = previous.key(at: previous.count - 1)
        guard last.span.compared(to: leaf.key(at: 0).span) < 0 else { return nil }
      }
      count += leaf.count
      leaves.append(leaf)
    }
    root = BTree.root(over: leaves)
  }

  /// Builds level upon level until one node is left.
  private static func root(over leaves: [BTreePage]) -> BTreeNode {
    var level: [BTreeNode] = leaves.map { BTreeNode(page: $0) }
    var separators = zip(leaves, leaves.dropFirst()).map { BTreeNode.separator(between: $0, $1) }
    while level.count > 1 { (level, separators) = parents(of: level, separators) }
    return level.first ?? BTreeNode()
  }

  /// Groups nodes under parents that are as full as pages may be, and returns what separates these.
  private static func parents(
    of nodes: [BTreeNode], _ separators: [[UInt8]]
  ) -> (nodes: [BTreeNode], separators: [[UInt8]]) {
    var parents: [BTreeNode] = []
    var upper: [[UInt8]] = []
    var parent = BTreeNode(children: [nodes[0]])
    for (node, separator) in zip(nodes.dropFirst(), separators) {
      let isFull = parent.page.count == BTreeNode.separatorLimit
      if isFull || parent.page.insert(separator.span, Span(), at: parent.page.count) != nil {
        // The separator that did not fit parts this parent from the next one.
        parents.append(parent)
        upper.append(separator)
        parent = BTreeNode(children: [node])
      } else {
        parent.children.append(node)
      }
    }
    return (parents + [parent], upper)
  }
}

/// Visits the leaves of a tree in order.
private struct BTreeLeafCursor {
  private var waiting: [BTreeNode]

  init(_ root: BTreeNode) {
    waiting = root.isEmpty ? [] : [root]
  }

  mutating func next() -> BTreePage? {
    while let node = waiting.popLast() {
      if node.isLeaf { return node.page }
      waiting.append(contentsOf: node.children.reversed())
    }
    return nil
  }
}
