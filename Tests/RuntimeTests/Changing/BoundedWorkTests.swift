import Daybook
import Dispatch
import Synchronization
import Testing

@testable import DaybookRuntime

struct BoundedWorkTests {
  /// How many were there at once.
  private final class Crowd: Sendable {
    private let state = Mutex((now: 0, most: 0))

    func enter() { state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
    func leave() { state.withLock { $0.now -= 1 } }
    var most: Int { state.withLock { $0.most } }
  }

  @Test func neverMoreAreAtWorkThanMayBeAndAllGetTheirTurn() async throws {
    let work = BoundedWork(atOnce: 2, waiting: 100)
    let crowd = Crowd()
    let done = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<60 {
        group.addTask {
          try await work.run {
            crowd.enter()
            for _ in 0..<1_000 { _ = number &* number }
            crowd.leave()
            return number
          }
        }
      }
      return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
    }
    #expect(done.count == 60)
    #expect(crowd.most <= 2)
    #expect(work.load == (0, 0))
  }

  @Test func whoeverComesWhenTooManyWaitIsTurnedAway() async throws {
    let work = BoundedWork(atOnce: 1, waiting: 2)
    let gate = DispatchSemaphore(value: 0)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<3 { group.addTask { try await work.run { gate.wait() } } }
      while work.load != (1, 2) { await Task.yield() }
      let error = await #expect(throws: StoreError.self) { try await work.run {} }
      #expect(error?.code == .busy)
      for _ in 0..<3 { gate.signal() }
      try await group.waitForAll()
    }
    try await work.run {}
    #expect(work.load == (0, 0))
  }

  @Test func whoGivesUpNoLongerWaits() async throws {
    let work = BoundedWork(atOnce: 1, waiting: 2)
    let gate = DispatchSemaphore(value: 0)
    let first = Task { try await work.run { gate.wait() } }
    while work.load != (1, 0) { await Task.yield() }
    let second = Task { try await work.run {} }
    while work.load != (1, 1) { await Task.yield() }
    second.cancel()
    await #expect(throws: CancellationError.self) { try await second.value }
    #expect(work.load == (1, 0))
    gate.signal()
    try await first.value
    #expect(work.load == (0, 0))
  }

  @Test func aFailureOfTheWorkPassesTheTurnOn() async throws {
    let work = BoundedWork(atOnce: 1, waiting: 0)
    for _ in 0..<3 {
      await #expect(throws: StoreError.self) { try await work.run { throw StoreError(.refused, "No.") } }
    }
    #expect(work.load == (0, 0))
  }
}
