/// Joins what two sides made of a list whose elements have no ids, as diff3 does.
///
/// Elements that both sides kept divide the list into regions. A region that one side alone changed is as that side has
/// it. Where both added something between the same two elements, both additions stay, an element that is in both once.
/// A region that both changed otherwise, and differently, collides as a whole: the first side's stands.
struct SequenceMerge {
  private(set) var kept: [JSONValue] = []
  /// The list with the second side's regions where both collide; nil when none do.
  private(set) var lost: [JSONValue]?

  private let addsFirst: JSONMerge.Side

  init(base: [JSONValue], first: [JSONValue], second: [JSONValue], addsFirst: JSONMerge.Side = .first) {
    self.addsFirst = addsFirst
    var (inBase, inFirst, inSecond) = (0, 0, 0)
    for anchor in Self.anchors(base, first, second) {
      add(base[inBase..<anchor.base], first[inFirst..<anchor.first], second[inSecond..<anchor.second])
      append(first[anchor.first...anchor.first])
      (inBase, inFirst, inSecond) = (anchor.base + 1, anchor.first + 1, anchor.second + 1)
    }
    add(base[inBase...], first[inFirst...], second[inSecond...])
  }

  /// The places of elements that both sides kept.
  private static func anchors(
    _ base: [JSONValue], _ first: [JSONValue], _ second: [JSONValue]
  ) -> [(base: Int, first: Int, second: Int)] {
    let inSecond = Dictionary(
      JSONAlignment.common(base[...], second[...]).map { ($0.old, $0.new) }, uniquingKeysWith: { first, _ in first })
    return JSONAlignment.common(base[...], first[...]).compactMap { place in
      inSecond[place.old].map { (base: place.old, first: place.new, second: $0) }
    }
  }

  private mutating func add(
    _ base: ArraySlice<JSONValue>, _ first: ArraySlice<JSONValue>, _ second: ArraySlice<JSONValue>
  ) {
    if second == base || first == second { return append(first) }
    if first == base { return append(second) }
    if base.isEmpty { return append(both(first, second)[...]) }
    lost = (lost ?? kept) + second
    kept += first
  }

  private mutating func append(_ region: ArraySlice<JSONValue>) {
    kept += region
    lost? += region
  }

  private func both(_ first: ArraySlice<JSONValue>, _ second: ArraySlice<JSONValue>) -> [JSONValue] {
    var result: [JSONValue] = []
    var (left, right) = (first, second)
    for place in JSONAlignment.common(first, second) {
      result += ordered(left[..<place.old], right[..<place.new]) + [first[place.old]]
      (left, right) = (first[(place.old + 1)...], second[(place.new + 1)...])
    }
    return result + ordered(left, right)
  }

  private func ordered(_ first: ArraySlice<JSONValue>, _ second: ArraySlice<JSONValue>) -> ArraySlice<JSONValue> {
    addsFirst == .first ? first + second : second + first
  }
}
