import Synchronization

/// Lets changes of the same subject go one after the other, in the order in which they came; or several at once that
/// leave each other alone, between those that bear no other.
///
/// Where preconditions keep changes right, nobody loses a race again and again, with this, to those who write all the
/// time. Where there are none, as for what a thread holds as a whole, it is this that keeps them right: one process owns
/// a store.
final class Turns: Sendable {
  private typealias Waiter = CheckedContinuation<Void, any Error>

  private enum Manner {
    case alone
    case together
  }

  private struct Line {
    /// How many have a turn now. One who has it alone counts as well.
    var busy = 1
    var manner: Manner
    /// Those who wait, longest first.
    var waiting: [(ticket: WaitingLine.Ticket, manner: Manner, waiter: Waiter)] = []

    /// Those whose turn it is now.
    mutating func admit() -> [Waiter] {
      var admitted: [Waiter] = []
      while let first = waiting.first, busy == 0 || manner == .together && first.manner == .together {
        busy += 1
        manner = first.manner
        admitted.append(first.waiter)
        waiting.removeFirst()
      }
      return admitted
    }
  }

  /// By subject. There is an entry while somebody has a turn.
  private let lines = Mutex<[String: Line]>([:])

  /// Has a turn alone.
  ///
  /// - Throws: what the body throws; `CancellationError` for who does not want to wait any more.
  func take<Result>(of subject: String, _ body: () async throws -> Result) async throws -> Result {
    try await wait(for: subject, .alone)
    defer { leave(subject) }
    return try await body()
  }

  /// Has a turn together with others who share it. Who waits to have it alone is not overtaken.
  ///
  /// - Throws: the same.
  func share<Result>(of subject: String, _ body: () async throws -> Result) async throws -> Result {
    try await wait(for: subject, .together)
    defer { leave(subject) }
    return try await body()
  }

  /// How many have a turn or wait for one.
  var load: Int { lines.withLock { $0.values.reduce(0) { $0 + $1.busy + $1.waiting.count } } }

  private func wait(for subject: String, _ manner: Manner) async throws {
    let ticket = WaitingLine.Ticket()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { waiter in
        let answer: Result<Void, any Error>? = lines.withLock { lines in
          if Task.isCancelled { return .failure(CancellationError()) }
          guard var line = lines[subject] else {
            lines[subject] = Line(manner: manner)
            return .success(())
          }
          defer { lines[subject] = line }
          if line.manner == .together, manner == .together, line.waiting.isEmpty {
            line.busy += 1
            return .success(())
          }
          line.waiting.append((ticket, manner, waiter))
          return nil
        }
        if let answer { waiter.resume(with: answer) }
      }
    } onCancel: {
      giveUp(ticket, subject)
    }
  }

  private func giveUp(_ ticket: WaitingLine.Ticket, _ subject: String) {
    let (waiter, admitted): (Waiter?, [Waiter]) = lines.withLock { lines in
      guard let place = lines[subject]?.waiting.firstIndex(where: { $0.ticket === ticket }) else { return (nil, []) }
      let waiter = lines[subject]?.waiting.remove(at: place).waiter
      // It may have kept those behind it from sharing the turn.
      return (waiter, lines[subject]?.admit() ?? [])
    }
    waiter?.resume(throwing: CancellationError())
    for waiter in admitted { waiter.resume() }
  }

  private func leave(_ subject: String) {
    let admitted: [Waiter] = lines.withLock { lines in
      lines[subject]?.busy -= 1
      let admitted = lines[subject]?.admit() ?? []
      if lines[subject]?.busy == 0 { lines[subject] = nil }
      return admitted
    }
    for waiter in admitted { waiter.resume() }
  }
}
