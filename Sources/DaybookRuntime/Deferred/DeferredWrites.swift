package import Daybook
import Documents
import Synchronization

/// Writes that are accepted at once and made as soon as it can be, for applications that a failing write must not stop.
///
/// ```swift
/// let deferred = try DeferredWrites(store) { write, caller in try await write.make(in: negotiations, for: caller) }
/// let outcome = try await deferred.write(.setAssistOutput(id, to: text), for: caller)
/// ```
///
/// One that was accepted is on the disk, and is made exactly once, if need be when the store is opened again: unless it is
/// refused for good, which its ticket tells. `DeferredQueue` says what is tried when, `DeferredJournal` how it is kept.
package final class DeferredWrites: Sendable {
  /// Makes a write; throws what the store throws.
  package typealias Make = @Sendable (NegotiationWrite, Caller) async throws -> Document

  package enum Outcome: Sendable {
    /// It was made.
    case done(DeferredResult)
    /// It will be made; `state` tells what becomes of this ticket.
    case accepted(ticket: String)
  }

  private let worker: DeferredWorker
  private let task: Task<Void, Never>

  /// - Parameter admits: whether a caller may still do what was accepted.
  package convenience init(
    _ store: Store, admits: @escaping @Sendable (Caller) -> Bool = { _ in true }, make: @escaping Make
  ) throws(StoreError) {
    try self.init(store, bounds: DeferredQueue.Bounds(), admits: admits, make: make)
  }

  /// - Parameter now: how long some moment is past, by a clock that never goes back.
  init(
    _ store: Store, bounds: DeferredQueue.Bounds, now: (@Sendable () -> Duration)? = nil,
    admits: @escaping @Sendable (Caller) -> Bool = { _ in true }, make: @escaping Make
  ) throws(StoreError) {
    let start = ContinuousClock.now
    let worker = try DeferredWorker(
      store, bounds: bounds, now: now ?? { ContinuousClock.now - start }, admits: admits, make: make)
    self.worker = worker
    task = Task { await worker.run() }
  }

  deinit { worker.close() }

  /// Makes a write now, or later when it fails for a reason that passes, or others of the caller's wait.
  ///
  /// - Throws: what refuses the write for good; `.busy` when too much waits; `.unavailable` when it cannot be kept either.
  package func write(_ write: NegotiationWrite, for caller: Caller) async throws -> Outcome {
    if !worker.hasWaiting(for: caller.user) {
      do {
        return .done(DeferredResult(try await worker.make(write, caller)))
      } catch let error as StoreError where error.mayPass && error.code != .conflict {
        return .accepted(ticket: try await accept(write, for: caller))
      }
    }
    return .accepted(ticket: try await accept(write, for: caller))
  }

  /// Accepts a write to be made behind those of the caller's that wait, and returns its ticket.
  ///
  /// - Throws: `.busy` when too much waits, `.unavailable` when it cannot be kept, or the service ends.
  package func accept(_ write: NegotiationWrite, for caller: Caller) async throws -> String {
    try await worker.accept(write, for: caller)
  }

  /// What became of a ticket.
  ///
  /// - Throws: `.notFound` for one that there is not, that is somebody else's, or that was over long ago.
  package func state(of ticket: String, for caller: Caller) throws(StoreError) -> DeferredState {
    if let state = worker.state(of: ticket, for: caller.user) { return state }
    throw StoreError(
      .notFound, "There is no ticket '\(ticket)'.",
      hint: "Tickets of writes that are over are forgotten after a while, and with a restart.")
  }

  package var counts: DeferredCounts { worker.counts }

  /// Accepts no more, tries each write that waits once more, and returns then. What could not be made is made when the
  /// store is opened again.
  package func close() async {
    worker.close()
    await task.value
  }
}

/// The one task's side of `DeferredWrites`.
private final class DeferredWorker: Sendable {
  private struct State {
    var queue: DeferredQueue
    var writes: [String: DeferredWrite] = [:]
  }

  private let store: Store
  private let journal: DeferredJournal
  private let state: Mutex<State>
  private let now: @Sendable () -> Duration
  private let admits: @Sendable (Caller) -> Bool
  let make: DeferredWrites.Make
  private let wakes: AsyncStream<Void>
  private let waker: AsyncStream<Void>.Continuation

  init(
    _ store: Store, bounds: DeferredQueue.Bounds, now: @escaping @Sendable () -> Duration,
    admits: @escaping @Sendable (Caller) -> Bool, make: @escaping DeferredWrites.Make
  ) throws(StoreError) {
    self.store = store
    journal = DeferredJournal(store)
    var first = State(queue: DeferredQueue(bounds: bounds))
    for write in try journal.left() {
      first.queue.restore(write.ticket, of: write.caller.user, bytes: write.bytes)
      first.writes[write.ticket] = write
    }
    state = Mutex(first)
    self.now = now
    self.admits = admits
    self.make = make
    (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func hasWaiting(for user: String) -> Bool { state.withLock { $0.queue.hasWaiting(for: user) } }
  var counts: DeferredCounts { state.withLock { $0.queue.counts } }

  func state(of ticket: String, for user: String) -> DeferredState? {
    state.withLock { $0.queue.state(of: ticket, for: user) }
  }

  func accept(_ write: NegotiationWrite, for caller: Caller) async throws -> String {
    let write = DeferredWrite(ticket: store.makeID().text, caller: caller, acceptedAt: store.now, write: write)
    // It blocks for as long as the disk takes.
    try await Blocking.run { try self.journal.add(write) }
    do {
      try state.withLock { state throws(StoreError) in
        try state.queue.accept(write.ticket, of: caller.user, bytes: write.bytes)
        state.writes[write.ticket] = write
      }
    } catch {
      try journal.remove(write.ticket)
      throw error
    }
    waker.yield()
    return write.ticket
  }

  func close() {
    state.withLock { $0.queue.close() }
    waker.yield()
  }

  func run() async {
    // The first look is for what was left, and for one who closes before anything was accepted.
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
    let result = await result(of: write)
    let isOver = state.withLock { state in
      state.queue.finish(result, at: now())
      guard state.queue.isOver(ticket) else { return false }
      state.writes[ticket] = nil
      return true
    }
    // A file that stays does no harm: the commits tell that its write was made.
    if isOver { try? journal.remove(ticket) }
  }

  private func result(of write: DeferredWrite) async -> Result<DeferredResult, StoreError> {
    do {
      guard admits(write.caller) else {
        throw StoreError(.refused, "'\(write.caller.user)' may not do that any more.")
      }
      // The commits keep the ticket, by which it is known after a kill that this was made.
      return .success(DeferredResult(try await make(write.write, write.caller.making(write.ticket))))
    } catch {
      return .failure(
        error as? StoreError ?? StoreError(.refused, "The write was given up by the service.", cause: error))
    }
  }
}
