/// A number by its text, so that what a person wrote is kept: `1.0` stays `1.0`.
///
/// Comparison is by mathematical value and exact; it never goes through `Double`: `1 == 1.0 == 10e-1`.
public struct JSONNumber: Sendable {
  /// The number as JSON writes it.
  public let text: String

  /// The longest text of a number, in characters.
  public static let maximumLength = 1_000
  /// The largest power of ten that an exponent may name, up or down.
  public static let maximumExponent = 999_999_999

  /// Nil unless the text is a number in JSON's grammar and within the limits of length and exponent.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let end = try? JSONReader.endOfNumber(bytes.span, at: 0), end == bytes.count else { return nil }
    self.text = text
  }

  /// A whole number.
  public init(_ value: Int) { text = String(value) }

  /// A whole number without sign.
  public init(_ value: UInt64) { text = String(value) }

  /// The shortest text that reads back as the same `Double`, without a needless `.0`; nil for NaN and infinities.
  public init?(_ value: Double) {
    guard value.isFinite else { return nil }
    let digits = value.description
    text = digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
  }

  /// Takes over a text that the reader has checked.
  init(checked text: String) { self.text = text }

  /// Whether the number is whole, however it is written: `1.0` and `1e3` are.
  public var isInteger: Bool { plainInteger != nil || decimal.isInteger }

  /// The number if it is whole and within the range of `Int`.
  public var integer: Int? { plainInteger ?? decimal.integer() }

  /// The number if it is whole and within the range of `UInt64`.
  public var unsignedInteger: UInt64? { UInt64(text) ?? decimal.integer() }

  /// The nearest `Double`; infinite when the number is too large for one.
  public var double: Double { Double(text) ?? (text.utf8.first == UInt8(ascii: "-") ? -.infinity : .infinity) }

  /// Whether dividing by `divisor` leaves no rest, exactly; false for a divisor of zero.
  public func isMultiple(of divisor: JSONNumber) -> Bool {
    if let number = plainInteger, let divisor = divisor.plainInteger {
      return divisor != 0 && number.isMultiple(of: divisor)
    }
    return decimal.isMultiple(of: divisor.decimal)
  }

  /// The number if it is written as a plain integer, which most are.
  private var plainInteger: Int? { Int(text) }

  /// The number in normal form, for exact arithmetic and for keys that sort as numbers do.
  package var decimal: JSONDecimal { JSONDecimal(text) }
}

extension JSONNumber: Hashable {
  /// Mathematical equality.
  public static func == (one: JSONNumber, other: JSONNumber) -> Bool {
    if one.text == other.text { return true }
    if let one = one.plainInteger, let other = other.plainInteger { return one == other }
    return one.decimal == other.decimal
  }

  /// Agrees with `==`.
  public func hash(into hasher: inout Hasher) { hasher.combine(decimal) }
}

extension JSONNumber: Comparable {
  /// Mathematical order.
  public static func < (one: JSONNumber, other: JSONNumber) -> Bool {
    if let one = one.plainInteger, let other = other.plainInteger { return one < other }
    return one.decimal < other.decimal
  }
}

extension JSONNumber: CustomStringConvertible {
  /// The number as JSON writes it.
  public var description: String { text }
}
