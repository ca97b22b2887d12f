import Daybook
import Documents
import Synchronization
import TestSupport
import Testing

@testable import DaybookRuntime

/// Deferred writes with a store behind them. Each look at the clock is an hour later, so that no test waits for a delay.
struct DeferredWritesTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let deferred: DeferredWrites
  private let negotiations: Negotiations
  private let obstacle = Obstacle()
  private let ann = Caller.ann

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
    negotiations = Negotiations(store)
    deferred = try Self.deferred(store, obstacle)
  }

  private static func deferred(_ store: Store, _ obstacle: Obstacle) throws -> DeferredWrites {
    let (hours, negotiations) = (Hours(), Negotiations(store))
    var bounds = DeferredQueue.Bounds()
    bounds.attempts = .max
    return try DeferredWrites(store, bounds: bounds, now: { hours.next() }) { write, caller in
      try await obstacle.pass()
      return try await write.make(in: negotiations, for: caller)
    }
  }

  private final class Hours: Sendable {
    private let count = Mutex(0)
    func next() -> Duration {
      .seconds(
        3_600
          * count.withLock {
            $0 += 1
            return $0
          })
    }
  }

  /// Stands in the way for some times, for a reason that passes.
  private final class Obstacle: Sendable {
    private let rest = Mutex(0)

    func set(times: Int) { rest.withLock { $0 = times } }

    /// Without a delay between its tries the queue would hold a thread for good, and two queues all that tests have.
    func pass() async throws {
      await Task.yield()
      let isThere = rest.withLock { rest in
        rest -= 1
        return rest >= 0
      }
      if isThere { throw StoreError(.unavailable, "The disk is full.") }
    }
  }

  private func settled(_ ticket: String, _ deferred: DeferredWrites? = nil) async throws -> DeferredState {
    while true {
      let state = try (deferred ?? self.deferred).state(of: ticket, for: ann)
      guard case .waiting = state else { return state }
      await Task.yield()
    }
  }

  private func ticket(_ outcome: DeferredWrites.Outcome) throws -> String {
    guard case .accepted(let ticket) = outcome else { throw StoreError(.invalid, "It was not deferred.") }
    return ticket
  }

  private func demands(_ store: Store) throws -> [String] {
    try Negotiations(store).history(for: ann).documents.compactMap { $0.root["demand_text"]?.string }.sorted()
  }

  @Test func aWriteThatCanBeMadeIsMadeAtOnce() async throws {
    let outcome = try await deferred.write(.create(Demand("now")), for: ann)
    guard case .done(let result) = outcome else {
      Issue.record("it was deferred")
      return
    }
    #expect(result.sequence == store.snapshot().sequence)
    await deferred.close()
    try await store.close()
  }

  @Test func aWriteThatCannotBeMadeNowIsMadeLaterInItsOrder() async throws {
    obstacle.set(times: 4)
    let first = try ticket(try await deferred.write(.create(Demand("first")), for: ann))
    let second = try await deferred.accept(.create(Demand("second")), for: ann)
    guard case .done(let result) = try await settled(first) else {
      Issue.record("it failed")
      return
    }
    #expect(result.documents.map(\.address.collection.text) == ["negotiations"])
    _ = try await settled(second)
    #expect(try demands(store) == ["first", "second"])
    await deferred.close()
    #expect(try store.localFiles(in: "deferred").names() == [])
    try await store.close()
  }

  @Test func aRefusalIsToldAtOnceOrByTheTicket() async throws {
    await expectRefusal(.invalid, of: store) { _ = try await deferred.write(.create(Demand("")), for: ann) }
    obstacle.set(times: 2)
    let ticket = try await deferred.accept(.create(Demand("")), for: ann)
    guard case .failed(let error) = try await settled(ticket) else {
      Issue.record("it did not fail")
      return
    }
    #expect(error.code == .invalid)
    #expect(deferred.counts.failed == 1 && deferred.counts.waiting == 0)
    await expectRefusal(.notFound, of: store) {
      _ = try deferred.state(of: ticket, for: .owner(ann.author))
    }
    await deferred.close()
    try await store.close()
  }

  @Test func closingMakesWhatWaits() async throws {
    for number in 0..<50 { _ = try await deferred.accept(.create(Demand("\(number)")), for: ann) }
    await deferred.close()
    #expect(deferred.counts.done == 50)
    #expect(try store.snapshot().count(of: "negotiations") == 50)
    await expectRefusal(.unavailable, of: store) { _ = try await deferred.accept(.create(Demand("late")), for: ann) }
    #expect(try store.localFiles(in: "deferred").names() == [])
    try await store.close()
  }

  // MARK: What outlives the process

  @Test func whatCannotBeMadeIsMadeWhenTheStoreIsOpenedAgain() async throws {
    obstacle.set(times: .max)
    let id = try await negotiations.create(Demand("d"), for: ann).address.id.text
    var tickets: [String] = []
    for write in [NegotiationWrite.begin(id), .addOffers([["agent_id": "a", "text": "Mine."]], to: id)] {
      tickets.append(try ticket(try await deferred.write(write, for: ann)))
    }
    let bobs = try await deferred.accept(.create(Demand("bob's")), for: .bob)
    await deferred.close()
    try await store.close()

    let reopened = try temporary.open()
    let again = try Self.deferred(reopened, Obstacle())
    for ticket in tickets {
      guard case .done = try await settled(ticket, again) else {
        Issue.record("it was not made")
        continue
      }
    }
    let state = try Negotiations(reopened).state(id, for: ann)
    #expect(state.document.root["status"]?.string == "negotiating" && state.offers.items.count == 1)
    await again.close()
    _ = try again.state(of: bobs, for: .bob)
    #expect(try Negotiations(reopened).history(for: .bob).documents.count == 1)
    try await reopened.close()
  }

  /// The process ended between the commit and the removal of the file.
  @Test func whatWasMadeAlreadyIsNotMadeTwice() async throws {
    obstacle.set(times: .max)
    _ = try await deferred.write(.create(Demand("once")), for: ann)
    await deferred.close()
    let files = store.localFiles(in: "deferred")
    let name = try #require(try files.names().first)
    let content = try #require(try files.read(name))
    for _ in 0..<3 {
      let again = try Self.deferred(store, Obstacle())
      await again.close()
      #expect(try demands(store) == ["once"])
      try files.write(content, as: name)
    }
    try await store.close()
  }

  @Test func whoMayNoLongerDoItHasItNotDone() async throws {
    let negotiations = negotiations
    let strict = try DeferredWrites(store, admits: { $0.user != "ann" }) { write, caller in
      try await write.make(in: negotiations, for: caller)
    }
    let ticket = try await strict.accept(.create(Demand("d")), for: ann)
    guard case .failed(let error) = try await settled(ticket, strict) else {
      Issue.record("it was made")
      return
    }
    #expect(error.code == .refused)
    await strict.close()
    try await store.close()
  }

  // MARK: The text of an assistant

  private func pieces(_ texts: [String], failing: Bool = false) -> AsyncThrowingStream<String, any Error> {
    AsyncThrowingStream { continuation in
      for text in texts { continuation.yield(text) }
      continuation.finish(throwing: failing ? StoreError(.unavailable, "The model has gone.") : nil)
    }
  }

  private func assistOutput(_ id: String) throws -> String? {
    try negotiations.state(id, for: ann).document.root["assist_output"]?.string
  }

  @Test func aStreamedTextIsPassedOnAndKeptWhenItEnds() async throws {
    let id = try await negotiations.create(Demand("d", mode: .polish), for: ann).address.id.text
    var passed: [String] = []
    try await negotiations.assist(id, with: pieces(["Good ", "day"]), for: ann, deferring: deferred) { piece in
      passed.append(piece)
      let kept = try assistOutput(id)
      #expect(kept == nil)
    }
    #expect(passed == ["Good ", "day"])
    #expect(try assistOutput(id) == "Good day")
    try await store.close()
  }

  @Test func whatCameIsKeptWhenTheStreamBreaksOffOrNobodyListens() async throws {
    let id = try await negotiations.create(Demand("d"), for: ann).address.id.text
    await #expect(throws: StoreError.self) {
      try await negotiations.assist(id, with: pieces(["half"], failing: true), for: ann, deferring: deferred) { _ in }
    }
    #expect(try assistOutput(id) == "half")
    try await negotiations.assist(id, with: pieces(["a", "b", "c"]), for: ann, deferring: deferred) { piece in
      if piece == "b" { throw CancellationError() }
    }
    #expect(try assistOutput(id) == "abc")
    await expectRefusal(.notFound, of: store) {
      let nobody = "0190b8a0-7b3c-7def-8000-0123456789ab"
      try await negotiations.assist(nobody, with: pieces(["a"]), for: ann, deferring: deferred) { _ in
        Issue.record("a piece was passed on")
      }
    }
    try await store.close()
  }

  @Test func aTextThatIsTooLongIsPassedOnAndItsBeginningKept() async throws {
    let id = try await negotiations.create(Demand("d"), for: ann).address.id.text
    let piece = String(repeating: "é", count: 100_000)
    var passed = 0
    let all = pieces(Array(repeating: piece, count: 7) + ["end"])
    try await negotiations.assist(id, with: all, for: ann, deferring: deferred) { passed += $0.utf8.count }
    #expect(passed == 1_400_003)
    #expect(try assistOutput(id)?.utf8.count == 1_000_000)
    try await store.close()
  }

  @Test func theStreamEndsWellWhileTheStoreIsBusyAndTheTextIsKeptLater() async throws {
    let id = try await negotiations.create(Demand("d"), for: ann).address.id.text
    obstacle.set(times: .max)
    let outcome = try await negotiations.assist(id, with: pieces(["text"]), for: ann, deferring: deferred) { _ in }
    let ticket = try ticket(outcome)
    #expect(try assistOutput(id) == nil)
    obstacle.set(times: 0)
    _ = try await settled(ticket)
    #expect(try assistOutput(id) == "text")
    await deferred.close()
    try await store.close()
  }
}
