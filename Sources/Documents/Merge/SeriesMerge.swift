/// Joins what two sides made of a series: the items of both in the order of time, each once.
///
/// An item is known by its `id`, one without an id by all that it says. What both sides appended is interleaved by
/// time: an item's `timestamp`, else the time in its id, else that of the item before it; at the same time the side
/// that ranks first comes first. The items of one side keep their order whatever its clock did. Items that were there
/// before keep their place, and are joined by `JSONMerge` where somebody edited or deleted one.
///
/// The items are those of the segments from the first on that a side has changed; the segments before it stay as they
/// are, and what comes of the items is cut into segments again (`segments`). Commutative and idempotent as `JSONMerge`
/// is.
package struct SeriesMerge: Sendable {
  package private(set) var items: [JSONValue] = []
  /// Where both edited an item differently; the pointers lead into `items`.
  package private(set) var collisions: [JSONMerge.Collision] = []

  package init(base: [JSONValue], one: Ranked<[JSONValue]>, other: Ranked<[JSONValue]>) {
    let (first, second) = Ranked.inOrder(one, other)
    self.init(base: base, first: first, second: second)
  }

  /// The same where it is known which side ranks first.
  package init(base: [JSONValue], first: [JSONValue], second: [JSONValue]) {
    let lists = KeyedMerge(base: Self.keyed(base), first: Self.keyed(first), second: Self.keyed(second))
    let order = lists.order { left, right in
      Self.interleaved(Self.timed(left, lists.first), Self.timed(right, lists.second))
    }
    for key in order { add(JSONMerge(base: lists.base[key], ours: lists.first[key], theirs: lists.second[key])) }
  }

  /// The items in segments of so many; the last may have fewer.
  package func segments(of size: Int) -> [[JSONValue]] {
    stride(from: 0, to: items.count, by: size).map { Array(items[$0..<min($0 + size, items.count)]) }
  }

  private mutating func add(_ merge: JSONMerge) {
    guard let item = merge.value else { return }
    let place = JSONPointer.root.appending(items.count)
    collisions += merge.collisions.map { $0.below(place) }
    items.append(item)
  }

  // MARK: Items by what they are

  private struct Key: Hashable {
    /// The id, or the whole item.
    let identity: JSONValue
    /// How many of the same stand before it.
    let repetition: Int
  }

  private static func keyed(_ items: [JSONValue]) -> KeyedItems<Key> {
    var counts: [JSONValue: Int] = [:]
    let keys = items.map { item in
      let identity = item["id"] ?? item
      defer { counts[identity, default: 0] += 1 }
      return Key(identity: identity, repetition: counts[identity, default: 0])
    }
    return KeyedItems(keys, items)
  }

  // MARK: Items by time

  private typealias Timed = (key: Key, milliseconds: Int64)

  private static func timed(_ keys: [Key], _ items: KeyedItems<Key>) -> [Timed] {
    var last = Timestamp.range.lowerBound
    return keys.map { key in
      last = items[key].flatMap(milliseconds) ?? last
      return (key, last)
    }
  }

  private static func milliseconds(of item: JSONValue) -> Int64? {
    item["timestamp"]?.string.flatMap { Timestamp(parsing: $0)?.milliseconds }
      ?? item["id"]?.string.flatMap { UUIDv7(parsing: $0)?.millisecondsSinceEpoch }
  }

  private static func interleaved(_ first: [Timed], _ second: [Timed]) -> [Key] {
    var result: [Key] = []
    var (left, right) = (first[...], second[...])
    while let one = left.first, let other = right.first {
      let next = one.milliseconds <= other.milliseconds ? left.popFirst() : right.popFirst()
      if let next { result.append(next.key) }
    }
    return result + (left + right).map(\.key)
  }
}
