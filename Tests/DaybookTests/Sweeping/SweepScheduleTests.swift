import Testing

@testable import Daybook

@Suite struct SweepScheduleTests {
  private static let first = UInt64(Limits.firstSweepMilliseconds)
  private static let rest = UInt64(Limits.sweepRestMilliseconds)

  @Test func theFirstSweepComesSoonAfterOpening() {
    #expect(SweepSchedule(interval: 3_600_000, openedAt: 500).due == 500 + Self.first)
    #expect(SweepSchedule(interval: 20, openedAt: 500).due == 520)
  }

  @Test func whileThereIsMoreItGoesOnAfterAShortRest() {
    var schedule = SweepSchedule(interval: 60_000, openedAt: 0)
    schedule.note(.swept, at: 70_000)
    #expect(schedule.due == 70_000 + Self.rest)
    schedule.note(.through, at: 71_000)
    #expect(schedule.due == 131_000)
  }

  @Test func aFailureIsTriedAgainAtTheNextInterval() {
    var schedule = SweepSchedule(interval: 60_000, openedAt: 0)
    schedule.note(.failed, at: 10_000)
    #expect(schedule.due == 70_000)
  }

  @Test func thePauseEndsWhenItIsDue() {
    let schedule = SweepSchedule(interval: 1_000, openedAt: 0)
    #expect(schedule.pause(at: 400) == 600)
    #expect(schedule.pause(at: 1_000) == 0 && schedule.pause(at: 9_000) == 0)
  }

  @Test(arguments: [
    (Duration.seconds(3), 3_000), (.milliseconds(1_500), 1_500), (.seconds(-4), 0), (.nanoseconds(9), 0),
  ])
  func aDurationIsCountedInWholeMilliseconds(duration: Duration, milliseconds: Int) {
    #expect(duration.milliseconds == milliseconds)
  }

  @Test func aDurationWithoutEndIsLongAndNoMore() {
    #expect(Duration.seconds(Int64.max).milliseconds == 1 << 40)
  }
}
