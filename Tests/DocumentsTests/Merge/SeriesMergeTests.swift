import Documents
import TestSupport
import Testing

/// Series that two machines appended to.
@Suite struct SeriesMergeTests {
  private func item(_ id: String, at second: Int, _ text: String = "") -> JSONValue {
    let time = Timestamp(milliseconds: Int64(second) * 1_000).text
    return ["id": .string(id), "timestamp": .string(time), "text": .string(text)]
  }

  private func merge(_ base: [JSONValue], _ later: [JSONValue], _ earlier: [JSONValue]) -> SeriesMerge {
    let one = Ranked(later, at: Timestamp(milliseconds: 2), name: "")
    let other = Ranked(earlier, at: Timestamp(milliseconds: 1), name: "")
    let merge = SeriesMerge(base: base, one: one, other: other)
    let mirrored = SeriesMerge(base: base, one: other, other: one)
    #expect(merge.items == mirrored.items && merge.collisions == mirrored.collisions)
    return merge
  }

  private func ids(_ items: [JSONValue]) -> [String?] { items.map { $0["id"]?.string } }

  @Test func whatBothAppendedIsThereOnceInTheOrderOfTime() {
    let base = [item("a", at: 1), item("b", at: 2)]
    let merge = merge(
      base, base + [item("c", at: 3), item("f", at: 6), item("s", at: 7)],
      base + [item("d", at: 4), item("e", at: 5), item("s", at: 7)])
    #expect(ids(merge.items) == ["a", "b", "c", "d", "e", "f", "s"])
    #expect(merge.collisions == [])
  }

  @Test func atTheSameTimeTheLaterSideComesFirst() {
    let merge = merge([], [item("x", at: 1), item("y", at: 1)], [item("a", at: 1)])
    #expect(ids(merge.items) == ["x", "y", "a"])
  }

  @Test func aClockThatWentBackDoesNotTurnTheOrderOfASide() {
    let merge = merge(
      [], [item("a", at: 9), item("b", at: 2), item("c", at: 3)], [item("x", at: 5), item("y", at: 10)])
    #expect(ids(merge.items) == ["x", "a", "b", "c", "y"])
  }

  @Test func withoutATimestampTheTimeInTheIdCountsAndWithoutThatTheItemBefore() {
    func made(_ second: Int64) -> JSONValue {
      let id = UUIDv7.make(millisecondsSinceEpoch: second * 1_000, randomness: Array(repeating: 0, count: 10))
      return ["id": .string(id.text)]
    }
    let merge = merge([], [made(3), ["note": "behind 3"], made(5)], [made(4)])
    #expect(merge.items == [made(3), ["note": "behind 3"], made(4), made(5)])
  }

  @Test func itemsWithoutIdsAreKnownByWhatTheySayAndHowOften() {
    let merge = merge(["start"], ["start", "ping", "ping", "one"], ["start", "ping", "other"])
    #expect(merge.items == ["start", "ping", "ping", "one", "other"])
  }

  @Test func anItemThatWasEditedOrDeletedByHandIsJoinedAsDocumentsAre() {
    let base = [item("a", at: 1), item("b", at: 2, "old"), item("c", at: 3), item("d", at: 4, "old")]
    let merge = merge(
      base, [item("b", at: 2, "new"), base[2], item("d", at: 4, "mine"), item("e", at: 5)],
      [base[0], base[1], item("d", at: 4, "theirs"), item("f", at: 6)])
    #expect(
      merge.items == [item("b", at: 2, "new"), item("d", at: 4, "mine"), item("e", at: 5), item("f", at: 6)])
    #expect(merge.collisions.map(\.pointer.description) == ["/1/text"])
    #expect(merge.collisions.map(\.lost) == ["theirs"])
  }

  @Test func segmentsTakeTheItemsInOrder() {
    let merge = merge([], [item("a", at: 1), item("c", at: 3)], [item("b", at: 2)])
    #expect(merge.segments(of: 2).map(ids) == [["a", "b"], ["c"]])
    #expect(self.merge([], [], []).segments(of: 2) == [])
  }

  /// Clocks of both sides are wrong in their own ways, items come with and without ids, some are edited or deleted.
  @Test(arguments: 0..<300) func nothingIsLostOrDoubledAndASideKeepsItsOrder(seed: Int) {
    var random = RepeatableRandom(seed: UInt64(seed))
    func appended(_ base: [JSONValue], by side: String) -> [JSONValue] {
      base
        + (0..<Int.random(in: 0..<8, using: &random)).map {
          item("\(side)\($0)", at: Int.random(in: 0..<9, using: &random))
        }
    }
    let base = appended([], by: "base")
    let (one, other) = (appended(base, by: "one"), appended(base, by: "other"))
    let merge = merge(base, one, other)
    #expect(Array(merge.items.prefix(base.count)) == base)
    #expect(merge.items.filter(one.contains) == one && merge.items.filter(other.contains) == other)
    #expect(merge.items.count == one.count + other.count - base.count && merge.collisions.isEmpty)
    #expect(self.merge(base, one, one).items == one && self.merge(base, one, base).items == one)
    #expect(self.merge(one, merge.items, one).items == merge.items)
    #expect(self.merge(base, merge.items, other).items == merge.items, "a merge that was missed comes to the same")
  }
}
