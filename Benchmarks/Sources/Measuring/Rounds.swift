import Foundation
import Synchronization

/// Ways of measuring that hold out against a machine whose speed changes from minute to minute.
public enum Rounds {
  /// Measures both sides in turn and gives the median of each. Rounds count from 1.
  public static func alternating(
    _ count: Int, ours: (Int) throws -> Double, peer: (Int) throws -> Double
  ) throws -> (ours: Double?, peer: Double?) {
    var results: (ours: [Double], peer: [Double]) = ([], [])
    for round in 1...count {
      // The one that goes first warms the machine for the other, so they take turns in that too.
      if round % 2 == 1 { results.ours.append(try ours(round)) }
      results.peer.append(try peer(round))
      if round % 2 == 0 { results.ours.append(try ours(round)) }
    }
    return (median(results.ours), median(results.peer))
  }

  public static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// The value that so many of a hundred do not exceed.
  public static func percentile(_ percent: Int, _ values: [Double]) -> Double? {
    let sorted = values.sorted()
    return sorted.isEmpty ? nil : sorted[(sorted.count - 1) * percent / 100]
  }

  /// How long the body takes, in seconds.
  public static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let begin = clock.now
    try body()
    return (clock.now - begin) / .seconds(1)
  }

  /// How many of the tasks the threads together get through in a second; ends after so many seconds or with the last task.
  /// Throws what the first of them threw.
  public static func rate<Task: Sendable>(
    of tasks: [Task], threads: Int, seconds: Double, _ body: @escaping @Sendable (_ thread: Int, Task) throws -> Void
  ) throws -> Double {
    let counts = Counts()
    let group = DispatchGroup()
    let clock = ContinuousClock()
    let begin = clock.now
    let end = begin + .seconds(seconds)
    for thread in 0..<threads {
      group.enter()
      let worker = Thread {
        var done = 0
        do {
          for place in stride(from: thread, to: tasks.count, by: threads) where clock.now < end {
            try body(thread, tasks[place])
            done += 1
          }
        } catch {
          counts.fail(error)
        }
        counts.add(done)
        group.leave()
      }
      worker.stackSize = 1 << 20
      worker.start()
    }
    group.wait()
    if let failure = counts.failure { throw failure }
    return Double(counts.total) / ((clock.now - begin) / .seconds(1))
  }
}

private final class Counts: Sendable {
  private let count = Mutex(0)
  private let firstFailure = Mutex<(any Error)?>(nil)

  func add(_ number: Int) { count.withLock { $0 += number } }

  func fail(_ error: any Error) { firstFailure.withLock { $0 = $0 ?? error } }

  var total: Int { count.withLock { $0 } }
  var failure: (any Error)? { firstFailure.withLock { $0 } }
}
