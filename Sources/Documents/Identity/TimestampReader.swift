/// Takes the text of a timestamp apart. Every method moves past what it reads, or gives nil.
struct TimestampReader {
  var rest: Substring.UTF8View

  /// Date and time of day, before the offset.
  mutating func civilTime() -> CivilTime? {
    guard let year = number(digits: 4), skip("-"), let month = number(digits: 2), skip("-"),
      let day = number(digits: 2), skip("T") || skip("t") || skip(" "),
      let hour = number(digits: 2), skip(":"), let minute = number(digits: 2), skip(":"),
      let second = number(digits: 2), second <= Self.leapSecond, let millisecond = fraction()
    else { return nil }
    return CivilTime(
      year: year, month: month, day: day, hour: hour, minute: minute, second: min(second, Self.leapSecond - 1),
      millisecond: millisecond)
  }

  private static let leapSecond = 60

  /// `Z`, or hours and minutes east of Greenwich.
  mutating func offsetMinutes() -> Int? {
    if skip("Z") || skip("z") { return 0 }
    let isEast = skip("+")
    guard isEast || skip("-"), let hours = number(digits: 2), hours < 24, skip(":"), let minutes = number(digits: 2),
      minutes < 60
    else { return nil }
    return (isEast ? 1 : -1) * (hours * 60 + minutes)
  }

  /// The milliseconds after a point; 0 when there is no point, nil when no digit follows it.
  private mutating func fraction() -> Int? {
    guard skip(".") else { return 0 }
    guard let first = digit() else { return nil }
    var value = first * 100
    var weight = 10
    while let digit = digit() {
      value += digit * weight
      weight /= 10
    }
    return value
  }

  private mutating func number(digits: Int) -> Int? {
    var value = 0
    for _ in 0..<digits {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  private mutating func digit() -> Int? {
    guard let first = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return nil }
    rest.removeFirst()
    return Int(first - UInt8(ascii: "0"))
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard let first = rest.first, first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }
}
