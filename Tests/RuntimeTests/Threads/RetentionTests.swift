import Documents
import Testing

@testable import DaybookRuntime

@Suite struct RetentionTests {
  /// A row of checkpoints, each the parent of the next, whose channel `c` is whole at some of them.
  private func kept(_ count: Int, of length: Int, whole: Set<Int>, derived: Set<Int>) -> [Int] {
    func id(_ number: Int) -> String { "c\(number)" }
    let row = (0..<length).map { number in
      Retention.Checkpoint(
        name: CheckpointName(id(number)), parentID: number > 0 ? id(number - 1) : nil,
        derivedChannels: derived.contains(number) ? [ExactText("c")] : [])
    }
    let kept = Retention.kept(of: row, newest: count) { name, channel in
      channel == "c" && whole.contains(Int(name.id.dropFirst()) ?? -1)
    }
    return kept.compactMap { Int($0.id.dropFirst()) }.sorted()
  }

  @Test func theNewestOfANamespaceStay() {
    #expect(kept(1, of: 5, whole: [], derived: []) == [4])
    #expect(kept(3, of: 5, whole: [], derived: []) == [2, 3, 4])
    #expect(kept(9, of: 5, whole: [], derived: []) == [0, 1, 2, 3, 4])
  }

  @Test func theParentsOfADerivedChannelStayUpToItsNearestWholeValue() {
    #expect(kept(1, of: 8, whole: [1, 4], derived: [5, 6, 7]) == [4, 5, 6, 7])
    #expect(kept(1, of: 8, whole: [1, 4, 7], derived: [5, 6, 7]) == [7])
    #expect(kept(1, of: 4, whole: [], derived: [3]) == [0, 1, 2, 3])
  }

  @Test func parentsInACircleEndTheWalk() {
    let circle = [("a", "b"), ("b", "a")].map {
      Retention.Checkpoint(name: CheckpointName($0.0), parentID: $0.1, derivedChannels: [ExactText("c")])
    }
    #expect(Retention.kept(of: circle, newest: 1) { _, _ in false }.count == 2)
  }

  @Test func eachNamespaceCountsByItself() {
    let all = ["", "child"].flatMap { namespace in
      (0..<3).map { number in
        Retention.Checkpoint(
          name: CheckpointName("c\(number)", in: namespace), parentID: nil, derivedChannels: [])
      }
    }
    let kept = Retention.kept(of: all, newest: 1) { _, _ in false }
    #expect(kept == [CheckpointName("c2"), CheckpointName("c2", in: "child")])
  }
}
