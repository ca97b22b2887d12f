/// The segment that the log appends to. Every method that throws leaves it unusable; `Log` sees to that.
struct LogSegmentWriter {
  let number: UInt64
  private let salt: UInt64
  private let file: any File
  private let segmentSync: SegmentSync
  private let capacity: Int
  private let preallocationBytes: Int

  /// Where the next record goes.
  private(set) var end: Int
  /// That of the last record, or of the header.
  private(set) var checksum: UInt64
  private(set) var lastSequence: UInt64?
  private var syncedEnd: Int
  /// Up to here the file is known to hold zeros behind the records.
  private var zeroedEnd: Int
  private var buffer: [UInt8] = []

  /// Makes the file and its header durable.
  init(
    _ header: LogSegmentHeader, directory: String, fileSystem: any FileSystem, configuration: Log.Configuration
  ) throws(FileError) {
    number = header.number
    salt = header.salt
    capacity = configuration.segmentBytes
    preallocationBytes = configuration.preallocationBytes
    end = LogSegmentHeader.bytes
    checksum = header.checksum
    syncedEnd = end
    zeroedEnd = min(preallocationBytes, capacity)
    file = try fileSystem.open("\(directory)/\(LogSegmentHeader.fileName(number))", create: true)
    segmentSync = SegmentSync(file)
    try file.preallocate(0..<zeroedEnd)
    try file.write(header.encoded.span, at: 0)
    try file.syncData()
    try fileSystem.syncDirectory(directory)
  }

  /// How many bytes the file takes on disk.
  var byteCount: Int { max(end, zeroedEnd) }

  /// Whether bytes were written that are not durable.
  var needsSync: Bool { syncedEnd < end }

  /// Whether a record of this payload still finds room.
  func hasRoom(payloadCount: Int) -> Bool {
    end + LogFrame.bytes(payloadCount: payloadCount) <= capacity
  }

  /// Writes as many of the records as fit with one call; returns how many those were.
  mutating func append(_ records: ArraySlice<LogRecord>) throws(FileError) -> Int {
    buffer.removeAll(keepingCapacity: true)
    var written = 0
    for record in records {
      if end + buffer.count + LogFrame.bytes(payloadCount: record.payload.count) > capacity { break }
      checksum = LogFrame.append(record, syncedEnd: syncedEnd, seed: checksum ^ salt, to: &buffer)
      lastSequence = max(lastSequence ?? 0, record.sequence)
      written += 1
    }
    try preallocate(through: end + buffer.count)
    try file.write(buffer.span, at: end)
    end += buffer.count
    return written
  }

  private mutating func preallocate(through needed: Int) throws(FileError) {
    if needed <= zeroedEnd { return }
    let next = min(capacity, needed + preallocationBytes)
    if needed < next { try file.preallocate(needed..<next) }
    zeroedEnd = next
  }

  /// Makes all records durable.
  mutating func sync() throws(FileError) {
    try segmentSync.run()
    syncedEnd = end
  }

  /// A sync of the records so far, for whoever wants to wait for it without keeping others from appending.
  var pendingSync: PendingSync? {
    needsSync ? PendingSync(segment: number, end: end, sync: segmentSync) : nil
  }

  /// Takes note that a pending sync has succeeded.
  mutating func finish(_ pending: PendingSync) {
    syncedEnd = max(syncedEnd, pending.end)
  }

  /// Gives back the room that no record will use and makes the rest durable. The file closes with its last reference, which
  /// a pending sync may hold.
  mutating func finish() throws(FileError) {
    try file.truncate(to: end)
    try sync()
    zeroedEnd = end
  }

  /// Closes the file as it is.
  func close() {
    file.close()
  }
}
