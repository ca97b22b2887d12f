/// An id that a machine made: 48 bits of time in milliseconds, then random bits (RFC 9562, version 7).
///
/// Ids sort by time, and the time says in which folder a document lies.
public struct UUIDv7: Sendable, Hashable {
  private let high: UInt64
  private let low: UInt64

  /// How many random bytes an id takes, of which it uses 74 bits.
  public static let randomByteCount = 10

  private static let version: UInt64 = 7
  private static let variant: UInt64 = 0b10
  private static let largestMilliseconds: Int64 = (1 << 48) - 1

  /// Makes an id of a time and of random bytes, and of nothing else.
  ///
  /// - Parameters:
  ///   - milliseconds: since 1970, UTC; before 1970 counts as 1970.
  ///   - randomness: `randomByteCount` bytes.
  public static func make(millisecondsSinceEpoch milliseconds: Int64, randomness: [UInt8]) -> UUIDv7 {
    precondition(randomness.count == randomByteCount, "A UUIDv7 takes \(randomByteCount) random bytes.")
    let time = UInt64(max(0, min(milliseconds, largestMilliseconds)))
    let random = randomness.map(UInt64.init)
    let afterVersion = (random[0] << 8 | random[1]) & 0xFFF
    let afterVariant = random[2...].reduce(0) { $0 << 8 | $1 } & (UInt64.max >> 2)
    return UUIDv7(high: time << 16 | version << 12 | afterVersion, low: variant << 62 | afterVariant)
  }

  /// Reads the canonical text only: lower-case, with hyphens; nil for anything else and for other versions.
  public init?(parsing text: String) {
    guard text.utf8.count == Self.textLength else { return nil }
    var words: [UInt64] = [0, 0]
    var digits = 0
    for (place, byte) in text.utf8.enumerated() {
      if Self.hyphens.contains(place) {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = hexadecimalDigit(byte), !(UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte) else {
        return nil
      }
      words[digits / 16] = words[digits / 16] << 4 | UInt64(digit)
      digits += 1
    }
    guard words[0] >> 12 & 0xF == Self.version, words[1] >> 62 == Self.variant else { return nil }
    self.init(high: words[0], low: words[1])
  }

  private init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  private static let hyphens = [8, 13, 18, 23]
  private static let textLength = 36

  /// When the id was made, in milliseconds since 1970.
  public var millisecondsSinceEpoch: Int64 { Int64(high >> 16) }

  /// When the id was made, in UTC.
  public var date: CivilTime { CivilTime(millisecondsSinceEpoch: millisecondsSinceEpoch) }

  /// `019a9f2c-6a40-7abc-8def-0123456789ab`
  public var text: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.textLength)
    for word in [high, low] {
      for shift in stride(from: UInt64(0), to: 64, by: 4).reversed() {
        if Self.hyphens.contains(bytes.count) { bytes.append(UInt8(ascii: "-")) }
        let digit = UInt8(word >> shift & 0xF)
        bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension UUIDv7: Comparable, CustomStringConvertible {
  /// By time, then by the random bits; the same order as that of the texts.
  public static func < (one: UUIDv7, other: UUIDv7) -> Bool { (one.high, one.low) < (other.high, other.low) }

  /// The canonical text.
  public var description: String { text }
}
