import Testing

@testable import Daybook

@Suite struct HandEditScheduleTests {
  @Test func filesThatAreSavedTogetherAreDueTogether() {
    var schedule = HandEditSchedule()
    schedule.notice(["a"], at: 1_000)
    schedule.notice(["b"], at: 1_060)
    #expect(schedule.takeDue(at: 1_120) == [])
    #expect(schedule.due == 1_160)
    #expect(schedule.takeDue(at: 1_160) == ["a", "b"])
    #expect(schedule.due == nil)
  }

  @Test func filesThatGoOnChangingAreDueAtTheLatest() {
    var schedule = HandEditSchedule()
    for time in stride(from: UInt64(0), through: 290, by: 10) { schedule.notice(["a"], at: time) }
    #expect(schedule.takeDue(at: 299) == [])
    #expect(schedule.takeDue(at: 300) == ["a"])
  }

  @Test func aMissingFileCountsAsDeletedOnlyWhenItStaysAway() {
    var schedule = HandEditSchedule()
    schedule.noticeMissing("a", at: 100)
    schedule.noticeMissing("a", at: 1_500)
    #expect(!schedule.isGone("a", at: 2_099))
    #expect(schedule.takeDue(at: 2_100) == ["a"] && schedule.isGone("a", at: 2_100))
    schedule.forget("a")
    #expect(schedule.due == nil && !schedule.isGone("a", at: 9_000))
  }
}
