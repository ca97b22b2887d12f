/// Joins what two sides made of the same value, member by member.
///
///     let merge = JSONMerge(base: before, ours: stored, theirs: edited)
///     merge.value          // both sides' changes
///     merge.collisions     // where both changed the same member differently: `ours` stands there
///
/// A member that one side alone changed is as that side has it, also where it is gone. Objects are joined by their members,
/// arrays of objects that all have an `id` by those; other arrays and values are one thing. Where a side deleted what the
/// other changed, the change stays.
public struct JSONMerge: Sendable {
  /// A place where both sides changed the same thing differently.
  public struct Collision: Sendable, Equatable {
    public let pointer: JSONPointer
    /// Absent is nil.
    public let base: JSONValue?
    public let ours: JSONValue?
    public let theirs: JSONValue?
  }

  /// Nil when both sides, or the one that changed anything, deleted it.
  public private(set) var value: JSONValue?
  public private(set) var collisions: [Collision] = []

  /// Nil stands for nothing there.
  public init(base: JSONValue?, ours: JSONValue?, theirs: JSONValue?) {
    value = merged(base, ours, theirs, at: .root)
  }

  private mutating func merged(
    _ base: JSONValue?, _ ours: JSONValue?, _ theirs: JSONValue?, at place: JSONPointer
  ) -> JSONValue? {
    if ours == theirs || theirs == base { return ours }
    if ours == base { return theirs }
    switch (ours, theirs) {
    case (.object(let left), .object(let right)):
      let before: JSONObject = if case .object(let object) = base { object } else { [:] }
      return .object(members(before, left, right, at: place))
    case (.array(let left), .array(let right)):
      let before: [JSONValue] = if case .array(let items) = base { items } else { [] }
      if let items = items(before, left, right, at: place) { return .array(items) }
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
    guard let before = Self.byID(base), let left = Self.byID(ours), let right = Self.byID(theirs) else { return nil }
    var result: [JSONValue] = []
    for id in left.order + right.order.filter({ left.items[$0] == nil }) {
      // The pointer names the place where the item ends up.
      let pointer = place.appending(String(result.count))
      if let item = merged(before.items[id], left.items[id], right.items[id], at: pointer) { result.append(item) }
    }
    return result
  }

  private static func byID(_ items: [JSONValue]) -> (order: [JSONValue], items: [JSONValue: JSONValue])? {
    var order: [JSONValue] = []
    var found: [JSONValue: JSONValue] = [:]
    for item in items {
      guard case .object(let object) = item, let id = object["id"], found.updateValue(item, forKey: id) == nil else {
        return nil
      }
      order.append(id)
    }
    return (order, found)
  }
}
