import Storage
import TestSupport
import Testing

@Suite struct LogTests {
  @Test func givesBackWhatWasAppendedAcrossSegmentsAndOpenings() throws {
    var session = LogSession(FaultyFileSystem())
    try session.run()
    var log = try session.open()
    try session.append(1, to: &log, durable: true)
    #expect(session.acknowledged.last?.sequence == 52)
  }

  @Test func writesAGroupWithOneWriteAndOneSync() throws {
    let files = FaultyFileSystem()
    var log = try Log.open("/log", fileSystem: files, salt: 1) { _ in }
    try log.append([LogRecord(sequence: 1, payload: [1])], durable: true)
    files.plan.plan(nil)
    try log.append((2...65).map { LogRecord(sequence: $0, payload: Array(repeating: 9, count: 500)) }, durable: true)
    #expect(files.plan.calls == [.write, .sync])
  }

  @Test func neverSyncsAGroupThatNeedNotBeDurable() throws {
    let files = FaultyFileSystem()
    var log = try Log.open("/log", fileSystem: files, salt: 1) { _ in }
    try log.append([LogRecord(sequence: 1, payload: [1])], durable: true)
    files.plan.plan(nil)
    try log.append([LogRecord(sequence: 2, payload: [2])], durable: false)
    #expect(files.plan.calls == [.write])
    let pending = log.pendingSync
    let sync = try #require(pending)
    try log.finish(sync, Result { () throws(FileError) in try sync.run() })
    let rest = log.pendingSync
    #expect(rest == nil)
    #expect(files.plan.calls == [.write, .sync])
  }

  @Test func whatIsAppendedDuringASyncIsNotCoveredByIt() throws {
    var log = try Log.open("/log", fileSystem: FaultyFileSystem(), salt: 1) { _ in }
    try log.append([LogRecord(sequence: 1, payload: [1])], durable: false)
    let pending = log.pendingSync
    let sync = try #require(pending)
    try log.append([LogRecord(sequence: 2, payload: [2])], durable: false)
    try log.finish(sync, .success(()))
    let rest = log.pendingSync
    #expect(rest != nil)
  }

  /// The kernel reports lost bytes to one sync only; another one beside it must not answer that all is well.
  @Test func afterAFailedSyncBesideTheWriterNothingIsDurable() throws {
    let files = FaultyFileSystem()
    var log = try Log.open("/log", fileSystem: files, salt: 1) { _ in }
    try log.append([LogRecord(sequence: 1, payload: [1])], durable: false)
    files.plan.plan(.init(call: 0, forever: false, code: 5))
    let pending = log.pendingSync
    let sync = try #require(pending)
    let outcome = Result { () throws(FileError) in try sync.run() }
    let failure = FileError(.sync, "/log/0000000000000001.log", code: 5)
    #expect(throws: LogError.file(failure)) {
      try log.append([LogRecord(sequence: 2, payload: [2])], durable: true)
    }
    #expect(throws: LogError.failedEarlier(failure)) { try log.finish(sync, outcome) }
    let rest = log.pendingSync
    #expect(rest == nil)
  }

  @Test func dropsOnlySegmentsThatHoldNothingAbove() throws {
    let files = FaultyFileSystem()
    var session = LogSession(files)
    var log = try session.open()
    for _ in 0..<20 { try session.append(1, to: &log, durable: true) }
    let before = try files.list("/log").count
    #expect(before > 2)
    try session.drop(through: 0, from: &log)
    #expect(try files.list("/log").count == before)
    let bytes = log.byteCount
    try session.drop(through: 20, from: &log)
    #expect(try files.list("/log").count == 1)
    #expect(log.byteCount < bytes)
    try log.close()
    _ = try session.open()
  }

  @Test func refusesARecordThatNoSegmentCanHoldAndGoesOn() throws {
    let configuration = LogSession.configuration
    var log = try Log.open("/log", fileSystem: FaultyFileSystem(), salt: 1, configuration: configuration) { _ in }
    let limit = configuration.payloadLimit
    #expect(throws: LogError.recordTooLarge(bytes: limit + 1, limit: limit)) {
      try log.append([LogRecord(sequence: 1, payload: Array(repeating: 1, count: limit + 1))], durable: true)
    }
    try log.append([LogRecord(sequence: 1, payload: Array(repeating: 1, count: limit))], durable: true)
  }

  @Test func staysFailedAfterAFailedSync() throws {
    let files = FaultyFileSystem()
    var log = try Log.open("/log", fileSystem: files, salt: 1) { _ in }
    try log.append([LogRecord(sequence: 1, payload: [1])], durable: true)
    files.plan.plan(.init(call: 1, forever: false, code: 28))
    let record = LogRecord(sequence: 2, payload: [2])
    let path = "/log/0000000000000001.log"
    let failure = FileError(.sync, path, code: 28)
    #expect(throws: LogError.file(failure)) { try log.append([record], durable: true) }
    #expect(throws: LogError.failedEarlier(failure)) { try log.append([record], durable: true) }
    #expect(throws: LogError.failedEarlier(failure)) { try log.drop(through: 1) }
    #expect(files.plan.calls == [.write, .sync])
    #expect("\(failure)" == "cannot sync \(path): no space left on device")
  }

  @Test func neverReplaysASegmentThatAnEarlierUseLeftBehind() throws {
    let files = FaultyFileSystem()
    var session = LogSession(files)
    var log = try session.open()
    for _ in 0..<20 { try session.append(1, to: &log, durable: true) }
    let stale = try files.read("/log/0000000000000002.log")
    try session.drop(through: 20, from: &log)
    try log.close()
    try files.create("/log/0000000000000002.log", bytes: stale.span, durable: true)
    #expect(throws: LogError.self) { _ = try session.open() }
  }

  @Test func ignoresFilesThatAreNotSegments() throws {
    let files = FaultyFileSystem()
    try files.makeDirectory("/log")
    for name in ["1.log", "notes", "000000000000000G.log", "0000000000000001.LOG"] {
      try files.create("/log/\(name)", bytes: [1].span, durable: true)
    }
    var session = LogSession(files)
    try session.run()
    _ = try session.open()
  }

  @Test func saysSoWhenASegmentIsOfANewerVersion() throws {
    let files = FaultyFileSystem()
    var log = try Log.open("/log", fileSystem: files, salt: 1) { _ in }
    try log.append([LogRecord(sequence: 1, payload: [1])], durable: true)
    let path = "/log/0000000000000001.log"
    var bytes = try files.read(path)
    bytes[8] = 2
    bytes.replaceSubrange(56..<64, with: checksumOfHeader(bytes))
    try files.atomicallyReplace(path, with: bytes.span, durable: false)
    #expect(throws: LogError.unsupportedVersion(segment: 1, version: 2)) {
      _ = try Log.open("/log", fileSystem: files, salt: 1) { _ in }
    }
  }

  private func checksumOfHeader(_ bytes: [UInt8]) -> [UInt8] {
    let checksum = logChecksum(bytes.span.extracting(first: 56), seed: 0x474f_4c4b_4259_4144)
    return (0..<8).map { UInt8(truncatingIfNeeded: checksum >> (8 * $0)) }
  }
}
