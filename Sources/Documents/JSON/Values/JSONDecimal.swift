/// A number in normal form for exact arithmetic: ± 0.d₁d₂…dₙ × 10^point, where d₁ and dₙ are not zero.
///
/// Zero has no digits, point 0 and no sign. Two numbers are equal exactly when their normal forms are.
package struct JSONDecimal: Hashable, Sendable {
  package private(set) var isNegative = false
  /// The significant digits, each 0...9.
  package private(set) var digits: [UInt8] = []
  package private(set) var point = 0

  /// Takes a text in JSON's grammar whose exponent is within `JSONNumber.maximumExponent`.
  init(_ text: String) {
    var integerDigits = 0
    var sawPoint = false
    var exponent = 0
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "."): sawPoint = true
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        exponent = Int(Substring(rest)) ?? 0
        rest = rest[rest.endIndex...]
      default:
        digits.append(byte - UInt8(ascii: "0"))
        if !sawPoint { integerDigits += 1 }
      }
    }
    normalize(point: integerDigits + exponent)
  }

  /// The number ± 0.d₁d₂…dₙ × 10^point, in which d₁ and dₙ may be zero.
  init(isNegative: Bool, digits: [UInt8], point: Int) {
    (self.isNegative, self.digits) = (isNegative, digits)
    normalize(point: point)
  }

  private mutating func normalize(point: Int) {
    let leadingZeros = digits.prefix { $0 == 0 }.count
    guard leadingZeros < digits.count else {
      (isNegative, digits, self.point) = (false, [], 0)
      return
    }
    digits.removeFirst(leadingZeros)
    while digits.last == 0 { digits.removeLast() }
    self.point = point - leadingZeros
  }

  var isZero: Bool { digits.isEmpty }

  /// No digit lies behind the point.
  var isInteger: Bool { point >= digits.count }

  /// The number if it is whole and fits.
  func integer<Integer: FixedWidthInteger>() -> Integer? {
    guard isInteger, point <= Self.longestInteger else { return nil }
    var result: Integer = 0
    for place in 0..<point {
      let digit = Integer(place < digits.count ? digits[place] : 0)
      let (shifted, overflow) = result.multipliedReportingOverflow(by: 10)
      let (sum, carry) =
        isNegative ? shifted.subtractingReportingOverflow(digit) : shifted.addingReportingOverflow(digit)
      if overflow || carry { return nil }
      result = sum
    }
    return result
  }

  /// No 64-bit integer has more digits.
  private static let longestInteger = 20

  /// Long division, a digit at a time. With both numbers as digits × 10^power, a divisor of the smaller power can be
  /// shifted until both are whole. One of the larger power divides nothing, since the last digit is never zero.
  func isMultiple(of divisor: JSONDecimal) -> Bool {
    guard !divisor.isZero else { return false }
    if isZero { return true }
    let shift = (point - digits.count) - (divisor.point - divisor.digits.count)
    guard shift >= 0 else { return false }
    // Zeros only add factors 2 and 5, of which a divisor of n digits has fewer than 4n.
    let zeros = min(shift, 4 * divisor.digits.count)
    var rest: [UInt8] = []
    for place in 0..<digits.count + zeros {
      if !rest.isEmpty || place < digits.count { rest.append(place < digits.count ? digits[place] : 0) }
      if rest == [0] { rest = [] }
      while Self.isAtLeast(rest, divisor.digits) { Self.subtract(divisor.digits, from: &rest) }
    }
    return rest.isEmpty
  }

  /// Compares whole numbers without leading zeros.
  private static func isAtLeast(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    one.count == other.count ? !one.lexicographicallyPrecedes(other) : one.count > other.count
  }

  /// Subtracts a whole number that is not greater, leaving no leading zeros.
  private static func subtract(_ other: [UInt8], from one: inout [UInt8]) {
    var borrow: UInt8 = 0
    for place in 1...one.count {
      let taken = (place <= other.count ? other[other.count - place] : 0) + borrow
      let digit = one[one.count - place]
      borrow = digit < taken ? 1 : 0
      one[one.count - place] = digit + 10 * borrow - taken
    }
    one.removeFirst(one.prefix { $0 == 0 }.count)
  }
}

extension JSONDecimal: Comparable {
  package static func < (one: JSONDecimal, other: JSONDecimal) -> Bool {
    if one.sign != other.sign { return one.sign < other.sign }
    return one.isNegative ? one.magnitudeExceeds(other) : other.magnitudeExceeds(one)
  }

  private var sign: Int { isZero ? 0 : isNegative ? -1 : 1 }

  private func magnitudeExceeds(_ other: JSONDecimal) -> Bool {
    if point != other.point { return !isZero && (other.isZero || point > other.point) }
    return other.digits.lexicographicallyPrecedes(digits)
  }
}

extension JSONDecimal {
  /// The one text that all numbers of this worth share: an integer when it is short, else `d.ddde±n`.
  var canonicalText: String {
    guard !isZero else { return "0" }
    let sign = isNegative ? "-" : ""
    let digitText = String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
    if isInteger, point <= Self.longestInteger {
      return sign + digitText + String(repeating: "0", count: point - digits.count)
    }
    let fraction = digits.count > 1 ? "." + digitText.dropFirst() : ""
    return sign + digitText.prefix(1) + fraction + "e" + String(point - 1)
  }
}
