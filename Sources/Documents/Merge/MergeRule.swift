/// How the changes that two sides made of one member combine: what a schema says with `x-merge`.
package enum MergeRule: String, Sendable, CaseIterable {
  /// The later side's value, as one thing; the history keeps the other. For what the next change replaces anyway.
  case latest
  /// The greater number, or the later time; other strings by their bytes. For what only grows.
  case max
  /// Both sides' changes added to what it was. For counters.
  case sum
  /// A list taken as a set: what either side added is in, what either side removed is out.
  case union
  /// One thing of which a person has to choose, also where it is an object or a list.
  case manual

  /// What comes of two changes of the member, the side that ranks first being the later one; nil where they collide:
  /// the values are not such as the rule is for, or one side deleted the member.
  func combined(_ base: JSONValue?, _ first: JSONValue?, _ second: JSONValue?) -> JSONValue? {
    switch self {
    case .latest: first ?? second
    case .max: Self.greater(first, second)
    case .sum: Self.sum(base, first, second)
    case .union: Self.union(base, first, second)
    case .manual: nil
    }
  }

  private static func greater(_ first: JSONValue?, _ second: JSONValue?) -> JSONValue? {
    switch (first, second) {
    case (.number(let one), .number(let other)): one < other ? second : first
    case (.string(let one), .string(let other)): precedes(one, other) ? second : first
    default: nil
    }
  }

  private static func precedes(_ one: String, _ other: String) -> Bool {
    if let one = Timestamp(parsing: one), let other = Timestamp(parsing: other) { return one < other }
    return one.utf8.lexicographicallyPrecedes(other.utf8)
  }

  private static func sum(_ base: JSONValue?, _ first: JSONValue?, _ second: JSONValue?) -> JSONValue? {
    guard let before = base == nil ? JSONNumber(0) : base?.number, let one = first?.number, let other = second?.number
    else { return nil }
    return one.adding(other)?.subtracting(before).map { .number($0) }
  }

  /// In the first side's order, what only the second added behind; each value once.
  private static func union(_ base: JSONValue?, _ first: JSONValue?, _ second: JSONValue?) -> JSONValue? {
    guard let before = base == nil ? [] : base?.array, let one = first?.array, let other = second?.array else {
      return nil
    }
    let (known, left, right) = (Set(before), Set(one), Set(other))
    var seen: Set<JSONValue> = []
    let staying = (one + other).filter { value in
      let stays = known.contains(value) ? left.contains(value) && right.contains(value) : true
      return stays && seen.insert(value).inserted
    }
    return .array(staying)
  }
}

/// The rules of the members of a value.
package struct MergeRules: Sendable {
  /// No rule: everything is joined member by member.
  package static let none = MergeRules([])

  /// The value is one thing.
  package static let whole = MergeRules([(path: SchemaMemberPath(steps: [], value: .null), rule: .manual)])

  private let members: [(path: SchemaMemberPath, rule: MergeRule)]

  /// Of several rules for one member the first counts.
  package init(_ members: [(path: SchemaMemberPath, rule: MergeRule)]) { self.members = members }

  /// One rule for whatever a member holds.
  package init(_ rule: MergeRule, forEachIn member: String) {
    let steps: [SchemaMemberPath.Step] = [.name(member), .anyMember(SchemaMemberPath.MemberFilter())]
    self.init([(path: SchemaMemberPath(steps: steps, value: .null), rule: rule)])
  }

  var isEmpty: Bool { members.isEmpty }

  /// The rule for the value itself.
  var here: MergeRule? { members.first { $0.path.steps.isEmpty }?.rule }

  /// The rules of a member's members.
  func below(_ token: String) -> MergeRules {
    guard !isEmpty else { return self }
    return MergeRules(
      members.compactMap { path, rule in
        path.steps.isEmpty ? nil : path.below(JSONPointer([token])).map { (path: $0, rule: rule) }
      })
  }
}
