import Documents
import TestSupport
import Testing

struct JSONNumberTests {
  @Test(arguments: [
    ["0", "-0", "0.0", "0e9", "-0.00E-5"], ["1", "1.0", "10e-1", "0.1e1", "1E0", "1.000e+0"],
    ["-1500", "-1.5e3", "-15E+2"],
    ["100000000000000000000000000001", "100000000000000000000000000001.0"], ["1e-999999999", "0.1e-999999998"],
  ])
  func equalsHoweverItIsWritten(texts: [String]) throws {
    let numbers = try texts.map { try #require(JSONNumber($0)) }
    for number in numbers {
      #expect(number == numbers[0] && number.hashValue == numbers[0].hashValue)
      #expect(!(number < numbers[0]) && !(number > numbers[0]))
    }
  }

  @Test(arguments: ["", "-", "01", "1.", ".5", "1e", "+1", "1 ", " 1", "NaN", "0x1", "1_000", "٣", "1e9999999999"])
  func refusesWhatIsNoNumber(text: String) {
    #expect(JSONNumber(text) == nil)
  }

  @Test func isOrderedByWorth() throws {
    let ordered = [
      "-1e999999999", "-10", "-1.5", "-1", "-1e-9", "0", "1e-999999999", "0.1", "0.11", "1", "1.5", "9", "10", "1e20",
      "1e999999999",
    ]
    let numbers = try ordered.map { try #require(JSONNumber($0)) }
    for (place, number) in numbers.enumerated() {
      for (otherPlace, other) in numbers.enumerated() { #expect((number < other) == (place < otherPlace)) }
    }
  }

  /// Numbers of few digits, scaled so that plain integers can tell the truth about them.
  @Test func agreesWithIntegerArithmetic() throws {
    var random = RepeatableRandom(seed: 7)
    for _ in 0..<5_000 {
      let mantissas = (Int.random(in: -400...400, using: &random), Int.random(in: -400...400, using: &random))
      let exponents = (Int.random(in: -4...4, using: &random), Int.random(in: -4...4, using: &random))
      let one = try #require(JSONNumber("\(mantissas.0)e\(exponents.0)"))
      let other = try #require(JSONNumber("\(mantissas.1)e\(exponents.1)"))
      let scaled = (scale(mantissas.0, exponents.0), scale(mantissas.1, exponents.1))
      #expect((one == other) == (scaled.0 == scaled.1), "\(one) \(other)")
      #expect((one < other) == (scaled.0 < scaled.1), "\(one) \(other)")
      #expect(one.isMultiple(of: other) == (scaled.1 != 0 && scaled.0 % scaled.1 == 0), "\(one) \(other)")
      #expect(one.isInteger == (scaled.0 % 10_000 == 0), "\(one)")
      #expect(one.integer == (scaled.0 % 10_000 == 0 ? scaled.0 / 10_000 : nil), "\(one)")
    }
  }

  private func scale(_ mantissa: Int, _ exponent: Int) -> Int {
    (0..<exponent + 4).reduce(mantissa) { product, _ in product * 10 }
  }

  @Test(arguments: [
    ("1e999999999", "7e-3", false), ("1e999999999", "1e-999999999", true), ("0.3", "0.1", true), ("4.02", "0.01", true),
    ("1e308", "0.123456789", false), ("123456789012345678901234567890", "9", true), ("5", "0", false), ("0", "3", true),
    ("123456789012345678901234567891", "123456789012345678901234567890", false),
    ("246913578024691357802469135780", "123456789012345678901234567890", true), ("1e3000", "1024", true),
  ])
  func dividesExactly(number: String, divisor: String, expected: Bool) throws {
    #expect(try #require(JSONNumber(number)).isMultiple(of: try #require(JSONNumber(divisor))) == expected)
  }

  @Test func boundsTheWorkOfDivision() throws {
    let longest = try #require(JSONNumber(String(repeating: "7", count: 990) + "e99999999"))
    let divisor = try #require(JSONNumber(String(repeating: "3", count: 999)))
    let took = ContinuousClock().measure { _ = longest.isMultiple(of: divisor) }
    #expect(took < .seconds(10))
  }

  @Test func becomesIntegersAndDoubles() throws {
    #expect(JSONNumber("9223372036854775807")?.integer == .max)
    #expect(JSONNumber("-9223372036854775808")?.integer == .min)
    #expect(JSONNumber("9223372036854775808")?.integer == nil)
    #expect(JSONNumber("-9.223372036854775808e18")?.integer == .min)
    #expect(JSONNumber("18446744073709551615")?.unsignedInteger == .max)
    #expect(JSONNumber("1e999")?.double == .infinity && JSONNumber("-1e999")?.double == -.infinity)
    #expect(JSONNumber("0.1")?.double == 0.1)
    #expect(JSONNumber(0.1)?.text == "0.1" && JSONNumber(3.0)?.text == "3" && JSONNumber(.nan) == nil)
    #expect(JSONNumber(1e300).flatMap { Double($0.text) } == 1e300)
  }
}
