import Testing

@testable import DaybookCLI

@Suite struct QuantityTests {
  @Test(arguments: [
    ("30s", Duration.seconds(30)), ("500ms", .milliseconds(500)), ("5m", .seconds(300)), ("1h", .seconds(3_600)),
    ("0s", .zero),
  ])
  func aTimeHasAUnit(text: String, duration: Duration) {
    #expect(TimeSpan(argument: text)?.duration == duration)
  }

  @Test(arguments: ["", "30", "s", "-1s", "1.5s", "30 s", "30S", "1d", "9223372036854775807h", "٣s"])
  func whatIsNoTimeIsRefused(text: String) {
    #expect(TimeSpan(argument: text) == nil)
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
