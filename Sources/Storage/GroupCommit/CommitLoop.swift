import Dispatch
import Synchronization

/// The one writer: a thread that takes all waiting requests as a group and hands them to a handler, again and again.
///
/// While the handler stages and syncs one group, the next one gathers. So the more callers there are, the more requests
/// share a sync, and a single caller waits for nothing but its own.
///
///     let loop = CommitLoop<Write> { group in stage(group); log(group); answer(group) }
///     try loop.enqueue(Write(transaction, reply), bytes: transaction.bytes)
///     reply.wait()                       // or `await` a continuation that the request carries
///     loop.stop()
package final class CommitLoop<Request: Sendable>: Sendable {
  package typealias Refusal = CommitQueue<Request>.Refusal

  private let shared: Shared
  private let thread: WorkerThread

  /// Starts the thread. The handler must answer every request that it is given, also after a failure.
  package init(
    configuration: CommitQueue<Request>.Configuration = .init(), handler: @escaping @Sendable ([Request]) -> Void
  ) {
    let shared = Shared(configuration)
    self.shared = shared
    thread = WorkerThread { shared.run(handler) }
  }

  /// Stops as `stop` does, if that was forgotten.
  deinit {
    stop()
  }

  /// Hands a request to the writer, without waiting. `bytes` is what it counts for against the limits.
  package func enqueue(_ request: Request, bytes: Int) throws(Refusal) {
    switch shared.queue.withLock({ $0.enqueue(request, bytes: bytes) }) {
    case .none: break
    case .wake: shared.work.signal()
    case .refuse(let reason): throw reason
    }
  }

  /// Refuses all further requests with this error; those that wait still go to the handler.
  package func fail(_ error: any Error) {
    shared.queue.withLock { $0.fail(error) }
  }

  /// How many requests and bytes wait.
  package var backlog: (requests: Int, bytes: Int) {
    shared.queue.withLock { ($0.waitingCount, $0.waitingBytes) }
  }

  /// Refuses further requests, lets the handler finish all that wait, and ends the thread. The handler must not call it.
  package func stop() {
    if shared.queue.withLock({ $0.close() }) { shared.work.signal() }
    thread.join()
  }

  /// What callers and the thread both hold; it does not hold the thread, so that forgetting the loop ends it.
  private final class Shared: Sendable {
    let queue: Mutex<CommitQueue<Request>>
    /// Signalled when the writer must wake.
    let work = DispatchSemaphore(value: 0)

    init(_ configuration: CommitQueue<Request>.Configuration) {
      queue = Mutex(CommitQueue(configuration: configuration))
    }

    func run(_ handler: ([Request]) -> Void) {
      while true {
        switch queue.withLock({ $0.takeGroup() }) {
        case .run(let group): handler(group)
        case .sleep: work.wait()
        case .stop: return
        }
      }
    }
  }
}
