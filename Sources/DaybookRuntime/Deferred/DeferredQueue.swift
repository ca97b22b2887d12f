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
/// Each user has a line. Its writes are made in the order in which they were accepted, since a later one may build on an
/// earlier one: what keeps the first from being made keeps the others of the line too, and nobody else's. The lines take
/// turns, and one write is made at a time. Once the queue is closed nothing is accepted, nothing waits, and each write has
/// one more try; those that cannot be made then are left over.
struct DeferredQueue {
  struct Bounds: Sendable {
    /// How many writes may wait, and how many bytes of them; and of these, how many of one user.
    var writes = Limits.deferredWrites
    var bytes = Limits.deferredBytes
    var writesOfUser = Limits.deferredWritesOfUser
    var bytesOfUser = Limits.deferredBytesOfUser
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
    /// Ask again when something was accepted, or the one that runs is over.
    case idle
    /// The queue is closed, and each write had its last try.
    case end
  }

  private struct Waiting {
    let ticket: String
    let bytes: Int
    var attempts = 0
    var conflicts = 0
    var lastError: StoreError?
  }

  private struct Line {
    var waiting: [Waiting] = []
    /// When the first may be tried.
    var due = Duration.zero

    var bytes: Int { waiting.reduce(0) { $0 + $1.bytes } }
  }

  private let bounds: Bounds
  private var lines: [String: Line] = [:]
  /// The users with a line, the one whose turn it is first.
  private var turns: [String] = []
  /// Whose write is being made.
  private var running: String?
  private var isClosed = false
  private var over: [String: (user: String, state: DeferredState)] = [:]
  /// The tickets that are over, oldest first.
  private var overInOrder: [String] = []
  private var done = 0
  private var failed = 0
  private var retried = 0

  init(bounds: Bounds = Bounds()) {
    self.bounds = bounds
  }

  // MARK: Events

  /// - Throws: `.busy` when too much waits, `.unavailable` when it is closed.
  mutating func accept(_ ticket: String, of user: String, bytes count: Int) throws(StoreError) {
    guard !isClosed else { throw StoreError(.unavailable, "No more writes are accepted: the service ends.") }
    let own = lines[user] ?? Line()
    guard counts.waiting < bounds.writes, counts.bytes + count <= bounds.bytes, own.waiting.count < bounds.writesOfUser,
      own.bytes + count <= bounds.bytesOfUser
    else { throw StoreError(.busy, "Too many writes wait to be made.", hint: "Try again in a while.") }
    restore(ticket, of: user, bytes: count)
  }

  /// Takes one up again that was accepted before: the bounds were kept then.
  mutating func restore(_ ticket: String, of user: String, bytes: Int) {
    if lines[user] == nil { turns.append(user) }
    lines[user, default: Line()].waiting.append(Waiting(ticket: ticket, bytes: bytes))
  }

  mutating func next(at now: Duration) -> Step {
    if running != nil { return .idle }
    guard !turns.isEmpty else { return isClosed ? .end : .idle }
    guard let place = turns.firstIndex(where: { isClosed || dueTime(of: $0) <= now }) else {
      return .wait((turns.map(dueTime).min() ?? now) - now)
    }
    let user = turns.remove(at: place)
    turns.append(user)
    guard let first = lines[user]?.waiting.first else { preconditionFailure("A line is never empty.") }
    running = user
    return .run(first.ticket)
  }

  private func dueTime(of user: String) -> Duration { lines[user]?.due ?? .zero }

  /// The write that `next` named was made, or not.
  mutating func finish(_ result: Result<DeferredResult, StoreError>, at now: Duration) {
    guard let user = running, var line = lines[user] else { preconditionFailure("A write ends that nobody began.") }
    running = nil
    line.waiting[0].attempts += 1
    switch result {
    case .success(let result):
      done += 1
      leave(&line, of: user, .done(result))
    case .failure(let error):
      if error.code == .conflict { line.waiting[0].conflicts += 1 }
      if isWorthAnotherTry(line.waiting[0], error) {
        line.waiting[0].lastError = error
        line.due = now + Self.delay(afterAttempts: line.waiting[0].attempts)
        // What comes behind it may build on it.
        if isClosed { line.waiting = [] } else { retried += 1 }
      } else {
        failed += 1
        leave(&line, of: user, .failed(error))
      }
    }
    lines[user] = line.waiting.isEmpty ? nil : line
    if line.waiting.isEmpty { turns.removeAll { $0 == user } }
  }

  mutating func close() { isClosed = true }

  // MARK: What there is

  /// What became of a ticket of the user's; nil for one that is not known, or not any more.
  func state(of ticket: String, for user: String) -> DeferredState? {
    if let over = over[ticket] { return over.user == user ? over.state : nil }
    guard let found = lines[user]?.waiting.first(where: { $0.ticket == ticket }) else { return nil }
    return .waiting(attempts: found.attempts, lastError: found.lastError)
  }

  func hasWaiting(for user: String) -> Bool { lines[user] != nil }

  /// Whether a write was made, or will not be made; one that was left over is not over.
  func isOver(_ ticket: String) -> Bool { over[ticket] != nil }

  var counts: DeferredCounts {
    let all = lines.values
    return DeferredCounts(
      waiting: all.reduce(0) { $0 + $1.waiting.count }, bytes: all.reduce(0) { $0 + $1.bytes }, done: done,
      failed: failed, retried: retried,
      lastError: turns.lazy.compactMap { lines[$0]?.waiting.first?.lastError }.first)
  }

  // MARK: Rules

  private func isWorthAnotherTry(_ write: Waiting, _ error: StoreError) -> Bool {
    if write.attempts >= bounds.attempts { return false }
    return error.code == .conflict ? write.conflicts < bounds.conflicts : error.mayPass
  }

  /// A tenth of a second, then twice as long each time, up to half a minute.
  static func delay(afterAttempts attempts: Int) -> Duration {
    let doublings = min(attempts - 1, 20)
    return min(.milliseconds(100) * (1 << doublings), .seconds(30))
  }

  private mutating func leave(_ line: inout Line, of user: String, _ state: DeferredState) {
    let write = line.waiting.removeFirst()
    line.due = .zero
    over[write.ticket] = (user, state)
    overInOrder.append(write.ticket)
    if overInOrder.count > bounds.remembered { over[overInOrder.removeFirst()] = nil }
  }
}

extension StoreError {
  /// Whether the same write may succeed a while later, without anybody changing it.
  var mayPass: Bool { code == .unavailable || code == .busy || code == .conflict }
}
