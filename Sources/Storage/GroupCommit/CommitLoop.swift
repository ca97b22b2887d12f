import Dispatch
import Synchronization

/// The one writer: takes all waiting requests as a group and hands them to a handler, again and again.
///
/// While the handler stages and syncs one group, the next one gathers. So the more callers there are, the more requests
/// share a sync. A caller that finds nobody writing runs the handler itself, for its own request: waking a thread and being
/// woken by it costs a single caller more than the write. When others came meanwhile, it leaves the rest to the thread.
///
///     let loop = CommitLoop<Write> { group in stage(group); log(group); answer(group) }
///     try loop.submit(Write(transaction, reply), bytes: transaction.bytes)
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
    let shared = Shared(configuration, handler)
    self.shared = shared
    thread = WorkerThread { shared.run() }
  }

  /// Stops as `stop` does, if that was forgotten.
  deinit {
    stop()
  }

  /// Hands a request to the writer. When nobody writes and the caller may lead, the handler has answered it before this
  /// returns; otherwise it does not wait. `bytes` is what the request counts for against the limits.
  package func submit(_ request: Request, bytes: Int, mayLead: Bool = true) throws(Refusal) {
    switch shared.queue.withLock({ $0.enqueue(request, bytes: bytes, mayLead: mayLead) }) {
    case .wait: break
    case .wake: shared.work.signal()
    case .lead: shared.lead(request)
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
    /// Signalled when the thread gets the turn.
    let work = DispatchSemaphore(value: 0)
    private let handler: @Sendable ([Request]) -> Void

    init(_ configuration: CommitQueue<Request>.Configuration, _ handler: @escaping @Sendable ([Request]) -> Void) {
      queue = Mutex(CommitQueue(configuration: configuration))
      self.handler = handler
    }

    /// A caller's turn.
    func lead(_ request: Request) {
      handler([request])
      if queue.withLock({ $0.endTurn() }) { work.signal() }
    }

    /// The thread's turns.
    func run() {
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
