import Documents
import TestSupport
import Testing

struct JSONNumberAdditionTests {
  private func number(_ text: String) throws -> JSONNumber { try #require(JSONNumber(text)) }

  @Test(arguments: [
    ("1", "2", "3"), ("0.1", "0.2", "0.3"), ("-5", "5.0", "0"), ("9.99", "0.01", "10"), ("10", "-19", "-9"),
    ("1000", "-0.001", "999.999"), ("99999999999999999999", "1", "100000000000000000000"), ("0", "-0.50", "-0.5"),
    ("-0.7", "-0.7", "-1.4"), ("1e60", "2e60", "3e60"),
  ])
  func sumsAreExactAndWrittenInPlainDigits(one: String, other: String, sum: String) throws {
    #expect(try number(one).adding(number(other))?.text == sum)
    #expect(try number(other).adding(number(one))?.text == sum)
    #expect(try number(sum).subtracting(number(other)) == number(one))
  }

  @Test func aSumOfTooManyDigitsIsNone() throws {
    #expect(try number("1e999999").adding(number("1")) == nil)
    #expect(try number("1e-999999999").subtracting(number("1")) == nil)
  }

  /// Numbers of up to four digits behind the point, of which integers can tell the truth.
  @Test func agreesWithIntegerArithmetic() throws {
    var random = RepeatableRandom(seed: 11)
    for _ in 0..<5_000 {
      let (one, other) = (
        Int.random(in: -99_999...99_999, using: &random), Int.random(in: -99_999...99_999, using: &random)
      )
      let (sum, difference) = try (
        number("\(one)e-4").adding(number("\(other)e-4")), number("\(one)e-4").subtracting(number("\(other)e-4"))
      )
      #expect(try sum == number("\(one + other)e-4") && difference == number("\(one - other)e-4"))
    }
  }
}
