import Daybook
import Dispatch
import Foundation
import Storage
import Synchronization

/// Holds a store at a step, so that all that comes meanwhile becomes one group, or nothing gets further.
final class Gate: Sendable {
  private let step: WriteStep
  private let isClosed = Atomic(false)
  private let reached = DispatchSemaphore(value: 0)
  private let opened = DispatchSemaphore(value: 0)

  init(at step: WriteStep = .staged) {
    self.step = step
  }

  func pass(_ step: WriteStep) {
    guard step == self.step, isClosed.exchange(false, ordering: .sequentiallyConsistent) else { return }
    reached.signal()
    opened.wait()
  }

  /// Holds whoever comes to the step next until `body` has ended.
  func held(_ body: () async throws -> Void) async throws {
    isClosed.store(true, ordering: .sequentiallyConsistent)
    defer {
      let isReached = !isClosed.exchange(false, ordering: .sequentiallyConsistent)
      if isReached { opened.signal() }
    }
    try await body()
  }

  /// Queues what `work` begins, one after the other, while the writer is held, then lets it all be written. Blocks.
  ///
  /// - Parameter work: Each has put something before the writer when it blocks.
  func gather(in store: Store, _ work: [@Sendable () -> Void]) throws {
    isClosed.store(true, ordering: .sequentiallyConsistent)
    var threads = [WorkerThread { _ = try? store.transactionBlocking { try $0.put("pins/held", ["n": 1]) } }]
    reached.wait()
    for (place, body) in work.enumerated() {
      threads.append(WorkerThread(body))
      while try store.status().waitingWrites <= place { usleep(1_000) }
    }
    opened.signal()
    for thread in threads { thread.join() }
  }
}
