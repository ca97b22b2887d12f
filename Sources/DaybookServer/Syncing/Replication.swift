package import Daybook
import ServiceLifecycle

/// Brings writes to the hub that wait for it, for as long as the service runs. It is stopped after the servers, whose
/// requests may wait.
package struct Replication: Service {
  private let replicator: Replicator
  private let stop: StopSignal

  /// - Parameter stop: is given when the service stops, and ends a transfer that is under way.
  package init(_ replicator: Replicator, stop: StopSignal) {
    (self.replicator, self.stop) = (replicator, stop)
  }

  package func run() async throws {
    try await withTaskCancellationOrGracefulShutdownHandler {
      try await Blocking.run { replicator.run(until: stop) }
    } onCancelOrGracefulShutdown: {
      stop.give()
    }
  }
}
