/// A node and what is below it. Without children it is a leaf and its page holds keys with values. With children it is an
/// inner node and its page holds the separators between them: keys in child `i` are less than separator `i`, and those in
/// child `i + 1` are not.
///
/// A value of one reference, which copies what it refers to when that is changed while shared: copying a node copies
/// nothing, and editing one copies just what other trees still hold.
struct BTreeNode: Sendable {
  private struct Contents: Sendable {
    var page: BTreePage
    var children: [BTreeNode]
  }

  /// Always one element: an array is the box that copies on write. A node with children that a snapshot holds is copied
  /// at each first change, and with a single reference for each child that costs a third of what page and children cost.
  private var contents: [Contents]

  init(page: BTreePage = BTreePage(), children: [BTreeNode] = []) {
    contents = [Contents(page: page, children: children)]
  }

  var page: BTreePage {
    get { contents[0].page }
    _modify { yield &contents[0].page }
  }

  var children: [BTreeNode] {
    get { contents[0].children }
    _modify { yield &contents[0].children }
  }

  /// Many children make a tree flat, but copying a node that a snapshot still holds costs some nanoseconds for each.
  static let separatorLimit = min(BTreePage.countLimit, 16)

  var isLeaf: Bool { children.isEmpty }

  /// Nothing is left below.
  var isEmpty: Bool { isLeaf && page.isEmpty }

  /// The child that a key belongs to.
  func childIndex(for key: Span<UInt8>) -> Int {
    let (index, isFound) = contents.span[0].page.find(key)
    return isFound ? index + 1 : index
  }

  /// Calls `body` with the value of a key; nil when the tree does not hold it.
  func find<Result>(_ key: Span<UInt8>, _ body: (Span<UInt8>) -> Result) -> Result? {
    Self.find(key, in: contents.span, body)
  }

  /// Goes down without taking a reference to any node on the way.
  private static func find<Result>(
    _ key: Span<UInt8>, in contents: Span<Contents>, _ body: (Span<UInt8>) -> Result
  ) -> Result? {
    let (index, isFound) = BTreePage.find(
      key, contents[0].page.slots.span, contents[0].page.bytes.span, prefixLength: contents[0].page.prefixLength)
    if !contents[0].children.isEmpty {
      let child = isFound ? index + 1 : index
      return find(key, in: contents[0].children.span, child, body)
    }
    return isFound ? body(contents[0].page.bytes.span.extracting(contents[0].page.slots.span[index].value)) : nil
  }

  private static func find<Result>(
    _ key: Span<UInt8>, in nodes: Span<BTreeNode>, _ node: Int, _ body: (Span<UInt8>) -> Result
  ) -> Result? {
    find(key, in: nodes[node].contents.span, body)
  }
}

// MARK: Insertion

extension BTreeNode {
  /// What became of a node that grew too full: the upper part, and the least key that belongs there.
  struct Split {
    var separator: [UInt8]
    var right: BTreeNode
  }

  /// Sets the value of a key.
  mutating func insert(_ key: Span<UInt8>, _ value: Span<UInt8>) -> (old: [UInt8]?, split: Split?) {
    if isLeaf { return insertIntoLeaf(key, value) }
    let index = childIndex(for: key)
    let (old, split) = children[index].insert(key, value)
    return (old, split.flatMap { adopt($0, behind: index) })
  }

  private mutating func insertIntoLeaf(
    _ key: Span<UInt8>, _ value: Span<UInt8>
  ) -> (old: [UInt8]?, split: Split?) {
    let (index, isFound) = page.find(key)
    let old = isFound ? page.value(at: index) : nil
    let right = isFound ? page.replaceValue(at: index, with: value) : page.insert(key, value, at: index)
    guard let right else { return (old, nil) }
    let separator = BTreeNode.separator(between: page, right)
    return (old, Split(separator: separator, right: BTreeNode(page: right)))
  }

  /// Takes in the upper part of a child that was split; returns the upper part of this node if that makes it too full.
  private mutating func adopt(_ split: Split, behind index: Int) -> Split? {
    children.insert(split.right, at: index + 1)
    var cutOff = page.insert(split.separator.span, Span(), at: index)
    if cutOff == nil, page.count > BTreeNode.separatorLimit { cutOff = page.split(inserted: index) }
    guard var upper = cutOff else { return nil }
    // Among the separators of two inner nodes, the least one of the right node moves up: it parts their children.
    let separator = upper.key(at: 0)
    upper.remove(at: 0)
    let cut = page.count + 1
    let right = BTreeNode(page: upper, children: Array(children[cut...]))
    children.removeSubrange(cut...)
    return Split(separator: separator, right: right)
  }

  /// The shortest key that parts two neighbouring pages.
  static func separator(between left: BTreePage, _ right: BTreePage) -> [UInt8] {
    let last = left.key(at: left.count - 1)
    let first = right.key(at: 0)
    return Array(first.prefix(last.span.sharedPrefixCount(with: first.span) + 1))
  }
}

// MARK: Removal

extension BTreeNode {
  /// Removes a key; returns its value.
  mutating func remove(_ key: Span<UInt8>) -> [UInt8]? {
    if isLeaf {
      let (index, isFound) = page.find(key)
      guard isFound else { return nil }
      defer { page.remove(at: index) }
      return page.value(at: index)
    }
    let index = childIndex(for: key)
    guard let old = children[index].remove(key) else { return nil }
    if children[index].isEmpty {
      children.remove(at: index)
      if !page.isEmpty { page.remove(at: max(0, index - 1)) }
    } else if children[index].page.isUnderfull, !page.isEmpty {
      mergeChildren(at: max(0, index - 1))
    }
    return old
  }

  /// Makes one of a child and the next one, if that fits.
  private mutating func mergeChildren(at index: Int) {
    let left = children[index]
    let right = children[index + 1]
    if left.children.count + right.children.count > BTreeNode.separatorLimit { return }
    let separator = left.isLeaf ? nil : page.key(at: index)
    guard let merged = BTreePage.merged(left.page, separator: separator, right.page) else { return }
    children[index] = BTreeNode(page: merged, children: left.children + right.children)
    children.remove(at: index + 1)
    page.remove(at: index)
  }
}
