import Testing

@testable import Daybook

/// A node's turns at the hub, in a time of their own.
struct ReplicationTurnTests {
  /// Pushes without a pause until it is to rest; answers when that is and how long.
  private func push(_ turn: inout ReplicationTurn, from start: Duration) -> (at: Duration, rest: Duration) {
    var now = start
    while true {
      if let rest = turn.rest(at: now) { return (now, rest) }
      turn.notePush(from: now, to: now + .milliseconds(100))
      now += .milliseconds(100)
    }
  }

  @Test func whoPushesWithoutAPauseRestsAsLongAsOthersNeed() {
    var turn = ReplicationTurn(at: .zero)
    let (at, rest) = push(&turn, from: .zero)
    #expect(at == .milliseconds(500))
    #expect(rest == .milliseconds(300))
  }

  @Test func turnsGrowWhileNobodyElseIsThere() {
    var turn = ReplicationTurn(at: .zero)
    var now = Duration.zero
    for length in [500, 1_000, 2_000, 4_000, 8_000, 8_000] {
      let began = now
      now = push(&turn, from: now).at
      #expect(now - began == .milliseconds(length))
      turn.noteLook(at: now, sawOthers: false)
    }
    turn.noteLook(at: now, sawOthers: true)
    #expect(push(&turn, from: now).at - now == .milliseconds(500))
  }

  @Test func whoWasIdleNeedNotRest() {
    var turn = ReplicationTurn(at: .zero)
    #expect(turn.rest(at: .seconds(60)) == nil)
    turn.notePush(from: .seconds(60), to: .seconds(60) + .milliseconds(100))
    #expect(turn.rest(at: .seconds(60) + .milliseconds(101)) == nil)
  }

  @Test func thoseWhoWereJustAnsweredAreWaitedForAShortPartOfAPush() {
    var turn = ReplicationTurn(at: .zero)
    turn.notePush(from: .seconds(60), to: .seconds(60) + .milliseconds(200))
    #expect(turn.gathering(at: .seconds(60) + .milliseconds(203)) == .milliseconds(20))
    #expect(turn.gathering(at: .seconds(61)) == .zero, "who comes later waits for nobody")
    turn.notePush(from: .seconds(70), to: .seconds(79))
    #expect(turn.gathering(at: .seconds(79)) == .milliseconds(50))
  }
}
