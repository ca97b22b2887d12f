import TestSupport
import Testing

@testable import Documents

/// Lists whose elements have no ids.
@Suite struct SequenceMergeTests {
  private func list(_ text: String) -> [JSONValue] { text.map { .string(String($0)) } }

  private func text(_ list: [JSONValue]?) -> String? { list?.compactMap(\.string).joined() }

  @Test(
    arguments: [
      ("", "a", "b", "ab", nil),  // both added to nothing: the first side's before the second's
      ("a", "ax", "ay", "axy", nil),  // behind the same element
      ("a", "axy", "axz", "axyz", nil),  // what both added is there once
      ("abc", "abcx", "yabc", "yabcx", nil),  // in different places
      ("abc", "ac", "abcx", "acx", nil),  // one removed, the other added
      ("abc", "c", "abc", "c", nil),  // one side alone
      ("abc", "ac", "ac", "ac", nil),  // both alike
      ("abc", "axc", "axc", "axc", nil),
      ("abc", "axc", "ayc", "axc", "ayc"),  // both replaced the same differently
      ("abc", "ac", "axc", "ac", "axc"),  // one removed what the other replaced
      ("ab", "a", "abx", "a", "abx"),  // one removed what the other added behind: no line between the two changes
      ("abcde", "axcde", "aycdez", "axcdez", "aycdez"),  // what does not collide is in both
      ("aba", "ba", "abac", "bac", nil),  // equal elements
    ] as [(String, String, String, String, String?)])
  func regionsThatOneSideChangedAreAsThatSideHasThem(
    base: String, first: String, second: String, kept: String, lost: String?
  ) {
    let merge = SequenceMerge(base: list(base), first: list(first), second: list(second))
    #expect(text(merge.kept) == kept)
    #expect(text(merge.lost) == lost)
  }

  @Test func listsTooLargeToAlignCollideAsAWholeButForTheirEnds() {
    let base = (0..<JSONAlignment.largestTable / 512).map { JSONValue.number(JSONNumber($0)) }
    let (first, second) = (["same"] + ["x"] + base + ["y"], ["same"] + base + ["z"])
    let merge = SequenceMerge(base: ["same"] + base, first: first, second: second)
    #expect(merge.kept == first && merge.lost == second)
  }

  /// The oracle is a merge by membership, which is right where elements differ and nobody moves one: each stays unless a
  /// side removed it, and the gaps between those that both kept hold what was added.
  @Test(arguments: 0..<500) func listsWithoutEqualElementsComeToWhatANaiveMergeMakesOfThem(seed: Int) {
    var random = RepeatableRandom(seed: UInt64(seed))
    var next = 100
    func changed(_ base: [Int]) -> [Int] {
      var result: [Int] = []
      for element in base + [-1] {
        if Int.random(in: 0..<5, using: &random) == 0 {
          result.append(next)
          next += 1
        }
        if element >= 0, Int.random(in: 0..<5, using: &random) > 0 { result.append(element) }
      }
      return result
    }
    let base = Array(0..<Int.random(in: 0..<8, using: &random))
    let (first, second) = (changed(base), changed(base))
    func values(_ list: [Int]) -> [JSONValue] { list.map { .number(JSONNumber($0)) } }
    let merge = SequenceMerge(base: values(base), first: values(first), second: values(second))
    let expected = Self.naive(base, first, second)
    #expect(merge.kept == values(expected.kept))
    #expect(merge.lost == (expected.collides ? values(expected.lost) : nil))
  }

  private static func naive(
    _ base: [Int], _ first: [Int], _ second: [Int]
  ) -> (kept: [Int], lost: [Int], collides: Bool) {
    func gaps(_ list: [Int]) -> [[Int]] {
      list.split(omittingEmptySubsequences: false) { base.contains($0) && first.contains($0) && second.contains($0) }
        .map(Array.init)
    }
    var outcome: (kept: [Int], lost: [Int], collides: Bool) = ([], [], false)
    let anchors = base.filter { first.contains($0) && second.contains($0) }.map { [$0] } + [[]]
    for (place, gap) in gaps(base).enumerated() {
      let (one, other) = (gaps(first)[place], gaps(second)[place])
      var (kept, lost) = (one, one)
      if gap == one {
        (kept, lost) = (other, other)
      } else if gap.isEmpty {
        (kept, lost) = (one + other, one + other)
      } else if gap != other, one != other {
        (lost, outcome.collides) = (other, true)
      }
      outcome.kept += kept + anchors[place]
      outcome.lost += lost + anchors[place]
    }
    return outcome
  }
}
