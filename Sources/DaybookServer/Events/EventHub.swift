import Daybook
import Logging
import ServiceLifecycle
import Synchronization

/// Makes the events of each new commit once, for however many readers, and keeps the newest.
///
/// A reader has only its position. It takes what lies behind it from here; when it is too far behind, it reads the history itself
/// until it has caught up. So a slow reader costs nothing, and nobody waits for it.
final class EventHub: Service {
  /// How far a reader is: it has seen the events of this sequence up to this place, and all before.
  struct Position: Comparable, Sendable {
    var sequence: UInt64
    var place: Int

    /// Behind all events of a sequence.
    init(after sequence: UInt64) {
      self.sequence = sequence
      place = .max
    }

    init(of event: Event) {
      sequence = event.sequence
      place = event.place
    }

    static func < (one: Position, other: Position) -> Bool {
      (one.sequence, one.place) < (other.sequence, other.place)
    }
  }

  enum Found {
    case events([Event])
    /// There is nothing newer yet; the reader has seen all up to here.
    case nothing(Position)
    /// It is older than what is kept: only the history has it.
    case older
  }

  private struct State {
    /// In their order.
    var recent: [Event] = []
    /// Everything behind this position that has happened is in `recent`.
    var start: Position
    /// The newest sequence whose events were made.
    var newest: UInt64
    var waiters: [CheckedContinuation<Void, Never>] = []
    var isClosed = false
  }

  private let store: Store
  private let logger: Logger
  private let onCommit: @Sendable ([Change]) -> Void
  private let state: Mutex<State>

  /// - Parameter onCommit: told the changes of each new commit; must not wait.
  init(_ store: Store, logger: Logger, onCommit: @escaping @Sendable ([Change]) -> Void = { _ in }) {
    self.onCommit = onCommit
    self.store = store
    self.logger = logger
    let sequence = store.snapshot().sequence
    state = Mutex(State(start: Position(after: sequence), newest: sequence))
  }

  // MARK: Readers

  /// The next events behind a position, not too many at once.
  func events(behind position: Position) -> Found {
    state.withLock { state in
      if position < state.start { return .older }
      let first = state.recent.partitioningIndex { position < Position(of: $0) }
      // Commits without changes have no events.
      if first == state.recent.count { return .nothing(max(position, Position(after: state.newest))) }
      return .events(Array(state.recent[first...].prefix(Limits.eventBatch)))
    }
  }

  /// Returns when there may be something newer, after a while in any case, or at once when nothing more will come.
  func somethingNew(behind position: Position) async {
    await withCheckedContinuation { continuation in
      let isDue = state.withLock { state in
        if state.isClosed || state.newest > position.sequence { return true }
        state.waiters.append(continuation)
        return false
      }
      if isDue { continuation.resume() }
    }
  }

  var isClosed: Bool { state.withLock { $0.isClosed } }

  // MARK: Work

  func run() async throws {
    await withTaskGroup { group in
      group.addTask { await self.follow() }
      group.addTask { await self.beat() }
      try? await gracefulShutdown()
      wakeAll { $0.isClosed = true }
      group.cancelAll()
    }
  }

  /// Makes the events of each commit. What cannot be read now is read by each reader for itself, who then learns why.
  private func follow() async {
    var commits = store.changes(after: state.withLock { $0.newest }).makeAsyncIterator()
    while true {
      do {
        guard let changes = try await commits.nextCommit() else { return }
        onCommit(changes)
        let events = try EventMaker(snapshot: store.snapshot()).events(of: changes)
        add(events, of: commits.sequence)
      } catch {
        logger.error("The events of commit #\(commits.sequence) could not be made.", metadata: ["error": "\(error)"])
        forget(through: commits.sequence)
      }
    }
  }

  private func add(_ events: [Event], of sequence: UInt64) {
    wakeAll { state in
      state.recent += events
      state.newest = sequence
      guard state.recent.count > 2 * Limits.recentEvents else { return }
      state.start = Position(of: state.recent[state.recent.count - Limits.recentEvents - 1])
      state.recent.removeFirst(state.recent.count - Limits.recentEvents)
    }
  }

  private func forget(through sequence: UInt64) {
    wakeAll { state in
      state.recent = []
      state.start = Position(after: sequence)
      state.newest = sequence
    }
  }

  /// Lets the readers of a silent stream say that they are alive.
  private func beat() async {
    while (try? await Task.sleep(for: .seconds(Limits.heartbeatSeconds))) != nil { wakeAll { _ in } }
  }

  private func wakeAll(_ change: (inout State) -> Void) {
    let woken = state.withLock { state in
      change(&state)
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in woken { waiter.resume() }
  }
}

extension Array {
  /// The first place from which on a condition holds, in an array where it holds for all that follow.
  fileprivate func partitioningIndex(where holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
