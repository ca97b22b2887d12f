import Storage
import TestSupport

/// A scripted use of a log on a faulty file system, which keeps account of what the log has promised.
struct LogSession {
  let files: FaultyFileSystem
  /// What was acknowledged as durable, in order.
  private(set) var acknowledged: [LogRecord] = []
  /// What was given to the log since, and may be there or not.
  private(set) var pending: [LogRecord] = []
  private(set) var droppedThrough: UInt64 = 0
  private var nextSequence: UInt64 = 1
  private var salt: UInt64 = 1

  static var configuration: Log.Configuration {
    var configuration = Log.Configuration()
    configuration.segmentBytes = 512
    configuration.preallocationBytes = 128
    return configuration
  }

  init(_ files: FaultyFileSystem) {
    self.files = files
  }

  /// A session that knows what another one does, on files of its own.
  init(copying other: LogSession, _ files: FaultyFileSystem) {
    self.init(files)
    acknowledged = other.acknowledged
    pending = other.pending
    droppedThrough = other.droppedThrough
    nextSequence = other.nextSequence
    salt = other.salt
  }

  /// Opens the log; also checks that it holds what it promised, and goes on from what it holds.
  mutating func open() throws -> Log {
    var replayed: [LogRecord] = []
    salt += 1
    let log = try Log.open(
      "/log", fileSystem: files, salt: salt, configuration: Self.configuration, replay: { replayed.append($0) })
    if let broken = brokenPromise(replayed) { throw BrokenPromise(text: broken) }
    acknowledged = replayed
    pending = []
    return log
  }

  mutating func append(_ count: Int, to log: inout Log, durable: Bool) throws {
    let records = (0..<count).map { index in
      let sequence = nextSequence + UInt64(index)
      return LogRecord(sequence: sequence, type: 7, payload: payload(sequence))
    }
    nextSequence += UInt64(count)
    pending += records
    try log.append(records, durable: durable)
    if durable { acknowledge() }
  }

  /// Syncs what was appended, while more is appended that the sync does not cover.
  mutating func sync(_ log: inout Log, appending count: Int) throws {
    let covered = pending.count
    guard let sync = log.pendingSync else { return }
    let outcome = Result { () throws(FileError) in try sync.run() }
    try append(count, to: &log, durable: false)
    try log.finish(sync, outcome)
    acknowledged += pending.prefix(covered)
    pending.removeFirst(covered)
  }

  mutating func drop(through sequence: UInt64, from log: inout Log) throws {
    droppedThrough = max(droppedThrough, sequence)
    try log.drop(through: sequence)
  }

  /// Every kind of call, with rotation, across two openings.
  mutating func run() throws {
    var log = try open()
    for count in [1, 3, 2] { try append(count, to: &log, durable: true) }
    try append(2, to: &log, durable: false)
    try append(1, to: &log, durable: false)
    try sync(&log, appending: 1)
    // So many that a segment ends while its sync is under way.
    try sync(&log, appending: 9)
    try append(2, to: &log, durable: true)
    try drop(through: 14, from: &log)
    try append(3, to: &log, durable: false)
    try log.close()
    acknowledge()
    log = try open()
    try append(2, to: &log, durable: true)
    try drop(through: 18, from: &log)
    for _ in 0..<3 { try append(2, to: &log, durable: true) }
    try append(2, to: &log, durable: false)
    // Several segments at once: a power cut in between must not leave a gap in their numbers.
    for _ in 0..<8 { try append(2, to: &log, durable: true) }
    try drop(through: 46, from: &log)
    try append(1, to: &log, durable: true)
  }

  private mutating func acknowledge() {
    acknowledged += pending
    pending = []
  }

  private func payload(_ sequence: UInt64) -> [UInt8] {
    (0..<Int(sequence * 13 % 61)).map { UInt8(truncatingIfNeeded: UInt64($0) &* 31 &+ sequence) }
  }

  /// What is wrong with these records after a crash, if anything: they must be a run of what was written, without a gap,
  /// that begins no later than behind what was dropped and ends no sooner than with what was acknowledged.
  func brokenPromise(_ replayed: [LogRecord]) -> String? {
    let written = acknowledged + pending
    let required = acknowledged.filter { $0.sequence > droppedThrough }
    guard let first = replayed.first else { return required.isEmpty ? nil : "all \(required.count) records are lost" }
    guard let start = written.firstIndex(of: first) else { return "record \(first.sequence) was never written" }
    if !written[start...].starts(with: replayed) { return "the records differ from those written" }
    if let lost = required.first, lost.sequence < first.sequence { return "record \(lost.sequence) is lost" }
    return start + replayed.count < acknowledged.count ? "acknowledged records are lost at the end" : nil
  }
}

struct BrokenPromise: Error {
  var text: String
}
