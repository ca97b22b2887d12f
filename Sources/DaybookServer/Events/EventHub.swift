import Daybook
import DaybookRuntime
import Logging
import ServiceLifecycle
import Synchronization

/// Makes the events of each new commit once, for however many readers, and keeps the newest.
///
/// A reader has only its position. It takes what lies behind it from here; when it is too far behind, it reads the
/// history itself until it has caught up. So a slow reader costs nothing, and nobody waits for it. It is woken only for
/// what its filter admits, and then goes on behind what it was spared.
final class EventHub: Service {
  /// Why a reader goes on.
  enum Wake {
    /// There is something for it behind this position.
    case news(EventPosition)
    /// There was nothing for it up to this position, for a while; and the newest commit, unless it knows a newer one.
    case silence(EventPosition, EventID?)
    /// Nothing more will come, or nobody reads any more.
    case over
  }

  private struct Waiter {
    let filter: EventFilter
    let continuation: CheckedContinuation<Wake, Never>
  }

  private struct State {
    var recent: RecentEvents
    /// By the number of the reader.
    var waiters: [UInt64: Waiter] = [:]
    /// The readers that have somebody to read for, and the number of the newest.
    var readers: Set<UInt64> = []
    var newestReader: UInt64 = 0
    /// How often something changed on which it depends who is let in.
    var doors = 0
    var isClosed = false
  }

  private let store: Store
  private let heartbeat: Duration
  private let logger: Logger
  private let onCommit: @Sendable ([Change]) -> Void
  private let state: Mutex<State>
  /// Reading the history for those who are behind: a few at once, each a page at a time.
  private let past = BoundedWork(atOnce: Limits.longReadsAtOnce, waiting: Limits.eventReaders)

  /// - Parameter onCommit: told the changes of each new commit; must not wait.
  init(
    _ store: Store, heartbeat: Duration, logger: Logger, onCommit: @escaping @Sendable ([Change]) -> Void = { _ in }
  ) {
    self.onCommit = onCommit
    self.store = store
    self.heartbeat = heartbeat
    self.logger = logger
    let snapshot = store.snapshot()
    let newest = snapshot.commit.map { EventID(sequence: snapshot.sequence, commit: $0.short) }
    state = Mutex(State(recent: RecentEvents(after: newest)))
  }

  // MARK: Readers

  /// The number of a new reader.
  func join() -> UInt64 {
    state.withLock { state in
      state.newestReader += 1
      state.readers.insert(state.newestReader)
      return state.newestReader
    }
  }

  /// A reader has ended, or its client has gone.
  func leave(_ reader: UInt64) {
    let waiter = state.withLock { state in
      state.readers.remove(reader)
      return state.waiters.removeValue(forKey: reader)
    }
    waiter?.continuation.resume(returning: .over)
  }

  /// Whether a reader has somebody to read for, and something to wait for.
  func serves(_ reader: UInt64) -> Bool { state.withLock { !$0.isClosed && $0.readers.contains(reader) } }

  /// Changes when something changes on which it depends who is let in.
  var doors: Int { state.withLock { $0.doors } }

  /// The next events behind a position, as far as they are kept.
  func events(behind position: EventPosition) -> RecentEvents.Found {
    state.withLock { $0.recent.events(behind: position) }
  }

  /// A page of the history, as long as the reader is there.
  func past(
    behind position: EventPosition, for reader: UInt64, _ filter: EventFilter, reading limit: Int
  ) async throws -> EventPage {
    try await past.run { [self] in
      EventPage.past(behind: position, filter, in: store.snapshot(), reading: limit) { serves(reader) }
    }
  }

  /// Returns when there is something for a reader behind a position, after a while in any case, or when nothing more
  /// will come.
  func news(behind position: EventPosition, for reader: UInt64, _ filter: EventFilter) async -> Wake {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let wake: Wake? = state.withLock { state in
          if state.isClosed || !state.readers.contains(reader) || Task.isCancelled { return .over }
          if position < state.recent.end { return .news(position) }
          state.waiters[reader] = Waiter(filter: filter, continuation: continuation)
          return nil
        }
        if let wake { continuation.resume(returning: wake) }
      }
    } onCancel: {
      leave(reader)
    }
  }

  // MARK: Work

  func run() async throws {
    await withTaskGroup { group in
      group.addTask { await self.follow() }
      group.addTask { await self.beat() }
      try? await gracefulShutdown()
      close()
      group.cancelAll()
    }
  }

  /// Makes the events of each commit. Readers of what cannot be read are told to read anew, and go on behind it.
  private func follow() async {
    var commits = store.changes(after: state.withLock { $0.recent.end.sequence }).makeAsyncIterator()
    while true {
      do throws(StoreError) {
        guard let changes = try await commits.nextCommit() else { return }
        onCommit(changes)
        let id = id(of: commits.sequence)
        add(try EventMaker(snapshot: store.snapshot()).events(of: changes), of: id)
      } catch {
        logger.error("The events of commit #\(commits.sequence) could not be made.", metadata: ["error": "\(error)"])
        let id = id(of: commits.sequence)
        add([EventMaker.reset(id)], of: id)
      }
    }
  }

  private func id(of sequence: UInt64) -> EventID {
    let found = store.snapshot().commitIDs(after: max(sequence, 1) - 1, limit: 1).first
    return EventID(sequence: sequence, commit: found?.sequence == sequence ? found?.commit.short : nil)
  }

  private func add(_ events: [Event], of commit: EventID) {
    let decidesWhoMayEnter = events.contains { Self.doorCollections.contains($0.concern.collection ?? "") }
    let (before, woken) = state.withLock { state in
      let before = state.recent.end
      state.recent.add(events, of: commit)
      if decidesWhoMayEnter { state.doors += 1 }
      let woken = state.waiters.filter { decidesWhoMayEnter || events.contains(where: $0.value.filter.admits) }
      for reader in woken.keys { state.waiters[reader] = nil }
      return (before, woken)
    }
    for waiter in woken.values { waiter.continuation.resume(returning: .news(before)) }
  }

  /// Whose changes make that a token counts no more, or for less.
  private static let doorCollections: Set<String> = ["tokens", "users", "settings", "settings/definitions"]

  /// Lets the readers of a silent stream say that they are alive.
  private func beat() async {
    while (try? await Task.sleep(for: heartbeat)) != nil {
      let (end, newest, woken) = state.withLock { state in
        defer { state.waiters = [:] }
        return (state.recent.end, state.recent.newest, state.waiters.values)
      }
      for waiter in woken { waiter.continuation.resume(returning: .silence(end, newest)) }
    }
  }

  private func close() {
    let woken = state.withLock { state in
      state.isClosed = true
      defer { state.waiters = [:] }
      return state.waiters.values
    }
    for waiter in woken { waiter.continuation.resume(returning: .over) }
  }
}
