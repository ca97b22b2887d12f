/// Takes one change of a value back in a later version of it: what the change did to a member is undone, and what happened
/// to other members since stays.
///
/// ```swift
/// let reversal = JSONReversal(of: (from: before, to: after), in: current)
/// if reversal.conflicts.isEmpty { use(reversal.value) }
/// ```
///
/// A member is in conflict when it was changed again since, to something that is neither what the change made of it nor
/// what it was before. Elements of arrays are matched by their `id` where all have one; other arrays are one value each.
public struct JSONReversal: Sendable {
  /// The later version with the change taken back; nil when nothing is left. Members in conflict are as they were in it.
  public private(set) var value: JSONValue?
  /// The members that were changed again since, in the order in which they were met.
  public private(set) var conflicts: [JSONPointer] = []

  /// Nil stands for a value that is not there.
  public init(of change: (from: JSONValue?, to: JSONValue?), in current: JSONValue?) {
    value = current
    value = reversed(change.from, change.to, current, .root)
  }

  private mutating func reversed(
    _ before: JSONValue?, _ after: JSONValue?, _ current: JSONValue?, _ place: JSONPointer
  ) -> JSONValue? {
    if before == after || current == before { return current }
    if current == after { return before }
    switch (before, after, current) {
    case (.object(let before), .object(let after), .object(let current)):
      return .object(reversed(before, after, current, place))
    case (.array(let before), .array(let after), .array(let current)):
      if let array = reversed(before, after, current, place) { return .array(array) }
    default: break
    }
    conflicts.append(place)
    return current
  }

  private mutating func reversed(
    _ before: JSONObject, _ after: JSONObject, _ current: JSONObject, _ place: JSONPointer
  ) -> JSONObject {
    var result = current
    let gone = (before.keys + after.keys).filter { current[$0] == nil }
    var seen: Set<ExactText> = []
    for key in current.keys + gone where seen.insert(ExactText(key)).inserted {
      result[key] = reversed(before[key], after[key], current[key], place.appending(key))
    }
    return result
  }

  /// Nil when an element has no id.
  private mutating func reversed(
    _ before: [JSONValue], _ after: [JSONValue], _ current: [JSONValue], _ place: JSONPointer
  ) -> [JSONValue]? {
    guard let old = Elements(before), let new = Elements(after), let now = Elements(current) else { return nil }
    var result: [(id: JSONValue, element: JSONValue)] = []
    for (index, id) in now.ids.enumerated() {
      let element = reversed(old.byID[id], new.byID[id], current[index], place.appending(index))
      if let element { result.append((id, element)) }
    }
    for (index, id) in old.ids.enumerated() where now.byID[id] == nil {
      // An element that the change kept and that went since stays away, unless the change had altered it.
      guard let element = reversed(before[index], new.byID[id], nil, place.appending("-")) else { continue }
      // Back behind the one that it followed.
      let follows = old.ids[..<index].reversed().lazy.compactMap { id in result.firstIndex { $0.id == id } }.first
      result.insert((id, element), at: follows.map { $0 + 1 } ?? 0)
    }
    let isUntouched = now.ids == new.ids && Set(result.map(\.id)) == Set(old.ids)
    // Nobody moved elements since, so their order goes back too.
    if isUntouched {
      let byID = Dictionary(result.map { ($0.id, $0.element) }, uniquingKeysWith: { first, _ in first })
      return old.ids.compactMap { byID[$0] }
    }
    return result.map(\.element)
  }

  private struct Elements {
    let ids: [JSONValue]
    let byID: [JSONValue: JSONValue]

    init?(_ array: [JSONValue]) {
      guard let ids = JSONAlignment.ids(of: array) else { return nil }
      self.ids = ids
      byID = Dictionary(zip(ids, array), uniquingKeysWith: { first, _ in first })
    }
  }
}
