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
  private let ann = Caller(user: "ann", author: Author(name: "Ann", email: "ann@example.org"))

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
    negotiations = Negotiations(store)
    let hours = Hours()
    deferred = DeferredWrites(bounds: DeferredQueue.Bounds()) { hours.next() }
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

  /// Fails for some times, for a reason that passes.
  private final class Obstacle: Sendable {
    private let rest: Mutex<Int>
    init(times: Int) { rest = Mutex(times) }

    func pass() throws {
      let isThere = rest.withLock { rest in
        rest -= 1
        return rest >= 0
      }
      if isThere { throw StoreError(.busy, "Too many writes wait for the store.") }
    }
  }

  private func settled(_ ticket: String) async throws -> DeferredState {
    while true {
      let state = try deferred.state(of: ticket, for: ann)
      guard case .waiting = state else { return state }
      await Task.yield()
    }
  }

  private func creating(_ text: String, _ obstacle: Obstacle) -> DeferredWrites.Write {
    { [negotiations, ann] in
      try obstacle.pass()
      return DeferredResult(try await negotiations.create(Demand(text), for: ann))
    }
  }

  @Test func aWriteThatCanBeMadeIsMadeAtOnce() async throws {
    let outcome = try await deferred.write(bytes: 10, for: ann, creating("now", Obstacle(times: 0)))
    guard case .done(let result) = outcome else {
      Issue.record("it was deferred")
      return
    }
    #expect(result.sequence == store.snapshot().sequence)
    await deferred.close()
    try await store.close()
  }

  @Test func aWriteThatCannotBeMadeNowIsMadeLaterInItsOrder() async throws {
    let first = try await deferred.write(bytes: 10, for: ann, creating("first", Obstacle(times: 4)))
    let second = try await deferred.write(bytes: 10, for: ann, creating("second", Obstacle(times: 0)))
    guard case .accepted(let ticket) = first else {
      Issue.record("it was not deferred")
      return
    }
    guard case .done(let result) = try await settled(ticket) else {
      Issue.record("it failed")
      return
    }
    #expect(result.documents.map(\.address.collection.text) == ["negotiations"])
    if case .accepted(let ticket) = second { _ = try await settled(ticket) }
    let found = try negotiations.history(for: ann).documents.compactMap { $0.root["demand_text"]?.string }
    #expect(Set(found) == ["first", "second"])
    await deferred.close()
    try await store.close()
  }

  @Test func aRefusalIsToldAtOnceOrByTheTicket() async throws {
    await expectRefusal(.invalid, of: store) {
      _ = try await deferred.write(bytes: 1, for: ann, creating("", Obstacle(times: 0)))
    }
    let ticket = try deferred.accept(bytes: 1, for: ann, creating("", Obstacle(times: 2)))
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
    for number in 0..<50 {
      _ = try deferred.accept(bytes: 1, for: ann, creating("\(number)", Obstacle(times: 0)))
    }
    await deferred.close()
    #expect(deferred.counts.done == 50)
    #expect(try store.snapshot().count(of: "negotiations") == 50)
    await expectRefusal(.unavailable, of: store) {
      _ = try deferred.accept(bytes: 1, for: ann, creating("late", Obstacle(times: 0)))
    }
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
    let (gate, opener) = AsyncStream.makeStream(of: Void.self)
    let blocked = try deferred.accept(bytes: 1, for: ann) { [negotiations, ann] in
      for await _ in gate { break }
      return DeferredResult(try await negotiations.create(Demand("before"), for: ann))
    }
    let outcome = try await negotiations.assist(id, with: pieces(["text"]), for: ann, deferring: deferred) { _ in }
    guard case .accepted(let ticket) = outcome else {
      Issue.record("it was not deferred")
      return
    }
    #expect(try assistOutput(id) == nil)
    opener.yield()
    _ = try await (settled(blocked), settled(ticket))
    #expect(try assistOutput(id) == "text")
    await deferred.close()
    try await store.close()
  }
}
