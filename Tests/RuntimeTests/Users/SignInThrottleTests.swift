import TestSupport
import Testing

@testable import DaybookRuntime

struct SignInThrottleTests {
  private func throttle(_ change: (inout SignInThrottle.Bounds) -> Void = { _ in }) -> SignInThrottle {
    var bounds = SignInThrottle.Bounds()
    change(&bounds)
    return SignInThrottle(bounds: bounds)
  }

  @Test func someTriesAreFreeAndThenEachWaitsTwiceAsLongUpToABound() {
    var throttle = throttle()
    var now = Duration.zero
    for _ in 0..<5 { #expect(throttle.begin(account: "ann", address: "1", at: now) == nil) }
    for wait in [1, 2, 4, 8, 16, 32, 60, 60] {
      #expect(throttle.begin(account: "ann", address: "1", at: now) == .seconds(wait))
      now += .seconds(wait)
      #expect(throttle.begin(account: "ann", address: "1", at: now) == nil)
    }
  }

  @Test func manyAtOnceAreNotManyFreeTries() {
    var throttle = throttle()
    let begun = (0..<1_000).count { _ in throttle.begin(account: "ann", address: "1", at: .zero) == nil }
    #expect(begun == 5)
  }

  @Test func anAddressThatTriesManyAccountsWaitsToo() {
    var throttle = throttle()
    let begun = (0..<1_000).count { throttle.begin(account: "\($0)", address: "1", at: .zero) == nil }
    #expect(begun == 20)
    #expect(throttle.begin(account: "0", address: "2", at: .zero) == nil)
    #expect(throttle.begin(account: nil, address: "1", at: .zero) != nil)
  }

  @Test func whoSignsInBeginsAfresh() {
    var throttle = throttle()
    for _ in 0..<100 {
      #expect(throttle.begin(account: "ann", address: "1", at: .zero) == nil)
      throttle.succeed(account: "ann", address: "1")
    }
    #expect(throttle.count == 0)
  }

  @Test func anAccountOfOnesOwnDoesNotMakeGuessingAtAnothersCheaper() {
    var throttle = throttle { $0.freeTriesOfAccount = 1_000 }
    var guesses = 0
    for _ in 0..<1_000 {
      if throttle.begin(account: "ann", address: "1", at: .zero) == nil { guesses += 1 }
      if throttle.begin(account: "own", address: "1", at: .zero) == nil {
        throttle.succeed(account: "own", address: "1")
      }
    }
    #expect(guesses <= 20)
  }

  @Test func aTryThatCameToNothingDoesNotCount() {
    var throttle = throttle()
    for _ in 0..<100 {
      #expect(throttle.begin(account: "ann", address: "1", at: .zero) == nil)
      throttle.takeBack(account: "ann", address: "1")
    }
    #expect(throttle.count == 0)
  }

  @Test func whoDoesNotTryForAnHourBeginsAfresh() {
    var throttle = throttle()
    for _ in 0..<5 { _ = throttle.begin(account: "ann", address: "1", at: .zero) }
    #expect(throttle.begin(account: "ann", address: "1", at: .milliseconds(500)) != nil)
    for _ in 0..<5 { #expect(throttle.begin(account: "ann", address: "1", at: .seconds(3_600)) == nil) }
  }

  @Test func theTableStaysWithinItsBound() {
    var throttle = throttle { $0.entries = 100 }
    for number in 0..<5_000 {
      _ = throttle.begin(account: "\(number)", address: "\(number)", at: .milliseconds(number))
      #expect(throttle.count <= 100)
    }
    // Whoever tried lately is still known.
    var again = 0
    while throttle.begin(account: "4999", address: "x", at: .seconds(5)) == nil { again += 1 }
    #expect(again == 4)
  }

  /// Random tries beside a list of all that happened, from which each answer is worked out anew.
  @Test(arguments: 0..<10) func anAccountNeverHasMoreTriesThanItsDelaysAllow(seed: Int) {
    var random = RepeatableRandom(seed: UInt64(seed))
    var throttle = throttle { $0.freeTriesOfAddress = 1_000_000 }
    var now = Duration.zero
    var tries: [String: [Duration]] = [:]
    for _ in 0..<2_000 {
      now += .milliseconds(Int.random(in: 0...3_000, using: &random))
      let account = ["ann", "bob", "eve"].randomElement(using: &random) ?? "ann"
      let before = tries[account] ?? []
      let delay = before.count < 5 ? Duration.zero : min(.seconds(1 << min(before.count - 5, 20)), .seconds(60))
      let due = (before.last ?? .zero) + delay
      let wait = throttle.begin(account: account, address: "1", at: now)
      #expect((wait == nil) == (now >= due), "after \(before.count) tries")
      if wait == nil { tries[account, default: []].append(now) } else { #expect(now + (wait ?? .zero) == due) }
      if Int.random(in: 0..<50, using: &random) == 0 {
        throttle.succeed(account: account, address: "1")
        tries[account] = []
      }
    }
  }
}
