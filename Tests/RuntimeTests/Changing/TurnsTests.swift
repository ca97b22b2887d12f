import Synchronization
import Testing

@testable import DaybookRuntime

struct TurnsTests {
  private final class Log: Sendable {
    private let state = Mutex((now: 0, most: 0, order: [Int]()))

    func enter(_ number: Int) {
      state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.order + [number]) }
    }
    func leave() { state.withLock { $0.now -= 1 } }
    var most: Int { state.withLock { $0.most } }
    var order: [Int] { state.withLock { $0.order } }
  }

  @Test func oneHasTheTurnOfASubjectAtATimeAndAllGetIt() async throws {
    let (turns, log) = (Turns(), Log())
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<100 {
        group.addTask {
          try await turns.take(of: "a") {
            log.enter(number)
            await Task.yield()
            log.leave()
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(log.most == 1)
    #expect(Set(log.order).count == 100)
  }

  @Test func turnsComeInTheOrderInWhichTheyWereAskedForAndOtherSubjectsDoNotWait() async throws {
    let (turns, log) = (Turns(), Log())
    let (gate, opener) = AsyncStream.makeStream(of: Void.self)
    let first = Task { try await turns.take(of: "a") { for await _ in gate { break } } }
    while turns.load != 1 { await Task.yield() }
    var others: [Task<Void, any Error>] = []
    for number in 0..<10 {
      others.append(Task { try await turns.take(of: "a") { log.enter(number) } })
      while turns.load != number + 2 { await Task.yield() }
    }
    try await turns.take(of: "b") { log.enter(-1) }
    #expect(log.order == [-1])
    opener.yield()
    try await first.value
    for other in others { try await other.value }
    #expect(log.order == [-1] + Array(0..<10))
    #expect(turns.load == 0)
  }

  @Test func whoGivesUpNoLongerWaitsAndHoldsUpNobody() async throws {
    let (turns, log) = (Turns(), Log())
    let (gate, opener) = AsyncStream.makeStream(of: Void.self)
    let first = Task { try await turns.take(of: "a") { for await _ in gate { break } } }
    while turns.load != 1 { await Task.yield() }
    let second = Task { try await turns.take(of: "a") { log.enter(2) } }
    let third = Task { try await turns.take(of: "a") { log.enter(3) } }
    while turns.load != 3 { await Task.yield() }
    second.cancel()
    await #expect(throws: CancellationError.self) { try await second.value }
    opener.yield()
    try await first.value
    try await third.value
    #expect(log.order == [3])
    #expect(turns.load == 0)
  }

  @Test func aFailurePassesTheTurnOn() async throws {
    struct Failure: Error {}
    let turns = Turns()
    for _ in 0..<3 {
      await #expect(throws: Failure.self) { try await turns.take(of: "a") { throw Failure() } }
    }
    #expect(turns.load == 0)
  }
}
