package import Daybook
import Documents
import Synchronization

/// Writes that are accepted at once and made as soon as it can be, for applications that a failing write must not stop.
///
/// ```swift
/// let outcome = try await deferred.write(bytes: text.utf8.count, for: caller) {
///   DeferredResult(try await negotiations.setAssistOutput(id, to: text, for: caller))
/// }
/// ```
///
/// They are kept in memory only: one that waits when the process dies is lost, which its caller was told by getting a
/// ticket in place of a result. `DeferredQueue` says what is tried when.
package final class DeferredWrites: Sendable {
  /// Makes the write; throws what the store throws.
  package typealias Write = @Sendable () async throws -> DeferredResult

  package enum Outcome: Sendable {
    /// It was made.
    case done(DeferredResult)
    /// It will be made; `state` tells what becomes of this ticket.
    case accepted(ticket: String)
  }

  private let worker: DeferredWorker
  private let task: Task<Void, Never>

  package convenience init() { self.init(bounds: DeferredQueue.Bounds()) }

  /// - Parameter now: how long some moment is past, by a clock that never goes back.
  init(bounds: DeferredQueue.Bounds, now: (@Sendable () -> Duration)? = nil) {
    let start = ContinuousClock.now
    let worker = DeferredWorker(bounds: bounds, now: now ?? { ContinuousClock.now - start })
    self.worker = worker
    task = Task { await worker.run() }
  }

  deinit { worker.close() }

  /// Makes a write now, or later when it fails for a reason that passes, or others wait.
  ///
  /// - Parameter bytes: about how much memory the write takes while it waits.
  /// - Throws: what refuses the write for good; `.busy` when too much waits.
  package func write(bytes: Int, for caller: Caller, _ write: @escaping Write) async throws -> Outcome {
    if !worker.hasWaiting {
      do {
        return .done(try await write())
      } catch let error as StoreError where error.mayPass && error.code != .conflict {
        return .accepted(ticket: try accept(bytes: bytes, for: caller, write))
      }
    }
    return .accepted(ticket: try accept(bytes: bytes, for: caller, write))
  }

  /// Accepts a write to be made behind those that wait, and returns its ticket.
  ///
  /// - Throws: `.busy` when too much waits, `.unavailable` when the service ends.
  package func accept(bytes: Int, for caller: Caller, _ write: @escaping Write) throws(StoreError) -> String {
    try worker.accept(bytes: bytes, of: caller.user, write)
  }

  /// What became of a ticket.
  ///
  /// - Throws: `.notFound` for one that there is not, that is somebody else's, or that was over long ago.
  package func state(of ticket: String, for caller: Caller) throws(StoreError) -> DeferredState {
    if let state = worker.state(of: ticket, for: caller.user) { return state }
    throw StoreError(
      .notFound, "There is no ticket '\(ticket)'.", hint: "Tickets are forgotten after a while, and with a restart.")
  }

  package var counts: DeferredCounts { worker.counts }

  /// Accepts no more, tries each write that waits once more, and returns when all are over.
  package func close() async {
    worker.close()
    await task.value
  }
}

/// The one task's side of `DeferredWrites`.
private final class DeferredWorker: Sendable {
  private struct State {
    var queue: DeferredQueue
    var writes: [String: DeferredWrites.Write] = [:]
  }

  private let state: Mutex<State>
  private let now: @Sendable () -> Duration
  private let wakes: AsyncStream<Void>
  private let waker: AsyncStream<Void>.Continuation

  init(bounds: DeferredQueue.Bounds, now: @escaping @Sendable () -> Duration) {
    state = Mutex(State(queue: DeferredQueue(bounds: bounds)))
    self.now = now
    (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  var hasWaiting: Bool { state.withLock { $0.queue.hasWaiting } }
  var counts: DeferredCounts { state.withLock { $0.queue.counts } }

  func state(of ticket: String, for user: String) -> DeferredState? {
    state.withLock { $0.queue.state(of: ticket, for: user) }
  }

  func accept(bytes: Int, of user: String, _ write: @escaping DeferredWrites.Write) throws(StoreError) -> String {
    let ticket = Self.makeTicket()
    try state.withLock { state throws(StoreError) in
      try state.queue.accept(ticket, of: user, bytes: bytes)
      state.writes[ticket] = write
    }
    waker.yield()
    return ticket
  }

  func close() {
    state.withLock { $0.queue.close() }
    waker.yield()
  }

  func run() async {
    // The first look is for one who closes before anything was accepted.
    waker.yield()
    for await _ in wakes {
      if await makeWhatIsDue() { return }
    }
  }

  /// Returns whether this was all for good.
  private func makeWhatIsDue() async -> Bool {
    while true {
      switch state.withLock({ $0.queue.next(at: now()) }) {
      case .run(let ticket): await make(ticket)
      case .wait(let duration):
        let waker = waker
        Task {
          try? await Task.sleep(for: duration)
          waker.yield()
        }
        return false
      case .idle: return false
      case .end: return true
      }
    }
  }

  private func make(_ ticket: String) async {
    guard let write = state.withLock({ $0.writes[ticket] }) else { return }
    let result: Result<DeferredResult, StoreError>
    do {
      result = .success(try await write())
    } catch {
      result = .failure(
        error as? StoreError ?? StoreError(.refused, "The write was given up by the service.", cause: error))
    }
    state.withLock { state in
      state.queue.finish(result, at: now())
      if !state.queue.isWaiting(ticket) { state.writes[ticket] = nil }
    }
  }

  /// A random name that nobody guesses.
  private static func makeTicket() -> String {
    var generator = SystemRandomNumberGenerator()
    let digits = (0..<4).map { _ in String(generator.next() as UInt64, radix: 36) }
    return digits.joined()
  }
}
