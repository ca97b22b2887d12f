/// One thing that was written to the log. The log does not look into it.
package struct LogRecord: Hashable, Sendable {
  /// The place in the store's total order that `Log.drop(through:)` counts by. Several records may share one.
  package var sequence: UInt64
  /// What the payload is; free for the writer's use.
  package var type: UInt8
  package var payload: [UInt8]

  package init(sequence: UInt64, type: UInt8 = 0, payload: [UInt8]) {
    self.sequence = sequence
    self.type = type
    self.payload = payload
  }
}

// How a record lies in a segment, all numbers little-endian:
//
//      0  length of the payload       UInt32
//      4  type                        UInt8, then three zero bytes
//      8  sequence                    UInt64
//     16  synced end                  UInt64: up to here the segment was durable when this record was written
//     24  payload, zeros up to a multiple of eight bytes
//         checksum                    UInt64
//
// The checksum covers all bytes before it and is seeded with the segment's salt and the checksum before it: that of the
// previous record, or of the segment's header. So a record is valid only in its place, after exactly these others, and a
// record that an earlier use of the same disk blocks left behind is not.
//
// The synced end tells a torn tail from damage. Bytes beyond every synced end were never acknowledged as durable: if they
// are bad, the power went while they were written. If a valid record says that bad bytes were durable, the disk has lost
// what it had promised.

/// The framing of one record: the only code that knows the layout above.
struct LogFrame {
  static let prefixBytes = 24
  static let checksumBytes = 8

  let sequence: UInt64
  let type: UInt8
  let syncedEnd: Int
  /// Where the payload lies in the segment.
  let payload: Range<Int>
  let checksum: UInt64

  /// The first byte after the record.
  var end: Int { payload.lowerBound + Self.padded(payload.count) + Self.checksumBytes }

  /// How many bytes a record of this payload takes in a segment.
  static func bytes(payloadCount: Int) -> Int {
    prefixBytes + padded(payloadCount) + checksumBytes
  }

  private static func padded(_ count: Int) -> Int {
    (count + 7) & ~7
  }

  /// Appends a record to a buffer that will be written as it is; returns the record's checksum.
  static func append(
    _ record: LogRecord, syncedEnd: Int, seed: UInt64, to buffer: inout [UInt8]
  ) -> UInt64 {
    let start = buffer.count
    buffer.append(word: UInt32(record.payload.count))
    buffer.append(word: UInt32(record.type))
    buffer.append(word: record.sequence)
    buffer.append(word: UInt64(syncedEnd))
    buffer.append(record.payload.span)
    for _ in record.payload.count..<padded(record.payload.count) { buffer.append(0) }
    let checksum = logChecksum(buffer.span.extracting(start...), seed: seed)
    buffer.append(word: checksum)
    return checksum
  }

  /// Reads the record at an offset, or nil when there is no valid one.
  init?(in bytes: Span<UInt8>, at offset: Int, seed: UInt64) {
    self.init(unverified: bytes, at: offset, seed: seed)
    if checksum != bytes.word(at: end - Self.checksumBytes) { return nil }
  }

  /// Reads what may be a record at an offset, with the checksum that it should have; nil when it cannot be one.
  init?(unverified bytes: Span<UInt8>, at offset: Int, seed: UInt64) {
    guard bytes.count - offset >= Self.bytes(payloadCount: 0) else { return nil }
    let length = Int(bytes.word(at: offset, as: UInt32.self))
    let type = bytes.word(at: offset + 4, as: UInt32.self)
    let syncedEnd = bytes.word(at: offset + 16, as: UInt64.self)
    // These also keep a search for records among garbage cheap: hardly any offset gets as far as the checksum.
    guard Self.bytes(payloadCount: length) <= bytes.count - offset, type <= UInt8.max, syncedEnd <= offset
    else { return nil }
    let checksumOffset = offset + Self.prefixBytes + Self.padded(length)
    self.sequence = bytes.word(at: offset + 8)
    self.type = UInt8(type)
    self.syncedEnd = Int(syncedEnd)
    self.payload = offset + Self.prefixBytes..<offset + Self.prefixBytes + length
    self.checksum = logChecksum(bytes.extracting(offset..<checksumOffset), seed: seed)
  }
}
