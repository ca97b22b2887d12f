import Git
import Testing

/// Where a history can be cut, against a search that tries each commit.
@Suite struct HorizonSearchTests {
  private typealias Entry = HorizonSearch.Entry

  private static func id(_ number: Int) -> ObjectID {
    ObjectID(hashing: Array("\(number)".utf8), as: .commit)
  }

  /// Mostly a line, with branches that come together again, now and then a second beginning.
  private static func history(_ numbers: inout SeededNumbers) -> [Entry] {
    (0..<Int.random(in: 1...14, using: &numbers)).map { place in
      var parents: Set<Int> = []
      if place > 0, Int.random(in: 0..<20, using: &numbers) > 0 {
        parents.insert(
          Int.random(in: 0..<3, using: &numbers) > 0 ? place - 1 : Int.random(in: 0..<place, using: &numbers))
        if Int.random(in: 0..<4, using: &numbers) == 0 { parents.insert(Int.random(in: 0..<place, using: &numbers)) }
      }
      return Entry(
        id: id(place), parents: parents.sorted().map(id), seconds: Int64(place) + skew(&numbers),
        isCandidate: Int.random(in: 0..<5, using: &numbers) > 0)
    }
  }

  /// A clock that is wrong now and then.
  private static func skew(_ numbers: inout SeededNumbers) -> Int64 {
    Int.random(in: 0..<10, using: &numbers) == 0 ? Int64.random(in: -8...4, using: &numbers) : 0
  }

  /// All that a commit comes from, and itself.
  private static func ancestors(of id: ObjectID, in history: [Entry], without cut: ObjectID? = nil) -> Set<ObjectID> {
    var found: Set<ObjectID> = []
    var waiting = [id]
    while let next = waiting.popLast() {
      guard found.insert(next).inserted, next != cut else { continue }
      waiting += history.first { $0.id == next }!.parents
    }
    return found
  }

  /// Whether, when the history is cut at a commit, all before it is gone, nothing else, and all that stays comes from it.
  private static func canBeCut(at place: Int, _ history: [Entry], _ tips: Set<ObjectID>) -> Bool {
    let entry = history[place]
    let behind = ancestors(of: entry.id, in: history).subtracting([entry.id])
    guard !behind.isEmpty, tips.isDisjoint(with: behind) else { return false }
    let all = Set(tips.flatMap { ancestors(of: $0, in: history) })
    let kept = Set(tips.flatMap { ancestors(of: $0, in: history, without: entry.id) })
    return all.subtracting(behind) == kept && kept.allSatisfy { ancestors(of: $0, in: history).contains(entry.id) }
  }

  @Test func theNewestCommitThatCanBeOneIsFound() throws {
    var found = 0
    for seed in 0..<4_000 {
      var numbers = SeededNumbers(seed: UInt64(seed))
      let all = Self.history(&numbers)
      let children = Set(all.flatMap(\.parents))
      var tips = Set(all.map(\.id).filter { !children.contains($0) })
      if let other = all.randomElement(using: &numbers), Bool.random(using: &numbers) { tips.insert(other.id) }
      let seconds = Int64.random(in: 0...14, using: &numbers)
      let expected = all.indices.last {
        all[...$0].allSatisfy { $0.seconds <= seconds } && all[$0].isCandidate && Self.canBeCut(at: $0, all, tips)
      }
      #expect(HorizonSearch.newest(in: all, upTo: seconds, tips: tips) == expected, "seed \(seed)")
      if expected != nil { found += 1 }
    }
    #expect(found > 300, "most histories are of use: \(found)")
  }
}
