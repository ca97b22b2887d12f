import Foundation
import Measuring
import Synchronization

/// What SQLite is asked, each as one number.
public struct SQLiteMeasurements: Sendable {
  public let path: String
  private let workload: Workload
  private let documents: Int

  private static let batch = 10_000

  /// Makes the database with its first documents.
  public init(folder: URL, documents: Int, workload: Workload) throws {
    path = folder.appending(path: "peer.sqlite").path
    self.documents = documents
    self.workload = workload
    let connection = try SQLiteConnection(path: path, synchronous: .normal)
    for begin in stride(from: 0, to: documents, by: Self.batch) {
      try connection.fill((begin..<min(begin + Self.batch, documents)).lazy.map { workload.task($0) })
    }
    try connection.execute("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)")
  }

  /// Transactions a second, with a connection for each thread.
  public func puts(
    _ tasks: [Workload.Task], threads: Int, synchronous: SQLitePeer.Synchronous, seconds: Double
  ) throws -> Double {
    let connections = try (0..<threads).map { _ in try ThreadConnection(path: path, synchronous: synchronous) }
    return try Rounds.rate(of: tasks, threads: threads, seconds: seconds) { thread, task in
      try connections[thread].put(task)
    }
  }

  /// The median time of one put, in microseconds.
  public func putMicroseconds(count: Int, synchronous: SQLitePeer.Synchronous) throws -> Double {
    let connection = try SQLiteConnection(path: path, synchronous: synchronous)
    let times = try (0..<count).map { round in
      let task = workload.task(round * 7_919 % documents, version: round + 1)
      return try Rounds.seconds { try connection.put(task) } * 1e6
    }
    return Rounds.median(times) ?? 0
  }

  /// Point selects a second.
  public func reads(count: Int) throws -> Double {
    let connection = try SQLiteConnection(path: path, synchronous: .full)
    let ids = (0..<1_000).map { workload.task($0 * 97 % documents).id }
    var bytes = 0
    let seconds = try Rounds.seconds {
      for round in 0..<count { bytes += try connection.body(of: ids[round % ids.count]) }
    }
    precondition(bytes > count, "the documents are there")
    return Double(count) / seconds
  }

  /// Lists of the 50 newest of a status, a second.
  public func newest(count: Int) throws -> Double {
    let connection = try SQLiteConnection(path: path, synchronous: .full)
    let seconds = try Rounds.seconds {
      for round in 0..<count {
        let rows = try connection.newest(50, status: Workload.statuses[round % Workload.statuses.count])
        precondition(rows == 50, "there are enough of each status")
      }
    }
    return Double(count) / seconds
  }

  /// What one update adds to the file, in bytes, after a checkpoint.
  public func bytesPerUpdate(count: Int) throws -> Double {
    let connection = try SQLiteConnection(path: path, synchronous: .normal)
    try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    let before = try size()
    for round in 0..<count { try connection.put(workload.task(round * 7_919 % documents, version: round + 50_000)) }
    try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Double(try size() - before) / Double(count)
  }

  private func size() throws -> Int {
    try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
  }
}

/// A connection that was made here and is used on one thread: its lock is never waited for.
private final class ThreadConnection: Sendable {
  private let connection: Mutex<SQLiteConnection>

  init(path: String, synchronous: SQLitePeer.Synchronous) throws {
    connection = Mutex(try SQLiteConnection(path: path, synchronous: synchronous))
  }

  func put(_ task: Workload.Task) throws {
    try connection.withLock { try $0.put(task) }
  }
}
