import Testing

@testable import Daybook

@Suite struct CondensingPlanTests {
  private static let mebibyte = 1 << 20

  /// Packs by size in MiB, named by their place; those at `condensed` are condensed, those at `kept` have a `.keep`.
  private func plan(
    _ sizes: [Int], condensed: Set<Int> = [], kept: Set<Int> = [], _ occasion: CondensingPlan.Occasion, most: Int = 256
  ) -> CondensingPlan? {
    let packs = sizes.enumerated().map { place, size in
      PackFolder.Pack(name: "\(place)", bytes: size * Self.mebibyte, indexBytes: 0, isKept: kept.contains(place))
    }
    return CondensingPlan.plan(
      packs, isCondensed: { condensed.contains(Int($0) ?? -1) }, occasion: occasion, most: most * Self.mebibyte)
  }

  @Test func littleIsLeftAloneWhenIdleAndTakenWhenAsked() {
    #expect(plan([1, 1], .idle) == nil)
    #expect(plan([1, 1], .closing) == nil)
    #expect(plan([1, 1], .asked) == CondensingPlan(fresh: ["0", "1"]))
    #expect(plan([], .asked) == nil)
  }

  @Test func idleTakesWhatCameAndASmallEnoughFoundation() {
    #expect(plan([3, 2], .idle) == CondensingPlan(fresh: ["0", "1"]))
    #expect(plan([30, 5], condensed: [0], .idle) == CondensingPlan(condensed: ["0"], fresh: ["1"]))
    // An eighth of what is condensed must have come.
    #expect(plan([80, 9], condensed: [0], .idle) == nil)
    #expect(plan([80, 10], condensed: [0], .idle) == CondensingPlan(condensed: ["0"], fresh: ["1"]))
  }

  @Test func theLargestCondensedPackIsTheFoundation() {
    #expect(
      plan([4, 60, 20], condensed: [0, 1], .idle) == CondensingPlan(condensed: ["1", "0"], fresh: ["2"]))
  }

  @Test func closingTakesOnlyMuch() {
    #expect(plan([16], .closing) == nil)
    #expect(plan([17], .closing) == CondensingPlan(fresh: ["0"]))
    #expect(plan([50, 20], condensed: [0], .closing) == nil)
    #expect(plan([50, 30], condensed: [0], .closing) == CondensingPlan(condensed: ["0"], fresh: ["1"]))
  }

  @Test func whatPeopleKeepAndWhatIsTooLargeStays() {
    #expect(plan([30, 30], kept: [0], .idle) == CondensingPlan(fresh: ["1"]))
    #expect(plan([300, 30], .idle) == CondensingPlan(fresh: ["1"]))
    #expect(plan([300], .asked) == nil)
  }

  @Test func oneRoundReadsNoMoreThanItsLimit() {
    #expect(plan([100, 100, 100], .asked) == CondensingPlan(fresh: ["0", "1"]))
    #expect(plan([200, 60], condensed: [0], .asked) == CondensingPlan(fresh: ["1"]))
  }

  @Test func theMemoryAndTheTimeMaySetAnotherLimit() {
    #expect(plan([300, 30], .asked, most: 1_024) == CondensingPlan(fresh: ["0", "1"]))
    #expect(plan([200, 600], condensed: [0, 1], .asked, most: 1_024) == CondensingPlan(condensed: ["1", "0"]))
    #expect(plan([5, 30, 4], .asked, most: 8) == CondensingPlan(fresh: ["0"]))
    #expect(plan([5, 30], .asked, most: 0) == nil)
  }

  @Test func whatIsCondensedAlreadyIsOnlyJoined() {
    #expect(plan([50], condensed: [0], .asked) == nil)
    #expect(plan([50, 20], condensed: [0, 1], .asked) == CondensingPlan(condensed: ["0", "1"]))
    #expect(plan([50, 20], condensed: [0, 1], .idle) == nil)
    #expect(plan([200, 100], condensed: [0, 1], .asked) == nil)
  }

  /// Years of archiving in a few loops: the work stays in proportion to what came, and packs stay few.
  @Test func eachByteIsCopiedABoundedNumberOfTimes() {
    var packs: [PackFolder.Pack] = []
    var condensed: Set<String> = []
    var (came, copied) = (0, 0)
    for round in 0..<3_000 {
      packs.append(PackFolder.Pack(name: "f\(round)", bytes: Self.mebibyte, indexBytes: 0, isKept: false))
      came += Self.mebibyte
      guard let plan = CondensingPlan.plan(packs, isCondensed: condensed.contains, occasion: .idle) else { continue }
      let taken = packs.filter { plan.names.contains($0.name) }
      let fresh = taken.filter { !condensed.contains($0.name) }.reduce(0) { $0 + $1.bytes }
      let old = taken.reduce(0) { $0 + $1.bytes } - fresh
      copied += fresh + old
      packs.removeAll { plan.names.contains($0.name) }
      packs.append(PackFolder.Pack(name: "c\(round)", bytes: old + fresh / 7, indexBytes: 0, isKept: false))
      condensed.insert("c\(round)")
    }
    #expect(copied < 12 * came)
    #expect(packs.filter { condensed.contains($0.name) }.count <= came / 7 / (100 * Self.mebibyte) + 4)
  }
}
