package import Git

/// Which of the many signs of a transfer are told: what goes on, and not more often than somebody could look. What
/// stands still is silence, however often it is said.
package struct TransferPace {
  private var last: (progress: TransferProgress, at: ContinuousClock.Instant)?

  private static let pause = Duration.milliseconds(100)

  package init() {}

  /// Whether this one is told.
  package mutating func tells(_ progress: TransferProgress, at now: ContinuousClock.Instant = .now) -> Bool {
    if let last, last.progress.step == progress.step {
      guard now - last.at >= Self.pause, last.progress != progress || progress.step == .waiting else { return false }
    }
    last = (progress, now)
    return true
  }
}
