/// An ordered map from byte keys to byte values, held in memory.
///
/// A value: copying it takes constant time and makes a snapshot that later changes of the original do not reach. The copy
/// shares all nodes; a change copies only those on its way that are still shared, and none of a tree that is not.
///
///     var tree = BTree()
///     tree.insert(revision, forKey: Array("tasks/1".utf8))
///     let snapshot = tree
///     tree.remove(Array("tasks/1".utf8))
///     for (key, value) in snapshot.scan(prefix: Array("tasks/".utf8)) { … }
///
/// Keys are at most `Limits.keyBytes` long, values `Limits.valueBytes`.
package struct BTree: Sendable {
  var root = BTreeNode()
  /// How many keys the tree holds.
  package internal(set) var count = 0

  /// An empty tree.
  package init() {}

  package var isEmpty: Bool { count == 0 }

  /// Gets, sets or, with nil, removes the value of a key.
  package subscript(key: [UInt8]) -> [UInt8]? {
    get { value(forKey: key.span) }
    set {
      if let newValue {
        insert(newValue, forKey: key)
      } else {
        remove(key)
      }
    }
  }

  /// The value of a key.
  package func value(forKey key: Span<UInt8>) -> [UInt8]? {
    root.find(key) { [UInt8]($0) }
  }

  /// Calls `body` with the value of a key without copying it; nil when the tree does not hold the key.
  package func withValue<Result>(forKey key: Span<UInt8>, _ body: (Span<UInt8>) -> Result) -> Result? {
    root.find(key, body)
  }

  package func contains(_ key: [UInt8]) -> Bool {
    root.find(key.span) { _ in true } ?? false
  }

  /// Sets the value of a key; returns the one it had.
  @discardableResult
  package mutating func insert(_ value: [UInt8], forKey key: [UInt8]) -> [UInt8]? {
    insert(value.span, forKey: key.span)
  }

  /// Sets the value of a key; returns the one it had.
  @discardableResult
  package mutating func insert(_ value: Span<UInt8>, forKey key: Span<UInt8>) -> [UInt8]? {
    precondition(key.count <= Limits.keyBytes, "A key is at most Limits.keyBytes long.")
    precondition(value.count <= Limits.valueBytes, "A value is at most Limits.valueBytes long.")
    let (old, split) = root.insert(key, value)
    if old == nil { count += 1 }
    if let split { growRoot(split) }
    return old
  }

  /// Removes a key; returns its value, or nil when the tree does not hold it.
  @discardableResult
  package mutating func remove(_ key: [UInt8]) -> [UInt8]? {
    guard let old = root.remove(key.span) else { return nil }
    count -= 1
    while root.children.count == 1 { root = root.children[0] }
    return old
  }

  private mutating func growRoot(_ split: BTreeNode.Split) {
    var page = BTreePage()
    _ = page.insert(split.separator.span, Span(), at: 0)
    root = BTreeNode(page: page, children: [root, split.right])
  }
}

// MARK: Scanning

extension BTree {
  /// A cursor before the first key of a range.
  package func cursor(_ range: KeyRange = .all, _ direction: ScanDirection = .ascending) -> BTreeCursor {
    BTreeCursor(root, range, direction)
  }

  /// The keys and values of a range, visited only as far as they are asked for.
  package func scan(_ range: KeyRange = .all, _ direction: ScanDirection = .ascending) -> BTreeScan {
    BTreeScan(cursor(range, direction))
  }

  /// The keys that begin with `prefix`, and their values; those behind the key `after` if one is given.
  package func scan(
    prefix: [UInt8], after: [UInt8]? = nil, _ direction: ScanDirection = .ascending
  ) -> BTreeScan {
    let range = KeyRange.prefix(prefix)
    return scan(after.map { range.after($0, direction) } ?? range, direction)
  }

  /// The least key and its value.
  package var first: (key: [UInt8], value: [UInt8])? { scan().first { _ in true } }

  /// The greatest key and its value.
  package var last: (key: [UInt8], value: [UInt8])? { scan(.all, .descending).first { _ in true } }
}
