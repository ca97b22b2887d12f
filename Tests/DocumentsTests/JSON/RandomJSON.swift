import Documents
import TestSupport

/// Makes values and texts of them at random, small ones with all that JSON allows.
struct RandomJSON {
  var random: RepeatableRandom

  init(seed: UInt64) { random = RepeatableRandom(seed: seed) }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

  mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }

  mutating func value(depth: Int = 3) -> JSONValue {
    switch below(depth > 0 ? 9 : 5) {
    case 0: return .null
    case 1: return .bool(below(2) == 0)
    case 2: return .number(number())
    case 3, 4: return .string(string())
    case 5, 6: return .array((0..<below(5)).map { _ in value(depth: depth - 1) })
    default: return .object(object(depth: depth))
    }
  }

  mutating func object(depth: Int = 3) -> JSONObject {
    var object = JSONObject()
    for _ in 0..<below(6) { object[key()] = value(depth: depth - 1) }
    return object
  }

  /// Few keys, so that two objects share some.
  mutating func key() -> String {
    pick(["a", "b", "id", "name", "é", "e\u{301}", "", "a/b", "~", "with \"quotes\"", "日本"])
  }

  mutating func number() -> JSONNumber {
    let texts = [
      "0", "-0", "1", "1.0", "10e-1", "0.2", "-3.50", "1e20", "123456789012345678901234567890", "5E-324", "2.5e+3",
    ]
    return below(2) == 0 ? JSONNumber(below(5)) : JSONNumber(pick(texts)) ?? JSONNumber(0)
  }

  mutating func string() -> String {
    let parts = [
      "x", "hello", "\n", "\"", "\\", "\u{0}", "\u{1F}", "é", "e\u{301}", "😀", "\u{2028}", "\u{7F}", "/",
      "sealed:1:k:n:b",
    ]
    return (0..<below(4)).map { _ in pick(parts) }.joined()
  }

  /// A value with something changed somewhere.
  mutating func mutated(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(var array) where !array.isEmpty && below(4) > 0:
      let place = below(array.count)
      switch below(4) {
      case 0: array.remove(at: place)
      case 1: array.insert(self.value(depth: 2), at: place)
      case 2: array.swapAt(place, below(array.count))
      default: array[place] = mutated(array[place])
      }
      return .array(array)
    case .object(var object) where !object.isEmpty && below(4) > 0:
      let key = pick(object.keys)
      switch below(3) {
      case 0: object[key] = nil
      case 1: object[self.key()] = self.value(depth: 2)
      default: object[key] = object[key].map { mutated($0) }
      }
      return .object(object)
    default: return self.value(depth: 2)
    }
  }

  /// A text of the value as somebody might have typed it.
  mutating func text(of value: JSONValue) -> String {
    switch value {
    case .array(let array):
      return "[" + space() + array.map { text(of: $0) }.joined(separator: space() + "," + space()) + space() + "]"
    case .object(let object):
      let members = object.map { JSONValue.string($0.key).compactText + space() + ":" + space() + text(of: $0.value) }
      return "{" + space() + members.joined(separator: space() + "," + space()) + space() + "}"
    default: return value.compactText
    }
  }

  private mutating func space() -> String { pick(["", "", " ", "\n", "\n  ", "\r\n\t", "  \n    "]) }
}
