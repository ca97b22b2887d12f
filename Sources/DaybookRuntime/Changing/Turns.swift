import Synchronization

/// Lets changes of the same subject go one after the other, in the order in which they came; or several at once that
/// leave each other alone, between those that bear no other.
///
/// Where preconditions keep changes right, nobody loses a race again and again, with this, to those who write all the
/// time. Where there are none, as for what a thread holds as a whole, it is this that keeps them right: one process owns
/// a store.
final class Turns: Sendable {
  private enum Manner {
    case alone
    case together
  }

  private struct Line {
    /// How many have a turn now. One who has it alone counts as well.
    var busy = 1
    var manner: Manner
    /// Those who wait, longest first.
    var waiting: [(manner: Manner, continuation: CheckedContinuation<Void, Never>)] = []

    /// Those whose turn it is now.
    mutating func admit() -> [CheckedContinuation<Void, Never>] {
      var admitted: [CheckedContinuation<Void, Never>] = []
      while let first = waiting.first, busy == 0 || manner == .together && first.manner == .together {
        busy += 1
        manner = first.manner
        admitted.append(first.continuation)
        waiting.removeFirst()
      }
      return admitted
    }
  }

  /// By subject. There is an entry while somebody has a turn.
  private let lines = Mutex<[String: Line]>([:])

  /// Has a turn alone.
  func take<Result>(of subject: String, _ body: () async throws -> Result) async rethrows -> Result {
    await wait(for: subject, .alone)
    defer { leave(subject) }
    return try await body()
  }

  /// Has a turn together with others who share it. Who waits to have it alone is not overtaken.
  func share<Result>(of subject: String, _ body: () async throws -> Result) async rethrows -> Result {
    await wait(for: subject, .together)
    defer { leave(subject) }
    return try await body()
  }

  /// How many have a turn or wait for one.
  var load: Int { lines.withLock { $0.values.reduce(0) { $0 + $1.busy + $1.waiting.count } } }

  private func wait(for subject: String, _ manner: Manner) async {
    await withCheckedContinuation { continuation in
      let isFree = lines.withLock { lines in
        guard var line = lines[subject] else {
          lines[subject] = Line(manner: manner)
          return true
        }
        if line.manner == .together, manner == .together, line.waiting.isEmpty {
          line.busy += 1
          lines[subject] = line
          return true
        }
        lines[subject]?.waiting.append((manner, continuation))
        return false
      }
      if isFree { continuation.resume() }
    }
  }

  private func leave(_ subject: String) {
    let admitted: [CheckedContinuation<Void, Never>] = lines.withLock { lines in
      lines[subject]?.busy -= 1
      let admitted = lines[subject]?.admit() ?? []
      if lines[subject]?.busy == 0 { lines[subject] = nil }
      return admitted
    }
    for continuation in admitted { continuation.resume() }
  }
}
