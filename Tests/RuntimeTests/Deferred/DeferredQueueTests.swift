import Daybook
import TestSupport
import Testing

@testable import DaybookRuntime

/// The queue of deferred writes as a value: no clock, no task, no store.
struct DeferredQueueTests {
  private let good = Result<DeferredResult, StoreError>.success(DeferredResult(documents: [], sequence: 7))
  private func bad(_ code: StoreError.Code) -> Result<DeferredResult, StoreError> {
    .failure(StoreError(code, "It went wrong."))
  }

  private func queue(_ change: (inout DeferredQueue.Bounds) -> Void = { _ in }) -> DeferredQueue {
    var bounds = DeferredQueue.Bounds()
    change(&bounds)
    return DeferredQueue(bounds: bounds)
  }

  @Test func writesAreMadeOneByOneInTheOrderInWhichTheyCame() throws {
    var queue = queue()
    #expect(queue.next(at: .zero) == .idle)
    for ticket in ["a", "b"] { try queue.accept(ticket, of: "ann", bytes: 10) }
    #expect(queue.next(at: .zero) == .run("a"))
    #expect(queue.next(at: .zero) == .idle, "one at a time")
    queue.finish(good, at: .zero)
    #expect(queue.next(at: .zero) == .run("b"))
    queue.finish(good, at: .zero)
    #expect(queue.next(at: .zero) == .idle)
    #expect(queue.counts.done == 2 && queue.counts.bytes == 0)
  }

  @Test(arguments: [StoreError.Code.unavailable, .busy, .conflict])
  func whatPassesIsTriedAgainLaterAndKeepsTheOthersWaiting(code: StoreError.Code) throws {
    var queue = queue()
    for ticket in ["a", "b"] { try queue.accept(ticket, of: "ann", bytes: 1) }
    _ = queue.next(at: .zero)
    queue.finish(bad(code), at: .seconds(1))
    #expect(queue.next(at: .seconds(1)) == .wait(.milliseconds(100)))
    guard case .waiting(1, let error?) = queue.state(of: "a", for: "ann") else {
      Issue.record("it does not wait")
      return
    }
    #expect(error.code == code)
    #expect(queue.next(at: .milliseconds(1_100)) == .run("a"))
    queue.finish(good, at: .milliseconds(1_100))
    #expect(queue.next(at: .milliseconds(1_100)) == .run("b"))
  }

  @Test(arguments: [StoreError.Code.invalid, .notFound, .refused, .limit, .keyMissing, .damaged])
  func aRefusalIsKeptAndTheNextGoesOn(code: StoreError.Code) throws {
    var queue = queue()
    for ticket in ["a", "b"] { try queue.accept(ticket, of: "ann", bytes: 1) }
    _ = queue.next(at: .zero)
    queue.finish(bad(code), at: .zero)
    guard case .failed(let error) = queue.state(of: "a", for: "ann") else {
      Issue.record("it has not failed")
      return
    }
    #expect(error.code == code)
    #expect(queue.next(at: .zero) == .run("b"))
  }

  @Test func theDelayDoublesUpToHalfAMinute() {
    let delays = (1...12).map { DeferredQueue.delay(afterAttempts: $0) }
    #expect(delays.prefix(3) == [.milliseconds(100), .milliseconds(200), .milliseconds(400)])
    #expect(delays.suffix(2) == [.seconds(30), .seconds(30)])
    #expect(DeferredQueue.delay(afterAttempts: .max) == .seconds(30))
  }

  @Test(arguments: [(StoreError.Code.busy, 5), (.conflict, 2)])
  func aWriteIsGivenUpAfterEnoughAttempts(code: StoreError.Code, attempts: Int) throws {
    var queue = queue { ($0.attempts, $0.conflicts) = (5, 2) }
    try queue.accept("a", of: "ann", bytes: 1)
    for attempt in 1...attempts {
      #expect(queue.next(at: .seconds(100 * attempt)) == .run("a"))
      queue.finish(bad(code), at: .seconds(100 * attempt))
    }
    #expect(queue.counts.failed == 1 && queue.counts.retried == attempts - 1)
    #expect(queue.next(at: .seconds(10_000)) == .idle)
  }

  @Test func tooManyWritesOrBytesAreNotAccepted() throws {
    var queue = queue { ($0.writes, $0.bytes) = (3, 100) }
    try queue.accept("a", of: "ann", bytes: 60)
    #expect(throws: StoreError.self) { try queue.accept("b", of: "ann", bytes: 41) }
    try queue.accept("c", of: "ann", bytes: 40)
    try queue.accept("d", of: "ann", bytes: 0)
    let error = #expect(throws: StoreError.self) { try queue.accept("e", of: "ann", bytes: 0) }
    #expect(error?.code == .busy)
    _ = queue.next(at: .zero)
    queue.finish(good, at: .zero)
    try queue.accept("f", of: "ann", bytes: 60)
    #expect(queue.counts.waiting == 3 && queue.counts.bytes == 100)
  }

  @Test func aTicketOfSomebodyElseIsNotThere() throws {
    var queue = queue()
    try queue.accept("a", of: "ann", bytes: 1)
    #expect(queue.state(of: "a", for: "bob") == nil)
    _ = queue.next(at: .zero)
    queue.finish(good, at: .zero)
    #expect(queue.state(of: "a", for: "bob") == nil)
    #expect(queue.state(of: "a", for: "ann") != nil)
  }

