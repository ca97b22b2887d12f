import TestSupport
import Testing

@testable import Documents

struct JSONAlignmentTests {
  /// Every old and every new place must occur exactly once, in order, and only the right ones may be kept.
  private func check(_ old: [JSONValue], _ new: [JSONValue], _ note: Comment) -> [JSONAlignment.Step] {
    let steps = JSONAlignment.steps(from: old, to: new)
    var (oldPlaces, newPlaces): ([Int], [Int]) = ([], [])
    for step in steps {
      switch step {
      case .keep(let old, let new):
        oldPlaces.append(old)
        newPlaces.append(new)
      case .remove(let old, _): oldPlaces.append(old)
      case .add(let new, _): newPlaces.append(new)
      }
    }
    #expect(oldPlaces == Array(old.indices), note)
    #expect(newPlaces == Array(new.indices), note)
    return steps
  }

  @Test func coversAllElementsOfAllSmallArrays() {
    let arrays: [[JSONValue]] = (0...4).flatMap { length in
      (0..<(1 << length)).map { bits in (0..<length).map { .bool(bits >> $0 & 1 == 1) } }
    }
    for old in arrays {
      for new in arrays {
        let steps = check(old, new, "\(old) \(new)")
        let equal = steps.count { if case .keep(let o, let n) = $0 { old[o] == new[n] } else { false } }
        #expect(equal == longestCommonSubsequence(old, new), "\(old) \(new)")
      }
    }
  }

  /// The textbook recursion.
  private func longestCommonSubsequence(_ one: [JSONValue], _ other: [JSONValue]) -> Int {
    guard let last = one.last, let otherLast = other.last else { return 0 }
    if last == otherLast { return 1 + longestCommonSubsequence(one.dropLast(), other.dropLast()) }
    return max(longestCommonSubsequence(one.dropLast(), other), longestCommonSubsequence(one, other.dropLast()))
  }

  @Test func movesAsFewElementsAsPossible() {
    var random = RepeatableRandom(seed: 3)
    for _ in 0..<300 {
      let old = (0..<Int.random(in: 0...7, using: &random)).map { JSONValue.object(["id": .number(JSONNumber($0))]) }
      let new = (old + [["id": "new"]]).filter { _ in Bool.random(using: &random) }.shuffled(using: &random)
      let steps = check(old, new, "\(old) \(new)")
      for step in steps {
        switch step {
        case .keep(let o, let n), .add(let n, let o?), .remove(let o, let n?): #expect(old[o] == new[n])
        case .add(let n, nil): #expect(!old.contains(new[n]))
        case .remove(let o, nil): #expect(!new.contains(old[o]))
        }
      }
      let kept = steps.count { if case .keep = $0 { true } else { false } }
      #expect(kept == longestCommonSubsequence(old, new))
    }
  }
}
