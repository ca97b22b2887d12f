import Dispatch
import Synchronization

/// The answer to a request, for a thread that blocks until it is there. Asynchronous callers put a continuation into their
/// request instead.
package final class Reply<Answer: Sendable>: Sendable {
  private let answer = Mutex<Answer?>(nil)
  private let arrival = DispatchSemaphore(value: 0)

  package init() {}

  /// Gives the answer, once, and lets the waiting thread go on.
  package func send(_ answer: Answer) {
    self.answer.withLock { current in
      precondition(current == nil, "A request is answered once.")
      current = answer
    }
    arrival.signal()
  }

  /// Blocks until the answer is there. Never call it where Swift tasks run.
  package func wait() -> Answer {
    while true {
      if let answer = answer.withLock({ $0 }) { return answer }
      arrival.wait()
    }
  }
}
