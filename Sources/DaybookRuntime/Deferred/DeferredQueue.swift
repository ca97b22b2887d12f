import Daybook

/// The writes that were accepted and are still to be made, as a value: which is next, which has to wait, and what became of
/// those that are over.
///
/// ```
/// accepted ──▶ waiting ──its turn──▶ running ──▶ done
///                 ▲                     ├──▶ failed: refused for good, or tried often enough
///                 └──after a while──────┘    otherwise
/// ```
///
/// Writes are made one after the other in the order in which they were accepted, since a later one may build on an earlier
/// one: what keeps the first from being made keeps the others too. Once the queue is closed nothing is accepted, nothing
/// waits, and each write has one more try.
struct DeferredQueue {
  struct Bounds: Sendable {
    /// How many writes may wait, and how many bytes of them.
    var writes = Limits.deferredWrites
    var bytes = Limits.deferredBytes
    /// How many that are over are remembered.
    var remembered = Limits.rememberedTickets
    /// How often a write is tried; a conflict, which only a lost race mends, less often.
    var attempts = Limits.deferredAttempts
    var conflicts = Limits.deferredConflicts
  }

  /// What is to be done now.
  enum Step: Equatable {
    /// Make this write, and say how it went.
    case run(String)
    /// Ask again then.
    case wait(Duration)
    /// Ask again when something was accepted.
    case idle
    /// The queue is closed and empty.
    case end
  }

  private struct Waiting {
    let ticket: String
    let user: String
    let bytes: Int
    var attempts = 0
    var conflicts = 0
    var lastError: StoreError?
  }

  private let bounds: Bounds
  private var waiting: [Waiting] = []
  private var bytes = 0
  /// When the first may be tried.
  private var due = Duration.zero
  private var isRunning = false
  private var isClosed = false
  private var over: [String: (user: String, state: DeferredState)] = [:]
  /// The tickets that are over, oldest first.
  private var overInOrder: [String] = []
  private var done = 0
  private var failed = 0

  init(bounds: Bounds = Bounds()) {
    self.bounds = bounds
  }

  // MARK: Events

  /// - Throws: `.busy` when too much waits, `.unavailable` when it is closed.
  mutating func accept(_ ticket: String, of user: String, bytes count: Int) throws(StoreError) {
    guard !isClosed else { throw StoreError(.unavailable, "No more writes are accepted: the service ends.") }
    guard waiting.count < bounds.writes, bytes + count <= bounds.bytes else {
      throw StoreError(.busy, "Too many writes wait to be made.", hint: "Try again in a while.")
    }
    bytes += count
    waiting.append(Waiting(ticket: ticket, user: user, bytes: count))
  }

  mutating func next(at now: Duration) -> Step {
    guard let first = waiting.first else { return isClosed ? .end : .idle }
    if isRunning { return .idle }
    if due > now, !isClosed { return .wait(due - now) }
    isRunning = true
    return .run(first.ticket)
  }

  /// The write that `next` named was made, or not.
  mutating func finish(_ result: Result<DeferredResult, StoreError>, at now: Duration) {
    precondition(isRunning && !waiting.isEmpty, "A write ends that nobody began.")
    isRunning = false
    waiting[0].attempts += 1
    switch result {
    case .success(let result):
      done += 1
      leave(.done(result))
    case .failure(let error):
      if error.code == .conflict { waiting[0].conflicts += 1 }
      guard isWorthAnotherTry(waiting[0], error) else {
        failed += 1
        return leave(.failed(error))
      }
      waiting[0].lastError = error
      due = now + Self.delay(afterAttempts: waiting[0].attempts)
    }
  }

  mutating func close() { isClosed = true }

  // MARK: What there is

  /// What became of a ticket of the user's; nil for one that is not known, or not any more.
  func state(of ticket: String, for user: String) -> DeferredState? {
    if let over = over[ticket] { return over.user == user ? over.state : nil }
    guard let found = waiting.first(where: { $0.ticket == ticket && $0.user == user }) else { return nil }
    return .waiting(attempts: found.attempts, lastError: found.lastError)
  }

  var hasWaiting: Bool { !waiting.isEmpty }

  func isWaiting(_ ticket: String) -> Bool { waiting.contains { $0.ticket == ticket } }

  var counts: DeferredCounts {
    DeferredCounts(
      waiting: waiting.count, bytes: bytes, done: done, failed: failed, lastError: waiting.first?.lastError)
  }

  // MARK: Rules

  private func isWorthAnotherTry(_ write: Waiting, _ error: StoreError) -> Bool {
    if isClosed || write.attempts >= bounds.attempts { return false }
    return error.code == .conflict ? write.conflicts < bounds.conflicts : error.mayPass
  }

  /// A tenth of a second, then twice as long each time, up to half a minute.
  static func delay(afterAttempts attempts: Int) -> Duration {
    let doublings = min(attempts - 1, 20)
    return min(.milliseconds(100) * (1 << doublings), .seconds(30))
  }

  private mutating func leave(_ state: DeferredState) {
    let write = waiting.removeFirst()
    bytes -= write.bytes
    due = .zero
    over[write.ticket] = (write.user, state)
    overInOrder.append(write.ticket)
    if overInOrder.count > bounds.remembered { over[overInOrder.removeFirst()] = nil }
  }
}

extension StoreError {
  /// Whether the same write may succeed a while later, without anybody changing it.
  var mayPass: Bool { code == .unavailable || code == .busy || code == .conflict }
}
