import Git
import Synchronization

/// The newest state that readers may see: exchanged in one step, after its log write is as durable as was asked for.
final class PublishedState: Sendable {
  struct State: Sendable {
    var index: Index
    var head: ObjectID?
    var sequence: UInt64
  }

  private struct Waiters {
    var next = 0
    var continuations: [Int: CheckedContinuation<Void, Never>] = [:]
    var isClosed = false
  }

  /// What the newest commits changed.
  let recent = RecentChanges()
  private let state: Mutex<State>
  private let waiters = Mutex(Waiters())

  init(_ state: State) {
    self.state = Mutex(state)
  }

  var current: State { state.withLock { $0 } }
  var isClosed: Bool { waiters.withLock { $0.isClosed } }

  func update(_ newest: State) {
    state.withLock { $0 = newest }
    wakeAll(closing: false)
  }

  /// Returns once the sequence is above this one, the state is closed, or the task is cancelled.
  func newer(than sequence: UInt64) async {
    let ticket = waiters.withLock { waiters in
      waiters.next += 1
      return waiters.next
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isDue = waiters.withLock { waiters in
          if waiters.isClosed || Task.isCancelled || state.withLock({ $0.sequence }) > sequence { return true }
          waiters.continuations[ticket] = continuation
          return false
        }
        if isDue { continuation.resume() }
      }
    } onCancel: {
      waiters.withLock { $0.continuations.removeValue(forKey: ticket) }?.resume()
    }
  }

  /// Nothing newer will come.
  func close() {
    wakeAll(closing: true)
  }

  private func wakeAll(closing: Bool) {
    let woken = waiters.withLock { waiters in
      waiters.isClosed = waiters.isClosed || closing
      defer { waiters.continuations.removeAll(keepingCapacity: true) }
      return waiters.continuations.isEmpty ? [] : Array(waiters.continuations.values)
    }
    for waiter in woken { waiter.resume() }
  }
}
