import Daybook
import DaybookRuntime
import Logging
import ServiceLifecycle

/// Keeps the service's lease while it runs: whoever finds work under a lease that is over knows that nobody does it any
/// more.
struct LeaseKeeper: Service {
  private let leases: Leases
  private let lease: Lease
  private let tasks: Tasks
  private let service: Caller
  private let logger: Logger

  /// Takes a lease, and fails the tasks that a restart interrupted.
  ///
  /// - Parameter machine: where the service runs; with the store's place it tells that the service before it is gone.
  static func begin(_ store: Store, machine: String, logger: Logger) async throws -> (keeper: LeaseKeeper, tasks: Tasks)
  {
    let leases = Leases(store)
    // By an author of its own, so that nobody undoes a lease in place of what they did last.
    let service = Caller.service
    let lease = try await leases.begin(holder: String("\(machine):\(store.path)".suffix(512)), for: service)
    let tasks = Tasks(store, lease: lease.id)
    let count = try await tasks.failInterrupted(for: service)
    if count > 0 { logger.notice("\(count) tasks were interrupted by the restart; they have failed.") }
    return (LeaseKeeper(leases: leases, lease: lease, tasks: tasks, service: service, logger: logger), tasks)
  }

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      while true {
        try await Task.sleep(for: Leases.renewalInterval)
        await self.renew()
        await self.failInterrupted()
      }
    }
  }

  /// A lease that cannot be renewed now is renewed the next time: it is good for several intervals.
  private func renew() async {
    do {
      _ = try await leases.renew(lease, for: service)
    } catch {
      logger.warning("The service's lease could not be renewed.", metadata: ["error": .string("\(error)")])
    }
  }

  /// Of services whose leases have run out meanwhile.
  private func failInterrupted() async {
    do {
      _ = try await tasks.failInterrupted(for: service)
    } catch {
      logger.warning("Interrupted tasks could not be failed.", metadata: ["error": .string("\(error)")])
    }
  }

  /// Gives the lease up, when nothing runs under it any more.
  func end() async {
    do {
      try await leases.end(lease, for: service)
    } catch {
      logger.notice("The service's lease could not be ended.", metadata: ["error": .string("\(error)")])
    }
  }
}
