/// Documents as agent applications have them: JSON of about 1 KB, made of words, numbers, ids and times, so that it
/// compresses about as well as real ones. The same seed and number give the same text.
public struct Workload: Sendable {
  public static let statuses = ["pending", "processing", "completed", "failed", "cancelled"]
  /// What a new document's text is aimed at, in bytes.
  private static let textBytes = 1_000
  private static let documentsPerDay = 80

  private let seed: UInt64

  public init(seed: UInt64 = 1) { self.seed = seed }

  /// A task. Versions of one document differ in what a running task changes: status, progress, time, message.
  public func task(_ number: Int, version: Int = 0) -> Task {
    var words = RepeatableNumbers(seed: seed &* 31 &+ UInt64(number))
    var changes = RepeatableNumbers(seed: seed &* 31 &+ UInt64(number) &* 7919 &+ UInt64(version) &+ 1)
    let created = Self.time(number: number, offset: 0)
    let updated = Self.time(number: number, offset: version + Int(changes.next() % 3600))
    let status = Self.statuses[Int(changes.next() % 5)]
    let head = """
      {
        "task_type": "\(Self.types[Int(words.next() % 6)])",
        "status": "\(status)",
        "created_at": "\(created)",
        "updated_at": "\(updated)",
        "progress": \(changes.next() % 101),
        "message": "\(Self.sentence(8, &changes))",
        "metadata": {
          "session": "\(Self.id(number: number, &words))",
          "attempt": \(words.next() % 3),
          "cost": 0.\(words.next() % 100_000),
          "query": "\(Self.sentence(12, &words))"
        },
        "result": {
          "tokens": \(words.next() % 10_000),
          "summary": "
      """
    let tail = "\"\n  }\n}\n"
    var summary = ""
    while head.utf8.count + summary.utf8.count + tail.utf8.count < Self.textBytes {
      summary += (summary.isEmpty ? "" : " ") + Self.sentence(1, &words)
    }
    var ids = RepeatableNumbers(seed: seed &* 977 &+ UInt64(number))
    return Task(
      id: Self.id(number: number, &ids), status: status, updatedAt: updated, text: head + summary + tail)
  }

  public struct Task: Sendable {
    /// A UUIDv7 of the document's day.
    public var id: String
    public var status: String
    public var updatedAt: String
    public var text: String

    /// Where a store keeps it: by the day of its id.
    public var path: String { "tasks/\(Workload.day(ofID: id))/\(id).json" }
  }

  // MARK: Parts

  private static let firstDay = 20_000

  private static func id(number: Int, _ numbers: inout RepeatableNumbers) -> String {
    let milliseconds =
      UInt64(firstDay + number / documentsPerDay) * 86_400_000 + UInt64(number % documentsPerDay) * 100_000
    let time = hexadecimal(milliseconds, digits: 12)
    let random = hexadecimal(numbers.next(), digits: 16)
    return "\(time.prefix(8))-\(time.suffix(4))-7\(random.prefix(3))-8\(random.dropFirst(3).prefix(3))-"
      + "\(random.suffix(10))\(hexadecimal(numbers.next() & 0xff, digits: 2))"
  }

  private static func hexadecimal(_ value: UInt64, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  static func day(ofID id: String) -> String {
    let milliseconds = UInt64(id.prefix(8) + id.dropFirst(9).prefix(4), radix: 16) ?? 0
    let date = date(day: Int(milliseconds / 86_400_000))
    return "\(date.dropLast(3))/\(date.suffix(2))"
  }

  private static func time(number: Int, offset: Int) -> String {
    let second = (number % documentsPerDay * 100 + offset) % 86_400
    let parts = [second / 3600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return date(day: firstDay + number / documentsPerDay) + "T" + parts.joined(separator: ":") + "Z"
  }

  /// Days since 1970 as a date (after Howard Hinnant's `civil_from_days`).
  private static func date(day: Int) -> String {
    let shifted = day + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let parts = [month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return ([String(year)] + parts).joined(separator: "-")
  }

  private static func sentence(_ count: Int, _ numbers: inout RepeatableNumbers) -> String {
    (0..<count).map { _ in words[Int(numbers.next() % UInt64(words.count))] }.joined(separator: " ")
  }

  private static let types = ["digest", "research", "fetch-feed", "summary", "translation", "import"]

  private static let words = """
    the of and to in is for that on with as by at from this be are or an was which it not have has can more about after
    model feed article source answer question market price change report week city energy paper study result method data
    system service user agent session search page link title author network value growth policy company product launch
    review test version release security memory index store document history branch merge record time date hour minute
    between against without during before under over through while because although however therefore also only very new
    first last next long short open closed high low early late public private local global simple complex good better
    """.split { $0 == " " || $0 == "\n" }.map(String.init)
}

/// splitmix64.
struct RepeatableNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}
