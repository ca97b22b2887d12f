import Daybook
import Synchronization

/// Lets a few do at once what takes much memory or time, lets a few more wait, and turns the others away.
final class BoundedWork: Sendable {
  private struct State {
    var running = 0
    /// Those who wait for their turn, longest first.
    var waiting: [CheckedContinuation<Bool, Never>] = []
  }

  private let atOnce: Int
  private let mostWaiting: Int
  private let state = Mutex(State())

  init(atOnce: Int, waiting: Int) {
    self.atOnce = atOnce
    mostWaiting = waiting
  }

  /// Does the work away from the threads that tasks share, when it is its turn.
  ///
  /// - Throws: `.busy` when too many wait already.
  func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    guard await takeTurn() else {
      throw StoreError(.busy, "Too many wait for the same.", hint: "Try again in a moment.")
    }
    defer { passTurnOn() }
    return try await Blocking.run(work)
  }

  /// How many are at work, and how many wait.
  var load: (running: Int, waiting: Int) { state.withLock { ($0.running, $0.waiting.count) } }

  /// Whether the caller has its turn; if not, it was turned away.
  private func takeTurn() async -> Bool {
    await withCheckedContinuation { continuation in
      let answer: Bool? = state.withLock { state in
        if state.running < atOnce {
          state.running += 1
          return true
        }
        if state.waiting.count == mostWaiting { return false }
        state.waiting.append(continuation)
        return nil
      }
      if let answer { continuation.resume(returning: answer) }
    }
  }

  private func passTurnOn() {
    let next: CheckedContinuation<Bool, Never>? = state.withLock { state in
      guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
      state.running -= 1
      return nil
    }
    next?.resume(returning: true)
  }
}
