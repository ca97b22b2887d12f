import Daybook
import DaybookRuntime
import Synchronization

/// The status of the store. It is made away from the threads that all requests share, and for all who ask within a moment
/// once: those who watch a service ask again and again.
final class StatusReader: Sendable {
  private let store: Store
  private let work = BoundedWork(atOnce: 1, waiting: Limits.longReadsWaiting)
  private let last = Mutex<(time: ContinuousClock.Instant, status: StoreStatus)?>(nil)

  init(_ store: Store) { self.store = store }

  func status() async throws -> StoreStatus {
    if let recent { return recent }
    return try await work.run { [self] in
      // Those who waited take what was made for the first of them.
      if let recent { return recent }
      let status = try store.status()
      last.withLock { $0 = (.now, status) }
      return status
    }
  }

  private var recent: StoreStatus? {
    last.withLock { last in
      guard let last, .now - last.time < .milliseconds(Limits.statusMilliseconds) else { return nil }
      return last.status
    }
  }
}
