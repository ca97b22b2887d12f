import Synchronization

/// Lets changes of the same document go one after the other, in the order in which they came. Preconditions keep them
/// right without it; with it nobody loses a race again and again to those who write all the time.
final class Turns: Sendable {
  /// By what is changed: those who wait for their turn, longest first. There is an entry while somebody has it.
  private let waiting = Mutex<[String: [CheckedContinuation<Void, Never>]]>([:])

  func take<Result>(of subject: String, _ body: () async throws -> Result) async rethrows -> Result {
    await take(subject)
    defer { passOn(subject) }
    return try await body()
  }

  /// How many have a turn or wait for one.
  var load: Int { waiting.withLock { $0.values.reduce(0) { $0 + 1 + $1.count } } }

  private func take(_ subject: String) async {
    await withCheckedContinuation { continuation in
      let isFree = waiting.withLock { waiting in
        guard waiting[subject] != nil else {
          waiting[subject] = []
          return true
        }
        waiting[subject]?.append(continuation)
        return false
      }
      if isFree { continuation.resume() }
    }
  }

  private func passOn(_ subject: String) {
    let next: CheckedContinuation<Void, Never>? = waiting.withLock { waiting in
      guard let first = waiting[subject]?.first else {
        waiting[subject] = nil
        return nil
      }
      waiting[subject]?.removeFirst()
      return first
    }
    next?.resume()
  }
}
