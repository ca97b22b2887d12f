package import Daybook
package import Logging
import ServiceLifecycle

/// Syncs the store with its remote for as long as the service runs. Reads and writes do not wait for it: what it waits for
/// is the network, on a thread of its own, and the store takes writes while it merges.
package struct AutomaticSync: Service {
  private let store: Store
  private let connector: RemoteConnector
  private let stop: StopSignal
  private let remote: String?
  private let pace: SyncSchedule.Pace
  private let logger: Logger

  /// - Parameters:
  ///   - remote: its name; without one the only remote, or 'origin', if there is any by then.
  ///   - interval: the longest time between two syncs while the remote is well.
  ///   - stop: is given when the service stops, and ends a transfer that is under way.
  package init(
    _ store: Store, with remote: String?, every interval: Duration, by connector: RemoteConnector, stop: StopSignal,
    logger: Logger
  ) {
    var pace = SyncSchedule.Pace()
    pace.interval = interval
    (self.store, self.remote, self.pace) = (store, remote, pace)
    (self.connector, self.stop, self.logger) = (connector, stop, logger)
  }

  package func run() async throws {
    await withTaskCancellationOrGracefulShutdownHandler {
      await syncAgainAndAgain()
    } onCancelOrGracefulShutdown: {
      stop.give()
    }
  }

  private func syncAgainAndAgain() async {
    let start = ContinuousClock.now
    var schedule = SyncSchedule(pace, at: .zero)
    // Up to where all that was written is at the remote.
    var synced: UInt64 = 0
    while !stop.isGiven {
      if store.snapshot().sequence != synced { schedule.noteWrite(at: .now - start) }
      if schedule.due <= .now - start {
        do {
          synced = try await sync(after: schedule.failures)
          schedule.noteSuccess(at: .now - start, chance: .random(in: 0...1))
        } catch {
          if stop.isGiven { return }
          tell(error, isNew: schedule.failures == 0)
          schedule.noteFailure(at: .now - start, chance: .random(in: 0...1))
        }
      }
      try? await Task.sleep(for: .milliseconds(Limits.syncLookMilliseconds))
    }
  }

  /// Returns up to where all that was written is at the remote; a store without one has nothing to bring anywhere.
  private func sync(after failures: Int) async throws -> UInt64 {
    let report: SyncReport? = try await Blocking.run {
      guard try remote != nil || !RemoteConfiguration(of: store.path).remotes().isEmpty else { return nil }
      let name = try RemoteConfiguration(of: store.path).remote(orTheOnly: remote)
      return try store.syncBlocking(with: name, by: connector)
    }
    guard let report else { return store.snapshot().sequence }
    if failures > 0 { logger.notice("The remote is synced again.", metadata: ["failures": "\(failures)"]) }
    if report.received + report.sent > 0 {
      logger.info("synced", metadata: ["received": "\(report.received)", "sent": "\(report.sent)"])
    }
    if !report.conflicts.isEmpty {
      logger.notice(
        "A sync left conflicts to be decided: `daybook conflict list`.",
        metadata: ["count": "\(report.conflicts.count)"])
    }
    return report.sequence
  }

  /// A remote that stays away is told of once; `status` tells the rest.
  private func tell(_ error: any Error, isNew: Bool) {
    logger.log(
      level: isNew ? .warning : .debug, "The store could not be synced; it is tried again, later and later.",
      metadata: ["error": .string("\(error)")])
  }
}
