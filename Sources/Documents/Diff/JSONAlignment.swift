/// Which elements of one array have become which of another. An element with an id is known by it; others by equality.
enum JSONAlignment {
  /// The elements of both arrays: old ones in their order, new ones in theirs.
  enum Step: Equatable {
    /// The same element, perhaps with another content.
    case keep(old: Int, new: Int)
    /// Gone from this place; `to` says where it moved if it is still there.
    case remove(old: Int, to: Int?)
    /// New in this place; `from` says where it moved from.
    case add(new: Int, from: Int?)
  }

  /// The largest table, in cells, for the longest common subsequence; beyond it, elements are matched by position.
  static let largestTable = 1 << 20

  static func steps(from old: [JSONValue], to new: [JSONValue]) -> [Step] {
    if let oldIDs = ids(of: old), let newIDs = ids(of: new) { return stepsByID(oldIDs, newIDs) }
    let common = commonEnds(old[...], new[...])
    let (oldMiddle, newMiddle) = (common.prefix..<old.count - common.suffix, common.prefix..<new.count - common.suffix)
    return (0..<common.prefix).map { .keep(old: $0, new: $0) }
      + stepsOfMiddle(old, oldMiddle, new, newMiddle)
      + (0..<common.suffix).map { .keep(old: oldMiddle.upperBound + $0, new: newMiddle.upperBound + $0) }
  }

  /// The ids of all elements, if every element is an object that has one and no two are equal.
  static func ids(of array: [JSONValue]) -> [JSONValue]? {
    var ids: [JSONValue] = []
    for element in array {
      guard let id = element["id"], id.kind == .string || id.kind == .number else { return nil }
      ids.append(id)
    }
    return Set(ids).count == ids.count ? ids : nil
  }

  /// Elements that kept their order relative to one another stay; the fewest possible count as moved.
  private static func stepsByID(_ old: [JSONValue], _ new: [JSONValue]) -> [Step] {
    let oldPlaces = Dictionary(uniqueKeysWithValues: old.enumerated().map { ($1, $0) })
    let newPlaces = Dictionary(uniqueKeysWithValues: new.enumerated().map { ($1, $0) })
    let staying = Set(longestIncreasing(new.compactMap { oldPlaces[$0] }))
    var steps: [Step] = []
    var nextOld = 0
    func removeOld(before end: Int) {
      while nextOld < end {
        steps.append(.remove(old: nextOld, to: newPlaces[old[nextOld]]))
        nextOld += 1
      }
    }
    for (place, id) in new.enumerated() {
      guard let from = oldPlaces[id], staying.contains(from) else {
        steps.append(.add(new: place, from: oldPlaces[id]))
        continue
      }
      removeOld(before: from)
      steps.append(.keep(old: from, new: place))
      nextOld = from + 1
    }
    removeOld(before: old.count)
    return steps
  }

  /// The longest increasing subsequence of distinct numbers, by patience sorting.
  private static func longestIncreasing(_ numbers: [Int]) -> [Int] {
    var tails: [Int] = []  // places in `numbers`
    var predecessors = [Int?](repeating: nil, count: numbers.count)
    for (place, number) in numbers.enumerated() {
      var (low, high) = (0, tails.count)
      while low < high {
        let middle = (low + high) / 2
        if numbers[tails[middle]] < number { low = middle + 1 } else { high = middle }
      }
      predecessors[place] = low > 0 ? tails[low - 1] : nil
      if low == tails.count { tails.append(place) } else { tails[low] = place }
    }
    var chain: [Int] = []
    var link = tails.last
    while let place = link {
      chain.append(numbers[place])
      link = predecessors[place]
    }
    return chain
  }

  /// How many elements at the beginning, and of the others at the end, are alike.
  static func commonEnds(
    _ old: ArraySlice<JSONValue>, _ new: ArraySlice<JSONValue>
  ) -> (prefix: Int, suffix: Int) {
    let shorter = min(old.count, new.count)
    var prefix = 0
    while prefix < shorter, old[old.startIndex + prefix] == new[new.startIndex + prefix] { prefix += 1 }
    var suffix = 0
    while suffix < shorter - prefix, old[old.endIndex - 1 - suffix] == new[new.endIndex - 1 - suffix] { suffix += 1 }
    return (prefix, suffix)
  }
}
