import Documents
import Testing

struct JSONCodingTests {
  private struct Profile: Codable, Equatable {
    enum Provider: String, Codable { case openai, local }

    var name: String
    var temperature: Double
    var ratio: Float
    var tokens: UInt64
    var small: Int8
    var provider: Provider
    var proxy: String?
    var tags: [String]
    var limits: [String: Int?]
    var extra: JSONValue
    var created: Timestamp
    var children: [Profile]
  }

  private let profile = Profile(
    name: "é", temperature: 0.1, ratio: 0.1, tokens: .max, small: -128, provider: .local, proxy: nil, tags: ["a"],
    limits: ["x": 1, "y": nil], extra: ["n": .number(JSONNumber("1.50") ?? JSONNumber(0))],
    created: Timestamp(milliseconds: 0), children: [])

  @Test func encodesAndDecodesBack() throws {
    var parent = profile
    parent.children = [profile, profile]
    let value = try JSONValue(encoding: parent)
    #expect(try value.decode(as: Profile.self) == parent)
    #expect(value["tokens"]?.number?.text == "18446744073709551615")
    #expect(value["ratio"]?.number?.text == "0.1" && value["temperature"]?.number?.text == "0.1")
    #expect(value["proxy"] == nil && value["limits"]?["y"] == .null)
    #expect(value["extra"]?["n"]?.number?.text == "1.50")
    #expect(value["created"] == "1970-01-01T00:00:00.000Z")
    #expect(value.object?.keys.first == "name", "members come in the order in which they are encoded")
  }

  @Test(arguments: [
    ("/small", JSONValue.number(JSONNumber(300)), "does not fit into Int8"),
    ("/small", 1.5, "A whole number is needed here, not a number"),
    ("/temperature", "hot", "A number is needed here, not a string"),
    ("/tags/0", 5, "A string is needed here, not a number"),
    ("/provider", "other", "Provider"), ("/tags", nil, "An array is needed here, not null"),
    ("/created", "today", "A time is written like"), ("/limits", .array([]), "An object is needed here, not an array"),
  ])
  func tellsWhichMemberIsWrong(path: String, value: JSONValue, words: String) throws {
    let pointer = try JSONPointer(parsing: path)
    let text = try JSONText(formatting: try JSONValue(encoding: profile)).applying([.set(pointer, value)])
    let error = try #require(throws: JSONCodingError.self) { try text.root.decode(as: Profile.self) }
    #expect(error.pointer == pointer)
    #expect(error.position == text.root[pointer]?.position)
    #expect(error.message.contains(words))
  }

  @Test func tellsWhichMemberIsMissing() throws {
    let text = JSONText(formatting: try JSONValue(encoding: [profile]))
    let without = try text.applying([.remove(JSONPointer(["0", "name"]))])
    let error = try #require(throws: JSONCodingError.self) { try without.root.decode(as: [Profile].self) }
    #expect(error.pointer.description == "/0")
    #expect(error.message == "The member \"name\" is missing.")
  }

  @Test func takesWholeNumbersHoweverTheyAreWritten() throws {
    #expect(try JSONText(parsing: "[3.0, 3e2, -0]").root.decode(as: [Int].self) == [3, 300, 0])
    #expect(throws: JSONCodingError.self) { try JSONText(parsing: "[1e400]").root.decode(as: [Double].self) }
    #expect(throws: JSONCodingError.self) { try JSONText(parsing: "[1e20]").root.decode(as: [Int].self) }
  }

  @Test func refusesWhatJSONCannotSay() throws {
    #expect(throws: JSONCodingError.self) { try JSONValue(encoding: ["x": Double.nan]) }
    #expect(throws: JSONCodingError.self) { try JSONValue(encoding: [-Float.infinity]) }
  }

  private final class Chain: Encodable {
    let next: Chain?
    init(_ next: Chain?) { self.next = next }
  }

  @Test func refusesToNestTooDeep() throws {
    let chain = (0..<100).reduce(nil) { next, _ in Chain(next) }
    let error = try #require(throws: JSONCodingError.self) { try JSONValue(encoding: chain) }
    #expect(error.message.contains("64"))
  }

  @Test func decodesLargeDictionaries() throws {
    let dictionary = Dictionary(uniqueKeysWithValues: (0..<2_000).map { ("key \($0)", $0) })
    #expect(try JSONValue(encoding: dictionary).decode(as: [String: Int].self) == dictionary)
  }

  private final class Base: Codable {
    var inherited = 1
  }

  private struct ByHand: Codable, Equatable {
    var numbers: [Int]
    var label: String
    enum Keys: String, CodingKey { case outer, label }

    init(numbers: [Int], label: String) { (self.numbers, self.label) = (numbers, label) }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Keys.self)
      var array = try container.nestedUnkeyedContainer(forKey: .outer)
      numbers = []
      while !array.isAtEnd {
        if try array.decodeNil() { continue }
        var inner = try array.nestedUnkeyedContainer()
        numbers.append(try inner.decode(Int.self))
      }
      label = try container.nestedContainer(keyedBy: Keys.self, forKey: .label).decode(String.self, forKey: .label)
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Keys.self)
      var array = container.nestedUnkeyedContainer(forKey: .outer)
      for number in numbers {
        try array.encodeNil()
        var inner = array.nestedUnkeyedContainer()
        try inner.encode(number)
      }
      var nested = container.nestedContainer(keyedBy: Keys.self, forKey: .label)
      try nested.encode(label, forKey: .label)
    }
  }

  @Test func servesTypesThatCodeByHand() throws {
    let value = try JSONValue(encoding: ByHand(numbers: [1, 2], label: "x"))
    #expect(value == ["outer": [nil, [1], nil, [2]], "label": ["label": "x"]])
    #expect(try value.decode(as: ByHand.self) == ByHand(numbers: [1, 2], label: "x"))
    #expect(try JSONValue(encoding: Base()) == ["inherited": 1])
  }
}
