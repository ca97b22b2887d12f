/// Joins what two sides made of the same value, member by member.
///
///     let merge = JSONMerge(base: before, ours: stored, theirs: edited)
///     merge.value          // both sides' changes
///     merge.collisions     // where both changed the same member differently: `ours` stands there
///
/// A member that one side alone changed is as that side has it, also where it is gone. Objects are joined by their members,
/// arrays of objects that all have an `id` by those; other arrays and values are one thing. Where a side deleted what the
/// other changed, the change stays.
///
/// Taking a change back is the same step, from what the change made, with what it was before as the other side: what
/// happened to other members since stays.
public struct JSONMerge: Sendable {
  /// A place where both sides changed the same thing differently.
  public struct Collision: Sendable, Equatable {
    public let pointer: JSONPointer
    /// Absent is nil.
    public let base: JSONValue?
    public let ours: JSONValue?
    public let theirs: JSONValue?
  }

  /// Where elements go that are only theirs.
  private enum Placement {
    /// Behind ours: both sides added to a list.
    case last
    /// Behind the one that they follow in theirs: they were there before.
    case whereTheyWere
  }

  private let placement: Placement
  /// Nil when both sides, or the one that changed anything, deleted it.
  public private(set) var value: JSONValue?
  public private(set) var collisions: [Collision] = []

  /// Nil stands for nothing there.
  public init(base: JSONValue?, ours: JSONValue?, theirs: JSONValue?) {
    placement = .last
    value = merged(base, ours, theirs, at: .root)
  }

  /// Takes a change back in a later version. A member that was changed again since, to something that is neither what the
  /// change made of it nor what it was before, collides.
  public init(takingBack change: (from: JSONValue?, to: JSONValue?), in current: JSONValue?) {
    placement = .whereTheyWere
    value = merged(change.to, current, change.from, at: .root)
  }

  private mutating func merged(
    _ base: JSONValue?, _ ours: JSONValue?, _ theirs: JSONValue?, at place: JSONPointer
  ) -> JSONValue? {
    if ours == theirs || theirs == base { return ours }
    if ours == base { return theirs }
    // What both made of nothing is joined, but what came after a deletion is no later version of what was deleted.
    switch (base ?? (placement == .last ? ours : nil), ours, theirs) {
    case (.object, .object(let left), .object(let right)):
      return .object(members(base?.object ?? [:], left, right, at: place))
    case (.array, .array(let left), .array(let right)):
      if let items = items(base?.array ?? [], left, right, at: place) { return .array(items) }
    default: break
    }
    collisions.append(Collision(pointer: place, base: base, ours: ours, theirs: theirs))
    return ours ?? theirs
  }

  /// In our order, what is new of theirs behind.
  private mutating func members(
    _ base: JSONObject, _ ours: JSONObject, _ theirs: JSONObject, at place: JSONPointer
  ) -> JSONObject {
    var result: JSONObject = [:]
    for name in ours.keys + theirs.keys.filter({ ours[$0] == nil }) {
      if let value = merged(base[name], ours[name], theirs[name], at: place.appending(name)) { result[name] = value }
    }
    return result
  }

  /// Nil when the items cannot be told by an id.
  private mutating func items(
    _ base: [JSONValue], _ ours: [JSONValue], _ theirs: [JSONValue], at place: JSONPointer
  ) -> [JSONValue]? {
    guard let before = Items(base), let left = Items(ours), let right = Items(theirs) else { return nil }
    var result: [(id: JSONValue, item: JSONValue)] = []
    for id in left.ids {
      // The pointer names the place where the item ends up.
      let item = merged(before[id], left[id], right[id], at: place.appending(result.count))
      if let item { result.append((id, item)) }
    }
    for (index, id) in right.ids.enumerated() where left[id] == nil {
      var goal = result.count
      if placement == .whereTheyWere {
        let follows = right.ids[..<index].reversed().lazy.compactMap { id in result.firstIndex { $0.id == id } }.first
        goal = follows.map { $0 + 1 } ?? 0
      }
      let item = merged(before[id], nil, right[id], at: place.appending(goal))
      if let item { result.insert((id, item), at: goal) }
    }
    return ordered(result, left.ids == before.ids ? right.ids : nil)
  }

  /// Where we moved nothing, theirs is the order.
  private func ordered(_ result: [(id: JSONValue, item: JSONValue)], _ ids: [JSONValue]?) -> [JSONValue] {
    guard let ids, ids.count == result.count, Set(ids) == Set(result.map(\.id)) else { return result.map(\.item) }
    let items = Dictionary(result.map { ($0.id, $0.item) }, uniquingKeysWith: { first, _ in first })
    return ids.compactMap { items[$0] }
  }

  private struct Items {
    let ids: [JSONValue]
    private let items: [JSONValue: JSONValue]

    init?(_ array: [JSONValue]) {
      guard let ids = JSONAlignment.ids(of: array) else { return nil }
      self.ids = ids
      items = Dictionary(zip(ids, array), uniquingKeysWith: { first, _ in first })
    }

    subscript(id: JSONValue) -> JSONValue? { items[id] }
  }
}
