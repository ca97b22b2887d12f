import Testing

@testable import DaybookServer

struct SyncScheduleTests {
  private var pace: SyncSchedule.Pace {
    var pace = SyncSchedule.Pace()
    pace.interval = .seconds(100)
    pace.afterWrites = .seconds(2)
    pace.firstRetry = .seconds(4)
    pace.longestRetry = .seconds(60)
    return pace
  }

  @Test func theFirstIsDueAtOnceAndTheNextAfterAboutTheInterval() {
    var schedule = SyncSchedule(pace, at: .seconds(5))
    #expect(schedule.due == .seconds(5))
    for chance in [0, 0.3, 1] {
      schedule.noteSuccess(at: .seconds(10), chance: chance)
      #expect(schedule.due > .seconds(99) && schedule.due < .seconds(121))
    }
  }

  @Test func whatIsWrittenGoesSoonHoweverLongTheWritingGoesOn() {
    var schedule = SyncSchedule(pace, at: .zero)
    schedule.noteSuccess(at: .zero, chance: 0.5)
    schedule.noteWrite(at: .seconds(7))
    schedule.noteWrite(at: .seconds(8))
    #expect(schedule.due == .seconds(9))
    schedule.noteSuccess(at: .seconds(9), chance: 0.5)
    #expect(schedule.due == .seconds(109))
    schedule.noteWrite(at: .seconds(108.5))
    #expect(schedule.due == .seconds(109))
  }

  @Test func afterFailuresItIsLaterAndLaterUpToABound() {
    var schedule = SyncSchedule(pace, at: .zero)
    var delays: [Duration] = []
    for _ in 0..<7 {
      schedule.noteFailure(at: .zero, chance: 1)
      delays.append(schedule.due)
    }
    #expect(delays == [4, 8, 16, 32, 60, 60, 60].map { .seconds($0) })
    schedule.noteFailure(at: .zero, chance: 0)
    #expect(schedule.due == .seconds(30))
  }

  @Test func writesDoNotHurryARemoteThatIsAway() {
    var schedule = SyncSchedule(pace, at: .zero)
    for _ in 0..<5 { schedule.noteFailure(at: .zero, chance: 1) }
    schedule.noteWrite(at: .seconds(1))
    #expect(schedule.due == .seconds(60))
    schedule.noteSuccess(at: .seconds(60), chance: 0.5)
    #expect(schedule.failures == 0 && schedule.due == .seconds(160))
  }
}
