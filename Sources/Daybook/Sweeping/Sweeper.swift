import Dispatch
import Logging

/// The sweeper's thread: sweeps by its schedule as long as the store is open.
final class Sweeper: Sendable {
  private let sweep: Sweep
  private let interval: Duration
  private let logger: Logger
  private let closing = DispatchSemaphore(value: 0)

  init(_ sweep: Sweep, interval: Duration, logger: Logger) {
    self.sweep = sweep
    self.interval = interval
    self.logger = logger
  }

  private static var now: UInt64 { DispatchTime.now().uptimeNanoseconds / 1_000_000 }

  /// Runs until it is closed.
  func run() {
    var schedule = SweepSchedule(interval: UInt64(interval.milliseconds), openedAt: Self.now)
    var walk: SweepWalk?
    while closing.wait(timeout: .now() + .milliseconds(schedule.pause(at: Self.now))) == .timedOut {
      let outcome = step(&walk)
      schedule.note(outcome, at: Self.now)
    }
  }

  /// Ends the thread soon: after the commit that it is at.
  func close() {
    closing.signal()
  }

  private func step(_ walk: inout SweepWalk?) -> SweepSchedule.Outcome {
    var current = walk ?? sweep.begin()
    walk = nil
    do throws(StoreError) {
      guard let step = try sweep.step(&current) else { return .through }
      walk = current
      logger.info(
        "expired documents were swept", metadata: ["collection": "\(step.collection)", "count": "\(step.documents)"])
      return .swept
    } catch {
      logger.warning("expired documents could not be swept", metadata: ["error": "\(error)"])
      return .failed
    }
  }
}
