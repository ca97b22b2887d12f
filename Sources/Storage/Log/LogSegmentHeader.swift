/// The first 64 bytes of a segment, all numbers little-endian:
///
///      0  "DAYBKLOG"
///      8  format version            UInt32, then four zero bytes
///     16  segment number            UInt64, one more than that of the segment before
///     24  salt                      UInt64, random for each opening of the log
///     32  end of previous segment   UInt64: the first byte there that does not count, 0 without one
///     40  previous checksum         UInt64: that of the last record there that counts, or of its header
///     48  first sequence            UInt64: of the record that the segment was begun for
///     56  checksum                  UInt64 over the bytes before
///
/// A header is durable before the first record follows. It closes the segment before it: that one ends exactly here.
struct LogSegmentHeader: Hashable {
  static let bytes = 64
  private static let magic: UInt64 = 0x474f_4c4b_4259_4144
  private static let version: UInt32 = 1

  var number: UInt64
  var salt: UInt64
  var previousEnd: Int
  var previousChecksum: UInt64
  var firstSequence: UInt64

  /// What the checksum of the first record is seeded with, besides the salt.
  var checksum: UInt64 { logChecksum(encodedFields.span, seed: Self.magic) }

  var encoded: [UInt8] {
    var bytes = encodedFields
    bytes.append(word: checksum)
    return bytes
  }

  private var encodedFields: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.bytes)
    bytes.append(word: Self.magic)
    bytes.append(word: UInt64(Self.version))
    bytes.append(word: number)
    bytes.append(word: salt)
    bytes.append(word: UInt64(previousEnd))
    bytes.append(word: previousChecksum)
    bytes.append(word: firstSequence)
    return bytes
  }
}

extension LogSegmentHeader {
  /// Reads the header at the beginning of `bytes`, or nil when it was never completed or is damaged.
  init?(_ bytes: Span<UInt8>, number: UInt64) throws(LogError) {
    guard bytes.count >= Self.bytes, bytes.word(at: 0) == Self.magic,
      bytes.word(at: 56) == logChecksum(bytes.extracting(first: 56), seed: Self.magic)
    else { return nil }
    let version: UInt64 = bytes.word(at: 8)
    guard version == Self.version else {
      throw .unsupportedVersion(segment: number, version: UInt32(truncatingIfNeeded: version))
    }
    self.init(
      number: bytes.word(at: 16), salt: bytes.word(at: 24), previousEnd: Int(clamping: bytes.word(at: 32) as UInt64),
      previousChecksum: bytes.word(at: 40), firstSequence: bytes.word(at: 48))
  }

  /// The file name of a segment: sixteen hexadecimal digits, so that names sort like numbers.
  static func fileName(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits + ".log"
  }

  /// The number of a segment by its file name; nil for other files.
  static func number(fileName: String) -> UInt64? {
    guard fileName.hasSuffix(".log"), let number = UInt64(fileName.dropLast(4), radix: 16),
      Self.fileName(number) == fileName
    else { return nil }
    return number
  }
}
