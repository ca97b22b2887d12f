/// A moment to the millisecond, written as RFC 3339 text in UTC: `2026-11-21T06:40:00.123Z`.
///
/// All texts have the same length, so they sort as the moments do.
public struct Timestamp: Sendable, Hashable {
  /// Since 1970, UTC.
  public let milliseconds: Int64

  /// The first moment of year 0 to the last of year 9999, which is what the text can say.
  public static let range: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

  /// A moment in milliseconds since 1970; one outside `range` becomes the nearest within.
  public init(milliseconds: Int64) {
    self.milliseconds = max(Self.range.lowerBound, min(milliseconds, Self.range.upperBound))
  }

  /// The same in seconds since 1970, which may be as far away as a stranger's commit says.
  package init(seconds: Int64) {
    let (milliseconds, isFar) = seconds.multipliedReportingOverflow(by: 1_000)
    self.init(milliseconds: isFar ? (seconds < 0 ? .min : .max) : milliseconds)
  }

  /// Reads RFC 3339 with any offset and any number of digits for the second, of which three are kept.
  ///
  /// A leap second counts as the second before it. Nil if the text is anything else.
  public init?(parsing text: String) {
    var reader = TimestampReader(rest: text.utf8[...])
    guard let time = reader.civilTime(), let offset = reader.offsetMinutes(), reader.rest.isEmpty else { return nil }
    let milliseconds = time.millisecondsSinceEpoch - Int64(offset) * 60_000
    guard Self.range.contains(milliseconds) else { return nil }
    self.milliseconds = milliseconds
  }

  /// The same moment as people count it.
  public var civil: CivilTime { CivilTime(millisecondsSinceEpoch: milliseconds) }

  /// `2026-11-21T06:40:00.123Z`
  public var text: String {
    let time = civil
    let date = [Self.digits(time.year, 4), Self.digits(time.month, 2), Self.digits(time.day, 2)]
    let clock = [Self.digits(time.hour, 2), Self.digits(time.minute, 2), Self.digits(time.second, 2)]
    return "\(date.joined(separator: "-"))T\(clock.joined(separator: ":")).\(Self.digits(time.millisecond, 3))Z"
  }

  private static func digits(_ value: Int, _ count: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: count - text.utf8.count) + text
  }
}

extension Timestamp: Comparable, CustomStringConvertible, Codable {
  /// Earlier comes first.
  public static func < (one: Timestamp, other: Timestamp) -> Bool { one.milliseconds < other.milliseconds }

  /// The RFC 3339 text.
  public var description: String { text }

  /// Reads the RFC 3339 text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let timestamp = Timestamp(parsing: try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "A time is written like 2026-11-21T06:40:00Z.")
    }
    self = timestamp
  }

  /// Writes the RFC 3339 text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
