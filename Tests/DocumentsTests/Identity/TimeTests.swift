import Documents
import Foundation
import TestSupport
import Testing

struct CivilTimeTests {
  @Test func agreesWithFoundationOverTenThousandYears() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
    var random = RepeatableRandom(seed: 1)
    for _ in 0..<3_000 {
      // Foundation changes to the Julian calendar before 1582.
      let milliseconds = Int64.random(in: -12_000_000_000_000...Timestamp.range.upperBound, using: &random)
      let time = CivilTime(millisecondsSinceEpoch: milliseconds)
      let date = Date(timeIntervalSince1970: Double(milliseconds - Int64(time.millisecond)) / 1_000)
      let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
      #expect([time.year, time.month, time.day] == [parts.year, parts.month, parts.day])
      #expect([time.hour, time.minute, time.second] == [parts.hour, parts.minute, parts.second])
      #expect(time.millisecondsSinceEpoch == milliseconds)
    }
  }

  @Test func countsEveryDayOfFourCenturies() throws {
    var expected = try #require(CivilTime(year: 1900, month: 1, day: 1)).millisecondsSinceEpoch
    for year in 1900..<2300 {
      for month in 1...12 {
        for day in 1...31 {
          guard let time = CivilTime(year: year, month: month, day: day) else { continue }
          #expect(time.millisecondsSinceEpoch == expected)
          #expect(CivilTime(millisecondsSinceEpoch: expected) == time)
          expected += 86_400_000
        }
      }
    }
  }

  @Test func refusesDaysThatAreNotThere() {
    for (year, month, day) in [(2025, 2, 29), (1900, 2, 29), (2026, 4, 31), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0)] {
      #expect(CivilTime(year: year, month: month, day: day) == nil)
    }
    #expect(CivilTime(year: 2000, month: 2, day: 29) != nil)
    #expect(CivilTime(year: 2000, month: 1, day: 1, hour: 24) == nil)
  }
}

struct TimestampTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (1_795_243_200_123, "2026-11-21T06:40:00.123Z"),
      (-1, "1969-12-31T23:59:59.999Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z"), (Timestamp.range.upperBound, "9999-12-31T23:59:59.999Z"),
      (Timestamp.range.lowerBound, "0000-01-01T00:00:00.000Z"),
    ] as [(Int64, String)])
  func writesAndReadsRFC3339(milliseconds: Int64, text: String) {
    #expect(Timestamp(milliseconds: milliseconds).text == text)
    #expect(Timestamp(parsing: text)?.milliseconds == milliseconds)
  }

  @Test(arguments: [
    ("2026-11-21T06:40:00Z", "2026-11-21T06:40:00.000Z"), ("2026-11-21t06:40:00.1z", "2026-11-21T06:40:00.100Z"),
    ("2026-11-21 08:40:00.123987654+02:00", "2026-11-21T06:40:00.123Z"),
    ("2026-11-20T22:40:00-08:00", "2026-11-21T06:40:00.000Z"), ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.000Z"),
  ])
  func readsOtherSpellings(text: String, canonical: String) {
    #expect(Timestamp(parsing: text)?.text == canonical)
  }

  @Test(arguments: [
    "", "2026-11-21", "2026-11-21T06:40Z", "2026-11-21T06:40:00", "2026-11-21T06:40:00.Z", "2026-02-30T00:00:00Z",
    "2026-11-21T24:00:00Z", "2026-11-21T06:40:61Z", "2026-11-21T06:40:00+2:00", "2026-11-21T06:40:00Z ",
    "x026-11-21T06:40:00Z",
    "2026-11-21T06:40:00+24:00", "0000-01-01T00:00:00+00:01", "２026-11-21T06:40:00Z",
  ])
  func refusesWhatIsNoTimestamp(text: String) {
    #expect(Timestamp(parsing: text) == nil)
  }

  @Test func staysWithinTheYearsThatItCanWrite() {
    #expect(Timestamp(milliseconds: .max).text == "9999-12-31T23:59:59.999Z")
    #expect(Timestamp(milliseconds: .min).text == "0000-01-01T00:00:00.000Z")
  }
}

struct UUIDv7Tests {
  private let random: [UInt8] = [0xFF, 0x12, 0xFF, 1, 2, 3, 4, 5, 6, 7]

  @Test func holdsTimeVersionVariantAndRandomness() throws {
    let id = UUIDv7.make(millisecondsSinceEpoch: 1_795_243_200_123, randomness: random)
    #expect(id.text == "01a1fcd5-4e7b-7f12-bf01-020304050607")
    #expect(UUIDv7(parsing: id.text) == id)
    #expect(id.millisecondsSinceEpoch == 1_795_243_200_123)
    let date = id.date
    #expect((date.year, date.month, date.day, date.hour, date.minute) == (2026, 11, 21, 6, 40))
    #expect(DocumentID(id).fileName == id.text)
    #expect(try DocumentID(id.text) == DocumentID(id))
  }

  @Test func sortsByTime() {
    var maker = RepeatableRandom(seed: 5)
    let times = (0..<500).map { _ in Int64.random(in: 0..<(1 << 48), using: &maker) }.sorted()
    let ids = times.map { time in
      UUIDv7.make(
        millisecondsSinceEpoch: time, randomness: (0..<10).map { _ in UInt8.random(in: 0...255, using: &maker) })
    }
    #expect(ids == ids.sorted() && ids.map(\.text) == ids.map(\.text).sorted())
    #expect(ids.map(\.millisecondsSinceEpoch) == times)
  }

  @Test func bringsAnyTimeIntoItsRange() {
    #expect(UUIDv7.make(millisecondsSinceEpoch: .min, randomness: random).millisecondsSinceEpoch == 0)
    #expect(UUIDv7.make(millisecondsSinceEpoch: .max, randomness: random).date.year == 10_889)
  }

  @Test(arguments: [
    "", "01a1fcd5-4e7b-4f12-bf01-020304050607", "01a1fcd5-4e7b-7f12-3f01-020304050607",
    "01A1FCD5-4e7b-7f12-bf01-020304050607",
    "01a1fcd54e7b7f12bf01020304050607", "01a1fcd5-4e7b-7f12-bf01-02030405060", "01a1fcd5-4e7b-7f12-bf01-0203040506070",
    "01a1fcd5-4e7b-7f12-bf01_020304050607", "g1a1fcd5-4e7b-7f12-bf01-020304050607",
  ])
  func readsOnlyItsCanonicalText(text: String) {
    #expect(UUIDv7(parsing: text) == nil)
  }
}
