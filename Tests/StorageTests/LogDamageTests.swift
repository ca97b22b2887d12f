import Storage
import TestSupport
import Testing

/// Truncates and flips a small log everywhere. What is read back must be a first part of what was written, or refused;
/// and whatever a later durable record vouches for must not be lost silently.
@Suite struct LogDamageTests {
  /// Records that each are a durable group of their own, in one segment, and where each begins.
  private func oneSegment() throws -> (bytes: [UInt8], records: [LogRecord], starts: [Int]) {
    let files = FaultyFileSystem()
    var log = try open(files) { _ in }
    var records: [LogRecord] = []
    var starts = [64]
    for length in [0, 5, 8, 21, 3] {
      let sequence = UInt64(records.count + 1)
      let record = LogRecord(sequence: sequence, payload: Array(repeating: UInt8(length), count: length))
      try log.append([record], durable: true)
      records.append(record)
      starts.append((starts.last ?? 0) + 32 + (length + 7) / 8 * 8)
    }
    return (try files.read(path(1)), records, starts)
  }

  @Test func recoversAFirstPartFromATornEnd() throws {
    let (bytes, records, starts) = try oneSegment()
    for length in 0..<bytes.count {
      let complete = max(0, starts.filter { $0 <= length }.count - 1)
      let rest = bytes[..<length]
      if length < 64 {
        // A file that ends within its header is one that was being made.
        #expect(try replay([Array(rest)]) == [])
      } else {
        #expect(try replay([Array(rest)]) == Array(records.prefix(complete)), "cut at \(length)")
      }
      // As a disk does that knows the length but not yet the bytes.
      let zeros = Array(rest) + [UInt8](repeating: 0, count: bytes.count - length)
      let replayed = try? replay([zeros])
      if length >= 64 { #expect(replayed.map { records.starts(with: $0) } == true, "zeroed from \(length)") }
    }
  }

  @Test func refusesEveryFlippedBitThatALaterRecordVouchesFor() throws {
    let (bytes, records, starts) = try oneSegment()
    for bit in 0..<bytes.count * 8 {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << (bit % 8)
      let replayed = try? replay([flipped])
      if bit / 8 < starts[4] {
        #expect(replayed == nil, "bit \(bit) is part of what is known to be durable")
      } else if bit / 8 < starts[5] {
        #expect(replayed == Array(records.prefix(4)), "bit \(bit) is part of the last record")
      } else {
        #expect(replayed == records, "bit \(bit) lies behind the last record")
      }
    }
  }

  @Test func refusesAnyDamageToASegmentThatAnotherFollows() throws {
    let files = FaultyFileSystem()
    var session = LogSession(files)
    var log = try session.open()
    for _ in 0..<10 { try session.append(1, to: &log, durable: true) }
    try log.close()
    let names = try files.list("/log")
    #expect(names.count == 2)
    let segments = try names.map { try files.read("/log/\($0)") }
    #expect(try replay(segments) == session.acknowledged)
    for bit in 0..<segments[0].count * 8 {
      var flipped = segments[0]
      flipped[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: LogError.self, "bit \(bit)") { try replay([flipped, segments[1]]) }
    }
    for length in 0..<segments[0].count {
      #expect(throws: LogError.self, "cut at \(length)") { try replay([Array(segments[0][..<length]), segments[1]]) }
    }
    #expect(throws: LogError.self) { try replay([segments[0], segments[0]]) }
  }

  /// All is valid in such a segment, and it is just as long; but the next one does not continue it.
  @Test func refusesASegmentOfAnotherLog() throws {
    let logs = try ([1, 2] as [UInt64]).map { salt in
      let files = FaultyFileSystem()
      var log = try Log.open("/log", fileSystem: files, salt: salt, configuration: LogSession.configuration) { _ in }
      for sequence in 1...20 { try log.append([LogRecord(sequence: UInt64(sequence), payload: [1])], durable: true) }
      try log.close()
      return try [1, 2].map { try files.read(path($0)) }
    }
    #expect(try replay(logs[0]).count == 20)
    #expect(throws: LogError.self) { try replay([logs[1][0], logs[0][1]]) }
    #expect(throws: LogError.self) { try replay([logs[0][0], logs[1][1]]) }
  }

  @Test func refusesAGapInTheNumbers() throws {
    let files = FaultyFileSystem()
    var session = LogSession(files)
    var log = try session.open()
    for _ in 0..<30 { try session.append(1, to: &log, durable: true) }
    try log.close()
    try files.remove(path(2))
    #expect(throws: LogError.damaged(segment: 2, offset: 0, reason: "the file is missing")) { _ = try session.open() }
  }

  @Test func dropsGarbageThatATornWriteLeftBehind() throws {
    let (bytes, records, starts) = try oneSegment()
    for seed in 0..<200 as Range<UInt64> {
      var random = RepeatableRandom(seed: seed)
      var torn = bytes
      for index in starts[5]..<bytes.count { torn[index] = UInt8.random(in: 0...255, using: &random) }
      #expect(try replay([torn]) == records, "seed \(seed)")
    }
  }

  /// The sectors of one write reach the disk in any order, so valid records may follow a bad one of the same group.
  @Test func dropsValidRecordsOfAGroupThatWasNeverDurable() throws {
    let files = FaultyFileSystem()
    var log = try open(files) { _ in }
    let first = LogRecord(sequence: 1, payload: [1, 2, 3])
    try log.append([first], durable: true)
    try log.append((2...4).map { LogRecord(sequence: $0, payload: [UInt8($0)]) }, durable: true)
    var bytes = try files.read(path(1))
    bytes[64 + 40 + 24] ^= 1
    #expect(try replay([bytes]) == [first])
  }

  /// What the torn end held must not come back once other records were written in its place.
  @Test func neverBringsBackWhatWasCutOff() throws {
    let files = FaultyFileSystem()
    var log = try open(files) { _ in }
    let group = (1...4).map { LogRecord(sequence: $0, payload: [UInt8($0)]) }
    try log.append(group, durable: true)
    var bytes = try files.read(path(1))
    bytes[64 + 24] ^= 1
    let torn = try filesWith([bytes])
    var second = try open(torn) { _ in Issue.record("nothing of the torn group counts") }
    try second.append([group[0]], durable: true)
    var replayed: [LogRecord] = []
    _ = try open(torn) { replayed.append($0) }
    #expect(replayed == [group[0]])
  }

  // MARK: Helpers

  private func path(_ number: Int) -> String { "/log/000000000000000\(number).log" }

  private func open(_ files: FaultyFileSystem, _ replay: (LogRecord) -> Void) throws -> Log {
    try Log.open("/log", fileSystem: files, salt: 77, configuration: LogSession.configuration, replay: replay)
  }

  private func filesWith(_ segments: [[UInt8]]) throws -> FaultyFileSystem {
    let files = FaultyFileSystem()
    try files.makeDirectory("/log")
    for (index, bytes) in segments.enumerated() {
      try files.create(path(index + 1), bytes: bytes.span, durable: true)
    }
    return files
  }

  @discardableResult
  private func replay(_ segments: [[UInt8]]) throws -> [LogRecord] {
    var replayed: [LogRecord] = []
    _ = try open(try filesWith(segments)) { replayed.append($0) }
    return replayed
  }
}
