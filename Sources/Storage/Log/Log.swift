/// The write-ahead log: a directory of numbered segments to which records are appended in groups.
///
///     var log = try Log.open("log", fileSystem: files, salt: .random(in: .min ... .max)) { record in apply(record) }
///     try log.append(group, durable: true)      // one write and one fdatasync
///     try log.drop(through: archivedSequence)
///
/// Each opening begins a segment of its own at the first append, whose header says where the one before validly ends. So
/// what a torn write left behind there is cut off for good, and nothing is ever appended to a file of unknown state.
///
/// States: open → failed, at the first call that the file system refuses, and it stays so: what reached the disk is then
/// unknown, and asking again would only get an answer about something else. Opening anew reads what is really there.
///
/// One thread at a time; put it behind a `Mutex` to drop from another one.
package struct Log: ~Copyable, Sendable {
  /// Sizes that tests make small.
  package struct Configuration: Sendable {
    package var segmentBytes = Limits.segmentBytes
    package var preallocationBytes = Limits.preallocationBytes

    package init() {}

    /// The longest payload that a segment can hold.
    package var payloadLimit: Int { segmentBytes - LogSegmentHeader.bytes - LogFrame.bytes(payloadCount: 0) - 7 }
  }

  private let directory: String
  private let fileSystem: any FileSystem
  private let salt: UInt64
  private let configuration: Configuration
  /// The call that failed, if any: the log is then failed for good.
  private var failure: FileError?
  /// The segments that take no more records, oldest first.
  private var closed: [LogContent.Segment]
  private var nextNumber: UInt64
  /// What the last opening left to be written again; empty as soon as there is a writer.
  private var unsynced: (offset: Int, bytes: [UInt8])
  private var writer: LogSegmentWriter?

  /// Opens the log in a directory, which is made when missing, and reads all records in order.
  ///
  /// - Parameters:
  ///   - salt: A random number, another for each opening.
  ///   - replay: Receives each record. If the call throws in the end, all that was received is void.
  /// - Throws: `LogError.damaged` when durable records are missing or changed. A torn tail is dropped silently: it was
  ///   never acknowledged as durable.
  package static func open(
    _ directory: String, fileSystem: any FileSystem, salt: UInt64, configuration: Configuration = Configuration(),
    replay: (LogRecord) -> Void
  ) throws(LogError) -> Log {
    do {
      try fileSystem.makeDirectory(directory)
      try fileSystem.syncDirectory(parentPath(of: directory))
    } catch {
      throw .file(error)
    }
    let content = try LogReader(directory: directory, fileSystem: fileSystem).read(replay)
    return Log(directory, fileSystem, salt, configuration, content)
  }

  private init(
    _ directory: String, _ fileSystem: any FileSystem, _ salt: UInt64, _ configuration: Configuration,
    _ content: LogContent
  ) {
    self.directory = directory
    self.fileSystem = fileSystem
    self.salt = salt
    self.configuration = configuration
    self.closed = content.segments
    self.nextNumber = content.nextNumber
    self.unsynced = content.unsynced
  }

  /// How many bytes all segments take, for the caller to slow down writers when archiving cannot keep up.
  package var byteCount: Int {
    closed.reduce(writer?.byteCount ?? 0) { $0 + $1.end }
  }

  /// Appends a group of records with one write, and with one sync when `durable`.
  ///
  /// After an error none of them counts as written, though opening again may find any first part of them.
  package mutating func append(_ records: [LogRecord], durable: Bool) throws(LogError) {
    try checkUsable()
    for record in records where record.payload.count > configuration.payloadLimit {
      throw .recordTooLarge(bytes: record.payload.count, limit: configuration.payloadLimit)
    }
    do {
      try write(records[...])
      if durable { try writer?.sync() }
    } catch {
      throw fail(error)
    }
  }

  /// The sync that would make everything durable that was appended before; nil when it is. Run it with the log free for
  /// others, then hand it to `finish`.
  package var pendingSync: PendingSync? { failure == nil ? writer?.pendingSync : nil }

  /// Takes note of how a pending sync went. Records count as durable from here on, not before.
  package mutating func finish(_ pending: PendingSync, _ outcome: Result<Void, FileError>) throws(LogError) {
    try checkUsable()
    do {
      try outcome.get()
    } catch {
      throw fail(error)
    }
    // A segment that was finished meanwhile was synced then.
    if writer?.number == pending.segment { writer?.finish(pending) }
  }

  /// Removes the segments that hold no record above a sequence, oldest first; never the one being written.
  package mutating func drop(through sequence: UInt64) throws(LogError) {
    try checkUsable()
    // A segment that was read back stays until the next one has begun: it is where that one continues from.
    let removable = writer == nil ? closed.dropLast() : closed[...]
    for segment in removable {
      if let last = segment.lastSequence, last > sequence { return }
      do {
        try fileSystem.remove("\(directory)/\(LogSegmentHeader.fileName(segment.number))")
        // Each removal is durable before the next one, so that a power cut cannot leave a gap in the numbers.
        try fileSystem.syncDirectory(directory)
      } catch {
        throw fail(error)
      }
      closed.removeFirst()
    }
  }

  /// Removes everything, for a log of which nothing is needed any more.
  package mutating func dropAll() throws(LogError) {
    try checkUsable()
    do {
      try finishWriter()
    } catch {
      throw fail(error)
    }
    for segment in closed {
      do {
        try fileSystem.remove("\(directory)/\(LogSegmentHeader.fileName(segment.number))")
        try fileSystem.syncDirectory(directory)
      } catch {
        throw fail(error)
      }
      closed.removeFirst()
    }
  }

  /// Makes everything durable and ends the use of the log.
  package consuming func close() throws(LogError) {
    defer { writer?.close() }
    guard failure == nil, writer?.needsSync == true else { return }
    do {
      try writer?.sync()
    } catch {
      throw fail(error)
    }
  }

  // MARK: Writing

  private mutating func write(_ records: ArraySlice<LogRecord>) throws(FileError) {
    var records = records
    while let first = records.first {
      if writer?.hasRoom(payloadCount: first.payload.count) != true {
        try beginSegment(firstSequence: first.sequence)
      }
      let written = try writer?.append(records) ?? 0
      records = records.dropFirst(written)
    }
  }

  /// Closes the segment before, durably, and makes the next one.
  private mutating func beginSegment(firstSequence: UInt64) throws(FileError) {
    if writer != nil {
      try finishWriter()
    } else {
      try settleLastSegment()
    }
    let previous = closed.last
    let header = LogSegmentHeader(
      number: nextNumber, salt: salt, previousEnd: previous?.end ?? 0,
      previousChecksum: previous?.checksum ?? 0, firstSequence: firstSequence)
    writer = try LogSegmentWriter(
      header, directory: directory, fileSystem: fileSystem, configuration: configuration)
    nextNumber += 1
  }

  private mutating func finishWriter() throws(FileError) {
    guard var finished = writer else { return }
    try finished.finish()
    closed.append(
      LogContent.Segment(
        number: finished.number, end: finished.end, checksum: finished.checksum, lastSequence: finished.lastSequence))
    writer = nil
  }

  /// Writes again what is in doubt of the segment that was last when the log was opened, and cuts off what does not count.
  private mutating func settleLastSegment() throws(FileError) {
    guard let last = closed.last else { return }
    let file = try fileSystem.open("\(directory)/\(LogSegmentHeader.fileName(last.number))", create: false)
    defer { file.close() }
    try file.write(unsynced.bytes.span, at: unsynced.offset)
    try file.truncate(to: last.end)
    try file.syncData()
    unsynced = (0, [])
  }

  // MARK: State

  private func checkUsable() throws(LogError) {
    if let failure { throw .failedEarlier(failure) }
  }

  private mutating func fail(_ error: FileError) -> LogError {
    failure = error
    return .file(error)
  }
}
