// Reading the log back.
//
// The segments on disk must be numbered without a gap, since they are removed oldest first. Each but the last must hold
// valid records up to exactly the end that the header after it names: it was durable by then, so anything else is damage.
// In the last segment the first bad byte ends the log, unless a later record in it says that the bad bytes were durable.
// A last segment without a valid header was being made when the power went, provided that nothing follows the header.

/// What reading the log found: where writing goes on, and what may be dropped.
struct LogContent {
  /// A segment that is on disk; what comes behind its `end` does not count.
  struct Segment {
    var number: UInt64
    var end: Int
    /// That of the last record, or of the header.
    var checksum: UInt64
    /// The largest of its records, nil without any.
    var lastSequence: UInt64?
  }

  var segments: [Segment] = []
  /// The bytes of the last segment that no record calls durable. A failed sync may have made the kernel take them for
  /// clean without ever writing them, so they are written again before anything is built on them.
  var unsynced: (offset: Int, bytes: [UInt8]) = (0, [])
  /// The number that the next segment gets. A file of this number may exist: it was being made when the power went.
  var nextNumber: UInt64 = 1
}

struct LogReader {
  let directory: String
  let fileSystem: any FileSystem

  /// Reads all records in order.
  func read(_ replay: (LogRecord) -> Void) throws(LogError) -> LogContent {
    var content = LogContent()
    let headers = try readHeaders(&content)
    for (index, header) in headers.enumerated() {
      let next = index + 1 < headers.count ? headers[index + 1] : nil
      let bytes = try readSegment(header.number)
      let segment = try read(header, bytes, next: next, replay, unsynced: &content.unsynced)
      content.segments.append(segment)
    }
    return content
  }

  private func readHeaders(_ content: inout LogContent) throws(LogError) -> [LogSegmentHeader] {
    let numbers = try listSegments()
    var headers: [LogSegmentHeader] = []
    for number in numbers {
      let prefix = try readPrefix(number)
      if let previous = headers.last, number != previous.number + 1 {
        throw .damaged(segment: previous.number + 1, offset: 0, reason: "the file is missing")
      }
      if let header = try LogSegmentHeader(prefix.span, number: number), header.number == number {
        headers.append(header)
      } else if number == numbers.last, try isEmptyBehindHeader(number) {
        content.nextNumber = number
        return headers
      } else {
        throw .damaged(segment: number, offset: 0, reason: "the header is not valid")
      }
    }
    content.nextNumber = (numbers.last ?? 0) + 1
    return headers
  }

  /// Reads the records of one segment, whose end is known when another follows.
  private func read(
    _ header: LogSegmentHeader, _ bytes: [UInt8], next: LogSegmentHeader?, _ replay: (LogRecord) -> Void,
    unsynced: inout (offset: Int, bytes: [UInt8])
  ) throws(LogError) -> LogContent.Segment {
    var segment = LogContent.Segment(
      number: header.number, end: LogSegmentHeader.bytes, checksum: header.checksum, lastSequence: nil)
    var syncedEnd = 0
    let limit = next.map { min($0.previousEnd, bytes.count) } ?? bytes.count
    while let frame = LogFrame(
      in: bytes.span.extracting(first: limit), at: segment.end, seed: segment.checksum ^ header.salt)
    {
      replay(
        LogRecord(
          sequence: frame.sequence, type: frame.type, payload: [UInt8](bytes.span.extracting(frame.payload))))
      segment.end = frame.end
      segment.checksum = frame.checksum
      segment.lastSequence = max(segment.lastSequence ?? 0, frame.sequence)
      syncedEnd = max(syncedEnd, frame.syncedEnd)
    }
    if let next {
      try checkEnd(of: segment, closedBy: next)
    } else {
      try checkTail(of: segment, in: bytes.span, salt: header.salt)
      unsynced = (syncedEnd, [UInt8](bytes.span.extracting(syncedEnd..<segment.end)))
    }
    return segment
  }

  private func checkEnd(of segment: LogContent.Segment, closedBy next: LogSegmentHeader) throws(LogError) {
    if segment.end != next.previousEnd || segment.checksum != next.previousChecksum {
      throw .damaged(
        segment: segment.number, offset: segment.end,
        reason: "no valid record here, but segment \(next.number) continues from byte \(next.previousEnd)")
    }
  }

  /// Refuses a last segment in which some record behind the end says that the bytes at the end were durable.
  private func checkTail(
    of segment: LogContent.Segment, in bytes: Span<UInt8>, salt: UInt64
  ) throws(LogError) {
    var written = bytes.count
    while written > segment.end, bytes[written - 1] == 0 { written -= 1 }
    let bad = LogFrame(unverified: bytes, at: segment.end, seed: segment.checksum ^ salt)
    // Records are aligned to eight bytes and each is preceded by the checksum that seeds it.
    var offset = segment.end + 8
    while offset < written {
      var next = LogFrame(in: bytes, at: offset, seed: bytes.word(at: offset - 8) ^ salt)
      // Perhaps nothing but the checksum of the bad record is wrong: then the one that it should have is the seed.
      if next == nil, let bad, bad.end == offset { next = LogFrame(in: bytes, at: offset, seed: bad.checksum ^ salt) }
      if let next, next.syncedEnd > segment.end {
        throw .damaged(
          segment: segment.number, offset: segment.end,
          reason: "no valid record here, but the record at byte \(offset) was written after this one was durable")
      }
      offset += 8
    }
  }

  // MARK: Files

  private func listSegments() throws(LogError) -> [UInt64] {
    do {
      return try fileSystem.list(directory).compactMap { LogSegmentHeader.number(fileName: $0) }.sorted()
    } catch {
      throw .file(error)
    }
  }

  private func readSegment(_ number: UInt64) throws(LogError) -> [UInt8] {
    do {
      return try fileSystem.read("\(directory)/\(LogSegmentHeader.fileName(number))")
    } catch {
      throw .file(error)
    }
  }

  private func readPrefix(_ number: UInt64) throws(LogError) -> [UInt8] {
    do {
      let file = try fileSystem.open("\(directory)/\(LogSegmentHeader.fileName(number))", create: false)
      defer { file.close() }
      return try file.read(at: 0, count: LogSegmentHeader.bytes)
    } catch {
      throw .file(error)
    }
  }

  private func isEmptyBehindHeader(_ number: UInt64) throws(LogError) -> Bool {
    try readSegment(number).dropFirst(LogSegmentHeader.bytes).allSatisfy { $0 == 0 }
  }
}
