// The queue before the one writer, as a pure state machine: methods are the events, what they return is to be done.
//
// One at a time has the turn to write: the writer's thread, or a caller that found nobody else at it. Whoever ends a turn
// with an empty queue leaves it free; a caller that ends one while others wait leaves it to the thread, which is woken.
// So the turn is free only while nothing waits.
//
//             enqueue → wait | lead | wake     enqueue → refuse(failed)        enqueue → refuse(closed)
//            ┌──────────────────────┐ fail    ┌──────────────────────┐ close  ┌────────────────────────┐
//            │ open                 │ ──────▶ │ failed               │ ─────▶ │ closing                │
//            └──────────────────────┘         └──────────────────────┘        └────────────────────────┘
//                        └────────────────────────── close ─────────────────────────────▶ │ take, when empty
//                                                                                         ▼
//                                                                                       closed
//
// What was enqueued is always taken, in every state: the writer answers each request, if only with the error.

/// The requests that wait to be written, and who has the turn to write.
package struct CommitQueue<Request: Sendable>: Sendable {
  /// How much may wait and how much is taken at once.
  package struct Configuration: Sendable {
    package var waitingRequests = Limits.waitingRequests
    package var waitingBytes = Limits.waitingBytes
    package var groupRequests = Limits.groupRequests
    package var groupBytes = Limits.groupBytes

    package init() {}
  }

  /// Why a request was not taken in.
  package enum Refusal: Error {
    /// As much waits already as the limits allow. Trying again later makes sense.
    case full
    /// The writer failed earlier, with this error.
    case failed(any Error)
    /// The queue takes no more requests.
    case closed
  }

  package enum EnqueueAction {
    /// The request waits; whoever has the turn sees to it.
    case wait
    /// Nobody writes: the caller has the turn now. It writes its request and then calls `endTurn`.
    case lead
    /// The request waits, and the thread has the turn now: it must be woken.
    case wake
    /// The request was not taken in.
    case refuse(Refusal)
  }

  package enum TakeAction {
    /// These are the writer's now, in the order in which they came.
    case run([Request])
    /// Nothing waits, and the turn is free: sleep until woken, which comes with the turn.
    case sleep
    /// Nothing waits and nothing will.
    case stop
  }

  private enum State {
    case open
    case failed(any Error)
    case closing
    case closed
  }

  private struct Waiting {
    var request: Request
    var bytes: Int
  }

  private let configuration: Configuration
  private var state = State.open
  private var isTurnFree = false
  private var waiting: [Waiting] = []
  /// How many at the front of `waiting` were taken already; they are cleared away together.
  private var taken = 0
  /// The sum over all that wait.
  package private(set) var waitingBytes = 0

  package init(configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// How many requests wait.
  package var waitingCount: Int { waiting.count - taken }

  /// A caller brings a request; `bytes` is what it counts for against the limits. The thread has the first turn.
  package mutating func enqueue(_ request: Request, bytes: Int, mayLead: Bool = true) -> EnqueueAction {
    switch state {
    case .open: break
    case .failed(let error): return .refuse(.failed(error))
    case .closing, .closed: return .refuse(.closed)
    }
    let isFull = waitingCount >= configuration.waitingRequests || waitingBytes + bytes > configuration.waitingBytes
    // A single request may exceed the limit of bytes, for it would never get through otherwise.
    if isFull && waitingCount > 0 { return .refuse(.full) }
    defer { isTurnFree = false }
    if isTurnFree && mayLead { return .lead }
    waiting.append(Waiting(request: request, bytes: bytes))
    waitingBytes += bytes
    return isTurnFree ? .wake : .wait
  }

  /// A caller has written its request; returns whether the thread must be woken to take the turn.
  package mutating func endTurn() -> Bool {
    switch state {
    case .open, .failed: isTurnFree = waitingCount == 0
    // The thread has to see that it is over.
    case .closing, .closed: isTurnFree = false
    }
    return !isTurnFree
  }

  /// The thread, which has the turn, is ready for work.
  package mutating func takeGroup() -> TakeAction {
    guard waitingCount > 0 else {
      if case .closing = state { state = .closed }
      if case .closed = state { return .stop }
      isTurnFree = true
      return .sleep
    }
    var group: [Request] = []
    var bytes = 0
    while taken < waiting.count, group.count < configuration.groupRequests {
      let next = waiting[taken]
      if !group.isEmpty && bytes + next.bytes > configuration.groupBytes { break }
      bytes += next.bytes
      group.append(next.request)
      taken += 1
    }
    waitingBytes -= bytes
    clearTaken()
    return .run(group)
  }

  /// The writer cannot go on: from now on requests are refused with this error. The first one counts.
  package mutating func fail(_ error: any Error) {
    if case .open = state { state = .failed(error) }
  }

  /// No more requests; returns whether the thread must be woken to take the turn and see that.
  package mutating func close() -> Bool {
    switch state {
    case .open, .failed: state = .closing
    case .closing, .closed: break
    }
    defer { isTurnFree = false }
    return isTurnFree
  }

  /// Lets go of the requests that were taken, at an amortized constant cost each.
  private mutating func clearTaken() {
    if taken == waiting.count {
      waiting.removeAll(keepingCapacity: waiting.capacity <= configuration.groupRequests)
      taken = 0
    } else if taken >= configuration.groupRequests && taken * 2 >= waiting.count {
      waiting.removeFirst(taken)
      taken = 0
    }
  }
}
