import Synchronization

/// Lets changes of the same document go one after the other, in the order in which they came. Preconditions keep them
/// right without it; with it nobody loses a race again and again to those who write all the time.
final class Turns: Sendable {
  /// By what is changed: those who wait for their turn. There is an entry while somebody has it.
  private let waiting = Mutex<[String: WaitingLine]>([:])

  /// - Throws: what the body throws; `CancellationError` for who does not want to wait any more.
  func take<Result>(of subject: String, _ body: () async throws -> Result) async throws -> Result {
    try await take(subject)
    defer { passOn(subject) }
    return try await body()
  }

  /// How many have a turn or wait for one.
  var load: Int { waiting.withLock { $0.values.reduce(0) { $0 + 1 + $1.count } } }

  private func take(_ subject: String) async throws {
    let ticket = WaitingLine.Ticket()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { waiter in
        let answer: Result<Void, any Error>? = waiting.withLock { waiting in
          if Task.isCancelled { return .failure(CancellationError()) }
          guard waiting[subject] != nil else {
            waiting[subject] = WaitingLine()
            return .success(())
          }
          waiting[subject]?.append(ticket, waiter)
          return nil
        }
        if let answer { waiter.resume(with: answer) }
      }
    } onCancel: {
      waiting.withLock { $0[subject]?.remove(ticket) }?.resume(throwing: CancellationError())
    }
  }

  private func passOn(_ subject: String) {
    let next = waiting.withLock { waiting in
      let next = waiting[subject]?.popFirst()
      if next == nil { waiting[subject] = nil }
      return next
    }
    next?.resume()
  }
}
