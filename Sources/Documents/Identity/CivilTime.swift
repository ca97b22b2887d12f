/// A moment in UTC as people count it, in the Gregorian calendar without leap seconds.
public struct CivilTime: Sendable, Hashable {
  /// The year; may be negative or beyond 9999.
  public var year: Int
  /// 1...12
  public var month: Int
  /// 1...31
  public var day: Int
  /// 0...23
  public var hour: Int
  /// 0...59
  public var minute: Int
  /// 0...59
  public var second: Int
  /// 0...999
  public var millisecond: Int

  /// The moment that lies so many milliseconds after 1970 began.
  public init(millisecondsSinceEpoch milliseconds: Int64) {
    let (days, rest) = Self.split(milliseconds, by: Self.millisecondsOfDay)
    (year, month, day) = Self.date(daysSinceEpoch: days)
    hour = Int(rest / 3_600_000)
    minute = Int(rest / 60_000 % 60)
    second = Int(rest / 1_000 % 60)
    millisecond = Int(rest % 1_000)
  }

  /// A moment of which the parts are known; nil if there is none such, like 30 February.
  public init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, millisecond: Int = 0) {
    guard Self.years.contains(year), (1...12).contains(month), (1...Self.days(inMonth: month, of: year)).contains(day),
      (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second), (0...999).contains(millisecond)
    else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
    (self.hour, self.minute, self.second, self.millisecond) = (hour, minute, second, millisecond)
  }

  /// Milliseconds since 1970 began.
  public var millisecondsSinceEpoch: Int64 {
    let seconds = Int64(hour * 3_600 + minute * 60 + second)
    return Self.daysSinceEpoch(year: year, month: month, day: day) * Self.millisecondsOfDay
      + seconds * 1_000 + Int64(millisecond)
  }

  /// The years that can be written with four digits.
  static let years = 0...9999

  private static let millisecondsOfDay: Int64 = 86_400_000
  /// The calendar repeats after 400 years.
  private static let daysOfEra: Int64 = 146_097
  /// From 1 March of year 0 to 1 January 1970. Years begin in March here, so that a leap day comes last.
  private static let epochAfterMarchOfYear0: Int64 = 719_468

  private static func date(daysSinceEpoch: Int64) -> (year: Int, month: Int, day: Int) {
    let (era, dayOfEra) = split(daysSinceEpoch + epochAfterMarchOfYear0, by: daysOfEra)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    return (Int(era * 400 + yearOfEra + (month <= 2 ? 1 : 0)), Int(month), Int(day))
  }

  private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int64 {
    let (era, yearOfEra) = split(Int64(month <= 2 ? year - 1 : year), by: 400)
    let monthFromMarch = Int64(month > 2 ? month - 3 : month + 9)
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + Int64(day) - 1
    let dayOfEra = 365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * daysOfEra + dayOfEra - epochAfterMarchOfYear0
  }

  private static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Division that rounds down, for times before 1970.
  private static func split(_ value: Int64, by divisor: Int64) -> (quotient: Int64, rest: Int64) {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
  }
}
