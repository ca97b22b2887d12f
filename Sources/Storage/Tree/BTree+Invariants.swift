extension BTree {
  /// Checks everything that the code of the tree relies on; returns what does not hold, in words, or nil.
  package func brokenInvariant() -> String? {
    var keys = 0
    var depths: Set<Int> = []
    let broken = root.brokenInvariant(lower: nil, upper: nil, depth: 0, keys: &keys, depths: &depths)
    if let broken { return broken }
    if depths.count != 1 { return "leaves lie at depths \(depths.sorted())" }
    if root.children.count == 1 { return "the root has a single child" }
    return keys == count ? nil : "the tree counts \(count) keys and holds \(keys)"
  }

  /// How many bytes the nodes take, roughly what the allocator gives them.
  package var memoryBytes: Int { root.memoryBytes }
}

extension BTreeNode {
  fileprivate func brokenInvariant(
    lower: [UInt8]?, upper: [UInt8]?, depth: Int, keys: inout Int, depths: inout Set<Int>
  ) -> String? {
    if let broken = page.brokenInvariant(lower: lower, upper: upper) { return broken }
    if isLeaf {
      if page.isEmpty && depth > 0 { return "a leaf is empty" }
      depths.insert(depth)
      keys += page.count
      return nil
    }
    if children.count != page.count + 1 { return "\(page.count) separators for \(children.count) children" }
    for (index, child) in children.enumerated() {
      let broken = child.brokenInvariant(
        lower: index > 0 ? page.key(at: index - 1) : lower, upper: index < page.count ? page.key(at: index) : upper,
        depth: depth + 1, keys: &keys, depths: &depths)
      if let broken { return broken }
    }
    return nil
  }

  fileprivate var memoryBytes: Int {
    let arrayHeader = 32
    let page =
      page.bytes.capacity + page.slots.capacity * MemoryLayout<BTreePage.Slot>.stride + 2 * arrayHeader
    let own = children.isEmpty ? 0 : arrayHeader + children.capacity * MemoryLayout<BTreeNode>.stride
    return children.reduce(page + own) { $0 + $1.memoryBytes }
  }
}

extension BTreePage {
  fileprivate func brokenInvariant(lower: [UInt8]?, upper: [UInt8]?) -> String? {
    if isOverfull { return "a page holds \(count) keys in \(usedBytes) bytes" }
    var used = prefixLength
    for (index, slot) in slots.enumerated() {
      if slot.bytes.lowerBound < prefixLength || slot.bytes.upperBound > bytes.count { return "a slot points outside" }
      if slot.head != Self.head(of: bytes.span.extracting(slot.suffix)) { return "a head differs from its suffix" }
      used += slot.bytes.count
      let key = key(at: index)
      if index > 0, !self.key(at: index - 1).lexicographicallyPrecedes(key) { return "keys do not ascend" }
      if let lower, key.lexicographicallyPrecedes(lower) { return "a key lies below its separator" }
      if let upper, !key.lexicographicallyPrecedes(upper) { return "a key does not lie below its separator" }
    }
    if isEmpty { return nil }
    return used + garbage == bytes.count ? nil : "\(used) used and \(garbage) lost of \(bytes.count) bytes"
  }
}
