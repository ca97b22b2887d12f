import Daybook
import Synchronization

/// Lets a few do at once what takes much memory or time, lets a few more wait, and turns the others away.
package final class BoundedWork: Sendable {
  private struct State {
    var running = 0
    var line = WaitingLine()
  }

  private let atOnce: Int
  private let mostWaiting: Int
  private let state = Mutex(State())

  package init(atOnce: Int, waiting: Int) {
    self.atOnce = atOnce
    mostWaiting = waiting
  }

  /// Does the work away from the threads that tasks share, when it is its turn.
  ///
  /// - Throws: `.busy` when too many wait already; `CancellationError` for who does not want to wait any more.
  package func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await takeTurn()
    defer { passTurnOn() }
    return try await Blocking.run(work)
  }

  /// How many are at work, and how many wait.
  package var load: (running: Int, waiting: Int) { state.withLock { ($0.running, $0.line.count) } }

  private func takeTurn() async throws {
    let ticket = WaitingLine.Ticket()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { waiter in
        let answer: Result<Void, any Error>? = state.withLock { state in
          if Task.isCancelled { return .failure(CancellationError()) }
          if state.running < atOnce {
            state.running += 1
            return .success(())
          }
          if state.line.count == mostWaiting {
            return .failure(StoreError(.busy, "Too many wait for the same.", hint: "Try again in a moment."))
          }
          state.line.append(ticket, waiter)
          return nil
        }
        if let answer { waiter.resume(with: answer) }
      }
    } onCancel: {
      state.withLock { $0.line.remove(ticket) }?.resume(throwing: CancellationError())
    }
  }

  private func passTurnOn() {
    let next = state.withLock { state in
      let next = state.line.popFirst()
      if next == nil { state.running -= 1 }
      return next
    }
    next?.resume()
  }
}
