/// Joins what two sides made of the same value, member by member.
///
///     let merge = JSONMerge(base: before, ours: edited, theirs: stored)
///     merge.value          // both sides' changes
///     merge.collisions     // where both changed the same member differently: `ours` stands there
///
/// A member that one side alone changed is as that side has it, also where it is gone. Objects are joined by their
/// members, arrays of objects that all have an `id` by those, other arrays as `SequenceMerge` does; other values are
/// one thing, and so are sealed ones, being strings. Rules of a kind (`x-merge`) can say otherwise for a member. Where
/// a side deleted what the other changed, the change stays.
///
/// One side ranks first: its change stands where both collide, its members and elements come before those that the
/// other adds in the same place, and equal values are spelled as it spells them. So the outcome is a function of the
/// values and of which side that is, and of nothing else:
///
/// - *Commutative*: with ranks, it does not matter which side is `one` and which `other`.
/// - *Idempotent*: a side joined with itself, or with the base, is that side.
/// - *Associative* as far as the changes of three sides from one base touch different members, and for `max`, `sum` and
///   `union` also where they touch the same; but for the order of what was added in one place. Where they collide, and
///   by `latest`, the last merge decides.
///
/// Taking a change back is the same step, from what the change made, with what it was before as the other side: what
/// happened to other members since stays.
public struct JSONMerge: Sendable {
  /// One of the two sides: of `ours` and `theirs`, ours is the first.
  public enum Side: Sendable { case first, second }

  /// A place where both sides changed the same thing differently.
  public struct Collision: Sendable, Equatable {
    /// Leads to `kept` in the outcome.
    public let pointer: JSONPointer
    /// Absent is nil.
    public let base: JSONValue?
    /// What stands there now.
    public let kept: JSONValue?
    /// What would stand there if the other side ranked first.
    public let lost: JSONValue?
    /// Whose change was kept.
    public let keptSide: Side

    package init(pointer: JSONPointer, base: JSONValue?, kept: JSONValue?, lost: JSONValue?, keptSide: Side) {
      (self.pointer, self.base, self.kept, self.lost, self.keptSide) = (pointer, base, kept, lost, keptSide)
    }

    /// The same in a value that this one's value has become a part of.
    func below(_ place: JSONPointer) -> Collision {
      Collision(
        pointer: JSONPointer(place.tokens + pointer.tokens), base: base, kept: kept, lost: lost, keptSide: keptSide)
    }
  }

  /// Whose elements come first where both sides have added some in the same place of a list.
  private let addsFirst: Side
  /// Whether a value that is there on both sides and was not before is joined; else it is one thing.
  private let joinsAdded: Bool
  /// Nil when both sides, or the one that changed anything, deleted it.
  public private(set) var value: JSONValue?
  /// In the order of the outcome.
  public private(set) var collisions: [Collision] = []

  /// Nil stands for nothing there. Ours ranks first.
  public init(base: JSONValue?, ours: JSONValue?, theirs: JSONValue?) {
    self.init(base: base, first: ours, second: theirs, rules: .none)
  }

  /// Joins two sides of which neither is ours, by the rules of a kind.
  package init(base: JSONValue?, one: Ranked<JSONValue?>, other: Ranked<JSONValue?>, rules: MergeRules = .none) {
    let (first, second) = Ranked.inOrder(one, other)
    self.init(base: base, first: first, second: second, rules: rules)
  }

  /// The same where it is known which side ranks first.
  package init(base: JSONValue?, first: JSONValue?, second: JSONValue?, rules: MergeRules) {
    (addsFirst, joinsAdded) = (.first, true)
    // Equal documents are one change that came both ways: what it counted is not counted twice.
    value = first == second ? first : merged(base, first, second, at: .root, rules)
  }

  /// Takes a change back in a later version. A member that was changed again since, to something that is neither what
  /// the change made of it nor what it was before, collides.
  public init(takingBack change: (from: JSONValue?, to: JSONValue?), in current: JSONValue?) {
    // What came back was there before what was added since, but what came after a deletion is no later version of what
    // was deleted.
    (addsFirst, joinsAdded) = (.second, false)
    value = merged(change.to, current, change.from, at: .root, .none)
  }

  private mutating func merged(
    _ base: JSONValue?, _ first: JSONValue?, _ second: JSONValue?, at place: JSONPointer, _ rules: MergeRules
  ) -> JSONValue? {
    if second == base { return first }
    if first == base { return second }
    if let rule = rules.here {
      return rule.combined(base, first, second) ?? collided(base, first, second, at: place)
    }
    // With rules below, what both made alike may come to more: two machines that each count one have counted two.
    if rules.isEmpty, first == second { return first }
    switch (base ?? (joinsAdded ? first : nil), first, second) {
    case (.object, .object(let left), .object(let right)):
      return .object(members(base?.object ?? [:], left, right, at: place, rules))
    case (.array, .array(let left), .array(let right)):
      return .array(elements(base?.array ?? [], left, right, at: place, rules))
    default:
      return collided(base, first, second, at: place)
    }
  }

  private mutating func collided(
    _ base: JSONValue?, _ first: JSONValue?, _ second: JSONValue?, at place: JSONPointer
  ) -> JSONValue? {
    if first == second { return first }
    let (kept, lost, side) = first == nil ? (second, first, Side.second) : (first, second, .first)
    collisions.append(Collision(pointer: place, base: base, kept: kept, lost: lost, keptSide: side))
    return kept
  }

  /// In the first side's order, what is new of the second behind.
  private mutating func members(
    _ base: JSONObject, _ first: JSONObject, _ second: JSONObject, at place: JSONPointer, _ rules: MergeRules
  ) -> JSONObject {
    var result: JSONObject = [:]
    for name in first.keys + second.keys.filter({ first[$0] == nil }) {
      let value = merged(base[name], first[name], second[name], at: place.appending(name), rules.below(name))
      if let value { result[name] = value }
    }
    return result
  }

  private mutating func elements(
    _ base: [JSONValue], _ first: [JSONValue], _ second: [JSONValue], at place: JSONPointer, _ rules: MergeRules
  ) -> [JSONValue] {
    if let before = KeyedItems(byID: base), let left = KeyedItems(byID: first), let right = KeyedItems(byID: second) {
      return items(KeyedMerge(base: before, first: left, second: right), at: place, rules)
    }
    let merge = SequenceMerge(base: base, first: first, second: second, addsFirst: addsFirst)
    if let lost = merge.lost {
      collisions.append(
        Collision(
          pointer: place, base: .array(base), kept: .array(merge.kept), lost: .array(lost), keptSide: .first))
    }
    return merge.kept
  }

  private mutating func items(
    _ lists: KeyedMerge<JSONValue>, at place: JSONPointer, _ rules: MergeRules
  ) -> [JSONValue] {
    let order = lists.order { [addsFirst] first, second in addsFirst == .first ? first + second : second + first }
    var result: [JSONValue] = []
    for id in order {
      let inner = place.appending(result.count)
      let item = merged(
        lists.base[id], lists.first[id], lists.second[id], at: inner, rules.below(String(result.count)))
      if let item { result.append(item) }
    }
    return result
  }
}
