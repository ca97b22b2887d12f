/// The `date-time` of RFC 3339: `2026-11-21T08:30:00.25+01:00`, with `T` and `Z` of either case.
///
/// The second 60 is allowed where a leap second can be: when it is 23:59 in UTC.
enum DateTimeFormat {
  static func accepts(_ text: ArraySlice<UInt8>) -> Bool {
    var rest = text
    guard let year = number(&rest, 4), skip("-", &rest), let month = number(&rest, 2), skip("-", &rest),
      let day = number(&rest, 2), isDay(day, month, year), skip("T", &rest) || skip("t", &rest),
      let hour = number(&rest, 2), hour < 24, skip(":", &rest),
      let minute = number(&rest, 2), minute < 60, skip(":", &rest),
      let second = number(&rest, 2), second <= 60, skipFraction(&rest),
      let offset = offset(&rest), rest.isEmpty
    else { return false }
    return second < 60 || isLastMinute(hour * 60 + minute - offset)
  }

  private static func isLastMinute(_ minuteInUTC: Int) -> Bool {
    let minutesOfDay = 24 * 60
    return (minuteInUTC + minutesOfDay) % minutesOfDay == minutesOfDay - 1
  }

  private static func isDay(_ day: Int, _ month: Int, _ year: Int) -> Bool {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...12).contains(month) && (1...days[month - 1]).contains(day)
  }

  /// The minutes that local time is ahead of UTC.
  private static func offset(_ rest: inout ArraySlice<UInt8>) -> Int? {
    if skip("Z", &rest) || skip("z", &rest) { return 0 }
    let isNegative = skip("-", &rest)
    guard isNegative || skip("+", &rest), let hours = number(&rest, 2), hours < 24, skip(":", &rest),
      let minutes = number(&rest, 2), minutes < 60
    else { return nil }
    return (hours * 60 + minutes) * (isNegative ? -1 : 1)
  }

  /// Skips `.25`; false for a point without digits.
  private static func skipFraction(_ rest: inout ArraySlice<UInt8>) -> Bool {
    guard skip(".", &rest) else { return true }
    let digits = rest.prefix { $0.isDigit }
    rest = rest.dropFirst(digits.count)
    return !digits.isEmpty
  }

  private static func number(_ rest: inout ArraySlice<UInt8>, _ digits: Int) -> Int? {
    guard rest.count >= digits else { return nil }
    var value = 0
    for byte in rest.prefix(digits) {
      guard byte.isDigit else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    rest = rest.dropFirst(digits)
    return value
  }

  private static func skip(_ character: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest = rest.dropFirst()
    return true
  }
}
