import Documents
import TestSupport
import Testing

/// What a merge between machines promises: the same outcome whoever makes it.
@Suite struct RankedMergeTests {
  private func side(_ value: JSONValue?, at second: Int64, _ name: String = "") -> Ranked<JSONValue?> {
    Ranked(value, at: Timestamp(milliseconds: second * 1_000), name: name)
  }

  private func expectSame(_ one: JSONMerge, _ other: JSONMerge, _ comment: Comment) {
    #expect(one.value?.compactText == other.value?.compactText, comment)
    #expect(one.collisions == other.collisions, comment)
  }

  @Test func theLaterChangeStandsAndOfTwoAtTheSameTimeTheOneWhoseNameSortsLast() {
    let later = JSONMerge(base: ["a": 0], one: side(["a": 1], at: 2), other: side(["a": 2], at: 1))
    #expect(later.value == ["a": 1] && later.collisions.map(\.lost) == [2])
    let tied = JSONMerge(base: ["a": 0], one: side(["a": 1], at: 1, "a"), other: side(["a": 2], at: 1, "b"))
    #expect(tied.value == ["a": 2] && tied.collisions.map(\.lost) == [1])
  }

  /// To the byte, with members and elements in the same order.
  @Test(arguments: 0..<500) func itDoesNotMatterWhichSideIsCalledFirst(seed: Int) {
    var random = RandomJSON(seed: UInt64(seed))
    let base = random.value(depth: 4)
    let (one, other) = (
      side(random.changed(base), at: 2), side(random.changed(base), at: Int64(1 + random.below(3)), "z")
    )
    expectSame(JSONMerge(base: base, one: one, other: other), JSONMerge(base: base, one: other, other: one), "\(seed)")
  }

  @Test(arguments: 0..<500) func aSideJoinedWithItselfOrWithTheBaseIsThatSide(seed: Int) {
    var random = RandomJSON(seed: UInt64(seed))
    let base = random.value(depth: 4)
    let changed = random.changed(base)
    for other in [changed, base] {
      let merge = JSONMerge(base: base, one: side(changed, at: 1), other: side(other, at: 2))
      #expect(merge.value == changed && merge.collisions.isEmpty)
    }
  }

  /// Every scalar that a side brought in is in the outcome, or in a collision.
  @Test(arguments: 0..<500) func nothingThatASideBroughtInIsLostWithoutACollisionThatTellsIt(seed: Int) {
    var random = RandomJSON(seed: UInt64(seed))
    let base = random.value(depth: 4)
    let sides = [random.changed(base), random.changed(base)]
    let merge = JSONMerge(base: base, one: side(sides[0], at: 1), other: side(sides[1], at: 2))
    let known = Set(base.scalars)
    let told = Set((merge.value?.scalars ?? []) + merge.collisions.flatMap { $0.lost?.scalars ?? [] })
    for side in sides {
      #expect(Set(side.scalars).subtracting(known).isSubset(of: told))
    }
    for collision in merge.collisions { #expect(merge.value?[collision.pointer] == collision.kept) }
  }

  /// Where both sides have an object, list, number, … the outcome has one too.
  @Test(arguments: 0..<300) func whatIsOfOneTypeOnBothSidesIsOfThatTypeInTheOutcome(seed: Int) {
    var random = RandomJSON(seed: UInt64(seed))
    let base = random.object()
    let sides = [random.changed(.object(base)), random.changed(.object(base))]
    let merge = JSONMerge(base: .object(base), one: side(sides[0], at: 1), other: side(sides[1], at: 2))
    guard let one = sides[0].object, let other = sides[1].object else { return }
    for (key, value) in one where other[key]?.kind == value.kind {
      #expect(merge.value?[key]?.kind == value.kind)
    }
  }

  @Test(arguments: 0..<200) func changesOfDifferentMembersComeToTheSameInWhateverOrderTheyMeet(seed: Int) {
    var random = RandomJSON(seed: UInt64(seed))
    var base: JSONObject = [:]
    for name in ["a", "b", "c"] { base[name] = random.value() }
    let sides = ["a", "b", "c"].enumerated().map { place, name in
      var changed = base
      changed[name] = random.mutated(base[name] ?? .null)
      return side(.object(changed), at: Int64(place))
    }
    func joined(_ one: Ranked<JSONValue?>, _ other: Ranked<JSONValue?>) -> Ranked<JSONValue?> {
      Ranked(
        JSONMerge(base: .object(base), one: one, other: other).value, at: max(one.time, other.time), name: "joined")
    }
    let left = joined(joined(sides[0], sides[1]), sides[2]).value
    let right = joined(sides[0], joined(sides[1], sides[2])).value
    #expect(left == right)
  }
}

extension RandomJSON {
  /// A value with several things changed.
  fileprivate mutating func changed(_ value: JSONValue) -> JSONValue {
    (0..<3).reduce(value) { value, _ in mutated(value) }
  }
}

extension JSONValue {
  /// All scalars, however deep.
  fileprivate var scalars: [JSONValue] {
    switch self {
    case .array(let array): array.flatMap(\.scalars)
    case .object(let object): object.flatMap { $0.value.scalars }
    default: [self]
    }
  }
}
