import Daybook
import DaybookRuntime
import Logging
import ServiceLifecycle

/// Keeps the service's lease while it runs, and fails the work of those whose lease is over.
struct LeaseKeeper: Service {
  let leases: Leases
  private let lease: Lease
  let tasks: Tasks
  private let logger: Logger

  /// Takes a lease, and fails the tasks that a restart interrupted.
  ///
  /// - Parameter machine: where the service runs, for people.
  static func begin(_ store: Store, machine: String, logger: Logger) async throws -> LeaseKeeper {
    let leases = try Leases(store)
    let lease = try await leases.beginService(holder: String("\(machine):\(store.path)".suffix(512)))
    let keeper = LeaseKeeper(leases: leases, lease: lease, tasks: Tasks(store, lease: lease), logger: logger)
    let count = try await keeper.tasks.failInterrupted(for: .service)
    if count > 0 { logger.notice("\(count) tasks were interrupted by the restart; they have failed.") }
    return keeper
  }

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      while true {
        try await Task.sleep(for: Leases.checkInterval)
        await self.renew()
        await self.failInterrupted()
      }
    }
  }

  /// A lease that cannot be renewed now is renewed the next time: it is good for many intervals.
  private func renew() async {
    do {
      try await leases.renewService(lease)
    } catch {
      logger.warning("The service's lease could not be renewed.", metadata: ["error": .string("\(error)")])
    }
  }

  /// Fails the tasks of applications that are gone. What cannot be failed now is failed the next time.
  func failInterrupted() async {
    do {
      _ = try await tasks.failInterrupted(for: .service)
    } catch {
      logger.warning("Interrupted tasks could not be failed.", metadata: ["error": .string("\(error)")])
    }
  }

  /// Gives the lease up, when nothing runs under it any more.
  func end() async {
    do {
      try await leases.endService(lease)
    } catch {
      logger.notice("The service's lease could not be ended.", metadata: ["error": .string("\(error)")])
    }
  }
}
