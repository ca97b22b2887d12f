extension JSONDecimal {
  /// The exact sum; nil when it would take more digits than `JSONNumber.maximumLength`, as `1e999999 + 1` does.
  func adding(_ other: JSONDecimal) -> JSONDecimal? {
    if isZero { return other }
    if other.isZero { return self }
    let top = max(point, other.point) + 1
    let bottom = min(point - digits.count, other.point - other.digits.count)
    guard top - bottom <= JSONNumber.maximumLength else { return nil }
    var places = [Int](repeating: 0, count: top - bottom)
    for number in [self, other] {
      for (place, digit) in number.digits.enumerated() {
        places[top - number.point + place] += number.isNegative ? -Int(digit) : Int(digit)
      }
    }
    return Self(places, point: top)
  }

  /// Takes places from -18 to 18. Where both signs occur none is beyond 9, so the first one that is not zero decides.
  private init(_ places: [Int], point: Int) {
    let sign = (places.first { $0 != 0 } ?? 0).signum()
    var digits = [UInt8](repeating: 0, count: places.count)
    var carry = 0
    for place in places.indices.reversed() {
      let value = places[place] * sign + carry
      let digit = (value + 10) % 10
      digits[place] = UInt8(digit)
      carry = (value - digit) / 10
    }
    self.init(isNegative: sign < 0, digits: digits, point: point)
  }

  /// The number in plain digits, as a person would write it; with an exponent when that takes too many.
  private var plainText: String {
    guard abs(point) + digits.count < Self.longestPlain else { return canonicalText }
    let text = digits.map { String($0) }
    let whole = text.prefix(max(point, 0)) + zeros(point - digits.count)
    let fraction = zeros(-point) + text.dropFirst(max(point, 0))
    return (isNegative ? "-" : "") + (whole.isEmpty ? "0" : whole.joined())
      + (isInteger ? "" : "." + fraction.joined())
  }

  /// In digits, with zeros.
  private static let longestPlain = 40

  private func zeros(_ count: Int) -> [String] { Array(repeating: "0", count: max(count, 0)) }

  /// Nil when the text would be longer than a number may be.
  var number: JSONNumber? { JSONNumber(plainText) }

  var negated: JSONDecimal { JSONDecimal(isNegative: !isNegative, digits: digits, point: point) }
}

extension JSONNumber {
  /// The exact sum, never by way of `Double`; nil when its text would be longer than `maximumLength`.
  package func adding(_ other: JSONNumber) -> JSONNumber? { decimal.adding(other.decimal)?.number }

  /// The exact difference; nil when its text would be longer than `maximumLength`.
  package func subtracting(_ other: JSONNumber) -> JSONNumber? { decimal.adding(other.decimal.negated)?.number }
}
