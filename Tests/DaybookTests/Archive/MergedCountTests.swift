import Testing

@testable import Daybook

@Suite struct MergedCountTests {
  @Test func takesPacksWhileTheyAreNoMoreThanTwiceThoseBefore() {
    #expect(PackMaintenance.mergedCount([1, 1, 4, 12, 100]) == 4)
    #expect(PackMaintenance.mergedCount([1, 1, 5, 5]) == 2)
    #expect(PackMaintenance.mergedCount([1, 100, 300]) == 2)
    #expect(PackMaintenance.mergedCount([]) == 0)
  }

  @Test func takesNoMoreThanTheLimitAtOnce() {
    #expect(PackMaintenance.mergedCount(Array(repeating: 1, count: 50)) == Limits.mergedPacks)
  }

  @Test func copiesEachByteAFewTimesHoweverManyPacksCome() {
    var sizes: [Int] = []
    var copied = 0
    let archivings = 20_000
    for _ in 0..<archivings {
      sizes = (sizes + [1]).sorted()
      guard sizes.count > Limits.packs else { continue }
      let count = PackMaintenance.mergedCount(sizes)
      let merged = sizes.prefix(count).reduce(0, +)
      copied += merged
      sizes = Array(sizes.dropFirst(count)) + [merged]
      #expect(sizes.count <= Limits.packs)
    }
    #expect(copied < 8 * archivings)
  }
}
