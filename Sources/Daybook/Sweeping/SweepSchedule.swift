/// When the sweeper has something to do. A value: the time is handed in, in milliseconds of a clock that never goes back.
///
/// It sweeps soon after the store was opened and then at each interval. While there is more to sweep it goes on after a
/// short rest, so that a large heap is worked off among the writers, not in front of them.
struct SweepSchedule {
  /// What a step came to.
  enum Outcome {
    /// One commit of documents is gone.
    case swept
    /// Nothing was left.
    case through
    case failed
  }

  let interval: UInt64
  private(set) var due: UInt64

  init(interval: UInt64, openedAt now: UInt64) {
    self.interval = interval
    due = now + min(interval, UInt64(Limits.firstSweepMilliseconds))
  }

  mutating func note(_ outcome: Outcome, at now: UInt64) {
    switch outcome {
    case .swept: due = now + UInt64(Limits.sweepRestMilliseconds)
    case .through, .failed: due = now + interval
    }
  }

  /// How long to wait, in milliseconds.
  func pause(at now: UInt64) -> Int { due > now ? Int(clamping: due - now) : 0 }
}
