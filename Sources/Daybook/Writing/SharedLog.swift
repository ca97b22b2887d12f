import Storage
import Synchronization

/// The log, shared by the writer, who appends, and the archive, who drops what it has put away.
final class SharedLog: Sendable {
  private let log: Mutex<Log>

  init(_ log: consuming sending Log) {
    self.log = Mutex(log)
  }

  func append(_ commits: [CommitRecord], durable: Bool) throws(LogError) {
    let records = commits.flatMap(Self.records)
    try log.withLock { log throws(LogError) in try log.append(records, durable: durable) }
  }

  /// Makes everything durable that was appended before; appending goes on meanwhile.
  func sync() throws(LogError) {
    guard let pending = log.withLock({ $0.pendingSync }) else { return }
    let outcome = Result { () throws(FileError) in try pending.run() }
    try log.withLock { log throws(LogError) in try log.finish(pending, outcome) }
  }

  func drop(through sequence: UInt64) throws(LogError) {
    try log.withLock { log throws(LogError) in try log.drop(through: sequence) }
  }

  func dropAll() throws(LogError) {
    try log.withLock { log throws(LogError) in try log.dropAll() }
  }

  var byteCount: Int { log.withLock { $0.byteCount } }

  private static func records(of commit: CommitRecord) -> [LogRecord] {
    let payload = commit.payload
    if payload.count <= CommitRecord.partBytes {
      return [LogRecord(sequence: commit.sequence, type: CommitRecord.end, payload: payload)]
    }
    return stride(from: 0, to: payload.count, by: CommitRecord.partBytes).map { start in
      let end = min(start + CommitRecord.partBytes, payload.count)
      return LogRecord(
        sequence: commit.sequence, type: end == payload.count ? CommitRecord.end : CommitRecord.part,
        payload: Array(payload[start..<end]))
    }
  }
}