  @Test func theOldestThatAreOverAreForgotten() throws {
    var queue = queue { $0.remembered = 2 }
    for ticket in ["a", "b", "c"] {
      try queue.accept(ticket, of: "ann", bytes: 1)
      _ = queue.next(at: .zero)
      queue.finish(good, at: .zero)
    }
    #expect(queue.state(of: "a", for: "ann") == nil)
    #expect(queue.state(of: "b", for: "ann") != nil)
    #expect(queue.counts.done == 3)
  }

  @Test func aClosedQueueTriesEachWriteOnceMoreAndEnds() throws {
    var queue = queue()
    for ticket in ["a", "b"] { try queue.accept(ticket, of: "ann", bytes: 1) }
    _ = queue.next(at: .zero)
    queue.finish(bad(.busy), at: .zero)
    queue.close()
    try? queue.accept("c", of: "ann", bytes: 1)
    #expect(queue.state(of: "c", for: "ann") == nil)
    #expect(queue.next(at: .zero) == .run("a"), "it does not wait any longer")
    queue.finish(good, at: .zero)
    #expect(queue.next(at: .zero) == .run("b"))
    queue.finish(bad(.busy), at: .zero)
    #expect(queue.next(at: .zero) == .end)
    #expect(queue.isOver("a") && !queue.isOver("b"), "what cannot be made now is left over")
    #expect(queue.counts.failed == 0 && queue.counts.done == 1)
  }

  @Test func whatKeepsOneUsersWritesFromBeingMadeKeepsNobodyElses() throws {
    var queue = queue()
    for ticket in ["a1", "a2"] { try queue.accept(ticket, of: "ann", bytes: 1) }
    for ticket in ["b1", "b2"] { try queue.accept(ticket, of: "bob", bytes: 1) }
    #expect(queue.next(at: .zero) == .run("a1"))
    queue.finish(bad(.unavailable), at: .zero)
    for ticket in ["b1", "b2"] {
      #expect(queue.next(at: .zero) == .run(ticket))
      queue.finish(good, at: .zero)
    }
    #expect(queue.next(at: .zero) == .wait(.milliseconds(100)))
    #expect(!queue.hasWaiting(for: "bob") && queue.hasWaiting(for: "ann"))
    for ticket in ["a1", "a2"] {
      #expect(queue.next(at: .seconds(1)) == .run(ticket))
      queue.finish(good, at: .seconds(1))
    }
    #expect(queue.next(at: .seconds(1)) == .idle)
  }

  @Test func oneUserDoesNotTakeAllThePlaces() throws {
    var queue = queue { ($0.writes, $0.writesOfUser, $0.bytesOfUser) = (5, 3, 10) }
    for ticket in ["a", "b", "c"] { try queue.accept(ticket, of: "ann", bytes: 1) }
    #expect(throws: StoreError.self) { try queue.accept("d", of: "ann", bytes: 1) }
    #expect(throws: StoreError.self) { try queue.accept("e", of: "bob", bytes: 11) }
    for ticket in ["f", "g"] { try queue.accept(ticket, of: "bob", bytes: 1) }
    #expect(throws: StoreError.self) { try queue.accept("h", of: "eve", bytes: 1) }
  }

  /// Random events beside the simplest thing that could be meant: a list for each user, of which the first is tried until
  /// it is over.
  @Test(arguments: 0..<20) func everyAcceptedWriteIsOverExactlyOnceAndInTheOrderOfItsUser(seed: Int) throws {
    var random = RepeatableRandom(seed: UInt64(seed))
    var queue = queue {
      ($0.writes, $0.bytes, $0.attempts, $0.conflicts) = (6, 60, 4, 2)
      ($0.writesOfUser, $0.bytesOfUser) = (4, 50)
    }
    typealias Write = (ticket: String, bytes: Int, attempts: Int, conflicts: Int)
    var model: [String: [Write]] = ["ann": [], "bob": [], "eve": []]
    func bytes(_ lines: [[Write]]) -> Int { lines.joined().reduce(0) { $0 + $1.bytes } }
    var over: [String: [Int]] = [:]
    var accepted = 0
    var now = Duration.zero
    for _ in 0..<600 {
      now += .milliseconds(Int.random(in: 0...40_000, using: &random))
      let user = ["ann", "bob", "eve"].randomElement(using: &random)!
      if Bool.random(using: &random) {
        let count = Int.random(in: 0...20, using: &random)
        let own = model[user]!
        let fits =
          model.values.joined().count < 6 && bytes(Array(model.values)) + count <= 60 && own.count < 4
          && bytes([own]) + count <= 50
        let isAccepted = (try? queue.accept("\(accepted)", of: user, bytes: count)) != nil
        #expect(isAccepted == fits)
        if fits { model[user]?.append(("\(accepted)", count, 0, 0)) }
        accepted += 1
      }
      guard case .run(let ticket) = queue.next(at: now) else { continue }
      let running = try #require(model.first { $0.value.first?.ticket == ticket }?.key, "it is the first of its line")
      let code = [nil, StoreError.Code.busy, .conflict, .invalid].randomElement(using: &random) ?? nil
      queue.finish(code.map(bad) ?? good, at: now)
      model[running]![0].attempts += 1
      if code == .conflict { model[running]![0].conflicts += 1 }
      let first = model[running]![0]
      let goesOn = first.attempts < 4 && (code == .busy || code == .conflict && first.conflicts < 2)
      if !goesOn { over[running, default: []].append(Int(model[running]!.removeFirst().ticket) ?? 0) }
      #expect(queue.counts.waiting == model.values.joined().count)
      #expect(queue.counts.bytes == bytes(Array(model.values)))
      #expect(queue.counts.done + queue.counts.failed == over.values.joined().count)
    }
    #expect(over.values.joined().count > 50)
    for tickets in over.values { #expect(tickets == tickets.sorted()) }
  }
}
