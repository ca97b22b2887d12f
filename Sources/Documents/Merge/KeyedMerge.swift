/// A list whose items are told apart by keys, wherever they stand.
struct KeyedItems<Key: Hashable> {
  let keys: [Key]
  private let items: [Key: JSONValue]

  /// The keys must differ.
  init(_ keys: [Key], _ items: [JSONValue]) {
    self.keys = keys
    self.items = Dictionary(zip(keys, items), uniquingKeysWith: { first, _ in first })
  }

  subscript(key: Key) -> JSONValue? { items[key] }
}

extension KeyedItems<JSONValue> {
  /// Nil when the items cannot be told by an id.
  init?(byID items: [JSONValue]) {
    guard let ids = JSONAlignment.ids(of: items) else { return nil }
    self.init(ids, items)
  }
}

/// Which items of two sides' lists stay, and in which order.
///
/// An item is gone where one side deleted it and the other left it as it was. The order is that of the first side, or
/// of the second where that alone moved items; what only the other side has follows the item that it follows there.
struct KeyedMerge<Key: Hashable> {
  let base: KeyedItems<Key>
  let first: KeyedItems<Key>
  let second: KeyedItems<Key>

  /// - Parameter meeting: Orders what only the first side and what only the second has in the same place.
  func order(meeting: (_ first: [Key], _ second: [Key]) -> [Key]) -> [Key] {
    let (left, right) = (first.keys.filter(stays), second.keys.filter(stays))
    return keepsOrder(left) && !keepsOrder(right)
      ? Self.joined(right, left) { meeting($1, $0) } : Self.joined(left, right, meeting: meeting)
  }

  private func stays(_ key: Key) -> Bool {
    switch (first[key], second[key]) {
    case (.some, .some): true
    case (let item?, nil), (nil, let item?): item != base[key]
    case (nil, nil): false
    }
  }

  /// Whether the items that were there before follow each other as they did.
  private func keepsOrder(_ keys: [Key]) -> Bool {
    let present = Set(keys)
    return keys.filter { base[$0] != nil } == base.keys.filter(present.contains)
  }

  private static func joined(
    _ leading: [Key], _ other: [Key], meeting: (_ leading: [Key], _ other: [Key]) -> [Key]
  ) -> [Key] {
    let (inLeading, inOther) = (Set(leading), Set(other))
    let (mine, theirs) = (runs(of: leading, between: inOther), runs(of: other, between: inLeading))
    var result = meeting(mine[nil] ?? [], theirs[nil] ?? [])
    for key in leading where inOther.contains(key) {
      result.append(key)
      result += meeting(mine[key] ?? [], theirs[key] ?? [])
    }
    return result
  }

  /// The keys that only this list has, by the shared one that they follow; nil stands for the beginning.
  private static func runs(of keys: [Key], between shared: Set<Key>) -> [Key?: [Key]] {
    var runs: [Key?: [Key]] = [:]
    var last: Key?
    for key in keys {
      if shared.contains(key) { last = key } else { runs[last, default: []].append(key) }
    }
    return runs
  }
}
