import Daybook
import Documents
import Testing

@testable import DaybookCLI

@Suite struct QuantityTests {
  @Test(arguments: [
    ("30s", Duration.seconds(30)), ("500ms", .milliseconds(500)), ("5m", .seconds(300)), ("1h", .seconds(3_600)),
    ("0s", .zero), ("90d", .seconds(90 * 86_400)),
  ])
  func aTimeHasAUnit(text: String, duration: Duration) {
    #expect(TimeSpan(argument: text)?.duration == duration)
  }

  @Test(arguments: ["", "30", "s", "-1s", "1.5s", "30 s", "30S", "1w", "9223372036854775807h", "٣s"])
  func whatIsNoTimeIsRefused(text: String) {
    #expect(TimeSpan(argument: text) == nil)
  }

  @Test(arguments: [
    ("30d", "2026-12-21T06:40:00.000Z"), ("1h", "2026-11-21T07:40:00.000Z"), ("2027-01-01", "2027-01-01T00:00:00.000Z"),
    ("2027-01-01T12:00:00+01:00", "2027-01-01T11:00:00.000Z"), ("106751991167d", "9999-12-31T23:59:59.999Z"),
  ])
  func anEndIsATimeOrASpanFromNow(text: String, moment: String) throws {
    let now = try #require(Timestamp(parsing: "2026-11-21T06:40:00Z"))
    #expect(try Expiry(argument: text)?.moment(after: now).text == moment)
  }

  @Test(arguments: ["", "30", "HEAD", "4711", "2027-13-01", "soon"]) func whatIsNoEndIsRefused(text: String) {
    #expect(Expiry(argument: text) == nil)
  }

  @Test(arguments: ["0s", "2026-11-21T06:40:00Z", "2020-01-01"]) func anEndThatIsOverIsRefused(text: String) throws {
    let now = try #require(Timestamp(parsing: "2026-11-21T06:40:00Z"))
    let end = try #require(Expiry(argument: text))
    #expect(throws: StoreError.self) { try end.moment(after: now) }
  }

  @Test(arguments: [
    ("900", 900), ("1K", 1_024), ("512M", 512 << 20), ("2G", 2 << 30), ("2GiB", 2 << 30), ("3KiB", 3_072),
  ])
  func aSizeMayHaveAUnit(text: String, bytes: Int) {
    #expect(ByteSize(argument: text)?.bytes == bytes)
  }

  @Test(arguments: ["", "M", "1X", "1.5G", "-1", "9223372036854775807G", "2GB", "2iB"])
  func whatIsNoSizeIsRefused(text: String) {
    #expect(ByteSize(argument: text) == nil)
  }

  @Test func whatIsNamedIsEnough() {
    for bytes in [1, 1 << 20, (1 << 20) + 1, 3 * 268_435_457] {
      #expect(ByteSize(argument: ByteSize.roundedUp(bytes))?.bytes ?? 0 >= bytes)
    }
  }
}
