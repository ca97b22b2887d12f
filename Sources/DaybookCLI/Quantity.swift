import ArgumentParser

/// A span of time as it is typed: `30s`, `500ms`, `5m`, `1h`, `90d`.
struct TimeSpan: ExpressibleByArgument {
  let duration: Duration

  private static let milliseconds = ["ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]

  init?(argument: String) {
    guard let count = Quantity(argument, units: Self.milliseconds)?.value else { return nil }
    duration = .milliseconds(count)
  }
}

/// A size as it is typed: `512M`, `2GiB`, or a number of bytes. A `K` has 1,024 of them.
struct ByteSize: ExpressibleByArgument {
  let bytes: Int

  private static let units = [
    "": 1, "K": 1 << 10, "KiB": 1 << 10, "M": 1 << 20, "MiB": 1 << 20, "G": 1 << 30, "GiB": 1 << 30,
  ]

  init?(argument: String) {
    guard let bytes = Quantity(argument, units: Self.units)?.value else { return nil }
    self.bytes = bytes
  }

  /// As it may be typed to have at least so many: `769M`.
  static func roundedUp(_ bytes: Int) -> String { "\((bytes + (1 << 20) - 1) >> 20)M" }
}

/// A whole number with a unit behind it.
private struct Quantity {
  let value: Int

  init?(_ text: String, units: [String: Int]) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int(digits), let unit = units[String(text[digits.endIndex...])] else { return nil }
    let (value, isTooLarge) = count.multipliedReportingOverflow(by: unit)
    if isTooLarge { return nil }
    self.value = value
  }
}
