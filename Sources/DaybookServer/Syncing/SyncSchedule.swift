/// When a service syncs by itself, as a value: at the start, soon after writes, and else at intervals; after failures
/// later and later, whatever is written. Times are since some moment.
///
/// Many services may share a hub, and its being back is news to all of them at once: so each waits a little more or less.
struct SyncSchedule {
  struct Pace: Sendable {
    var interval = Duration.seconds(Limits.syncIntervalSeconds)
    /// So that writes that belong together go together.
    var afterWrites = Duration.seconds(Limits.syncAfterWritesSeconds)
    var firstRetry = Duration.seconds(Limits.syncFirstRetrySeconds)
    var longestRetry = Duration.seconds(Limits.syncLongestRetrySeconds)
  }

  private let pace: Pace
  private(set) var failures = 0
  private var regular: Duration
  private var written: Duration?

  init(_ pace: Pace, at now: Duration) {
    self.pace = pace
    regular = now
  }

  /// When the next one is due.
  var due: Duration {
    guard failures == 0, let written else { return regular }
    return min(regular, written + pace.afterWrites)
  }

  /// Something was written that is not at the remote. Only the first of several counts: those who write without end are
  /// synced as well.
  mutating func noteWrite(at now: Duration) {
    written = written ?? now
  }

  /// A sync is over, or there was nothing to do.
  ///
  /// - Parameter chance: between 0 and 1.
  mutating func noteSuccess(at now: Duration, chance: Double) {
    failures = 0
    written = nil
    regular = now + pace.interval * (0.9 + 0.2 * chance)
  }

  mutating func noteFailure(at now: Duration, chance: Double) {
    failures += 1
    var delay = pace.firstRetry
    for _ in 1..<failures where delay < pace.longestRetry { delay *= 2 }
    regular = now + min(delay, pace.longestRetry) * (0.5 + 0.5 * chance)
  }
}
