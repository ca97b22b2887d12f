import Documents
import TestSupport
import Testing

@testable import Daybook

@Suite struct IndexKeyTests {
  private func key(_ value: JSONValue) -> [UInt8] {
    var key: [UInt8] = []
    IndexKey.append(value, to: &key)
    return key
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func bytesOrderAsNumbersDo(seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    func text() -> String {
      let sign = Bool.random(using: &random) ? "-" : ""
      let whole = Int.random(in: 0..<2_000, using: &random)
      let fraction = Bool.random(using: &random) ? ".\(Int.random(in: 0..<1_000, using: &random))" : ""
      let exponent = Bool.random(using: &random) ? "e\(Int.random(in: -30...30, using: &random))" : ""
      return sign + String(whole) + fraction + exponent
    }
    for _ in 0..<3_000 {
      let (left, right) = (try #require(JSONNumber(text())), try #require(JSONNumber(text())))
      let (first, second) = (key(.number(left)), key(.number(right)))
      #expect((first == second) == (left == right), "\(left) \(right)")
      #expect(first.lexicographicallyPrecedes(second) == (left < right), "\(left) \(right)")
    }
  }

  @Test func bigWholeNumbersThatADoubleCannotTellApartAreTwoKeys() throws {
    let (one, two) = (try #require(JSONNumber("9007199254740992")), try #require(JSONNumber("9007199254740993")))
    #expect(key(.number(one)).lexicographicallyPrecedes(key(.number(two))))
  }

  @Test func kindsOfValuesOrderAsTheTableSays() {
    let ordered: [JSONValue] = [
      .null, false, true, -5, 0, 5, "", "\u{0}", "\u{0}a", "a", "a\u{0}", "a\u{0}b", "ab", "ü",
    ]
    for (left, right) in zip(ordered, ordered.dropFirst()) {
      #expect(key(left).lexicographicallyPrecedes(key(right)), "\(left) \(right)")
    }
  }

  @Test func valuesPutOneBehindTheOtherAreFoundAgain() {
    let values: [JSONValue] = [.null, true, -12.5, 0, 7e9, "text", "with \u{0} in it", ""]
    for first in values {
      for second in values {
        let both = key(first) + key(second)
        #expect(IndexKey.end(ofValues: 1, in: both + Array("id".utf8), from: 0) == key(first).count)
        #expect(IndexKey.end(ofValues: 2, in: both + Array("id".utf8), from: 0) == both.count)
      }
    }
  }
}
