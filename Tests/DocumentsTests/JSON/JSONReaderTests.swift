import Documents
import Testing

struct JSONReaderTests {
  @Test(arguments: [
    (#"{"a": 1,}"#, 1, 9, "No comma may stand after the last member"),
    ("[1,\n 2,\n]", 3, 1, "No comma may stand after the last element"),
    ("{\n  \"a\": 1,\n  \"b\": 2,\n  \"a\": 3\n}", 4, 3, "appears twice in its object; it is first on line 2"),
    (#"{"a": 1, "\u0061": 2}"#, 1, 10, "appears twice"),
    ("{\"é\": tru}", 1, 7, "A value must stand here, not 't'"),
    ("", 1, 1, "no JSON value"),
    ("  \n ", 2, 2, "no JSON value"),
    ("\u{FEFF}{}", 1, 1, "byte order mark"),
    ("{", 1, 2, "The text ends"),
    ("[1", 1, 3, "The text ends"),
    ("[", 1, 2, "ends where a value must stand"),
    ("{\"a\"", 1, 5, "The text ends"),
    ("{} x", 1, 4, "Nothing may follow the value, but 'x' does"),
    ("{a: 1}", 1, 2, "must begin with its key in double quotes, not with 'a'"),
    ("{\"a\" 1}", 1, 6, "A colon must follow the key, not '1'"),
    ("{\"a\": 1 \"b\": 2}", 1, 9, "A comma or a closing brace"),
    ("[1 2]", 1, 4, "A comma or a closing bracket"),
    ("[1, // one\n2]", 1, 5, "Comments are not part of JSON"),
    ("['a']", 1, 2, "double quotes"),
    ("[NaN]", 1, 2, "NaN"),
    ("[+1]", 1, 2, "plus sign"),
    ("[.5]", 1, 2, "digit before its point"),
    ("[01]", 1, 2, "needless zero"),
    ("[-]", 1, 3, "A digit must stand here"),
    ("[1.]", 1, 4, "A digit must stand here"),
    ("[1e+]", 1, 5, "A digit must stand here"),
    ("\"abc", 1, 1, "no closing quote"),
    ("\"a\nb\"", 1, 3, #"write \n"#),
    ("\"a\tb\"", 1, 3, #"must be written \t"#),
    ("\"\u{1}\"", 1, 2, "0x01"),
    (#""\x""#, 1, 2, "After a backslash"),
    (#""\u12G4""#, 1, 2, "four hexadecimal digits"),
    (#""\ud800""#, 1, 2, "half of a surrogate pair"),
    (#""\udc00""#, 1, 2, "half of a surrogate pair"),
    (#""\ud800\u0041""#, 1, 2, "half of a surrogate pair"),
    ("1e1000000000", 1, 3, "exponent"),
    (String(repeating: "1", count: 1_001), 1, 1, "more than 1000 characters"),
  ])
  func tellsWhatIsWrongAndWhere(text: String, line: Int, column: Int, words: String) throws {
    let error = try #require(throws: JSONError.self) { try JSONText(parsing: text) }
    #expect(error.message.contains(words))
    #expect((error.position.line, error.position.column) == (line, column))
  }

  @Test(
    arguments: [
      [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98],
      [0xE2, 0x28, 0xA1],
    ] as [[UInt8]])
  func refusesBytesThatAreNotUTF8(bytes: [UInt8]) throws {
    for padding in 0..<10 {
      let text = [0x22] + [UInt8](repeating: 0x61, count: padding) + bytes + [0x22]
      let error = try #require(throws: JSONError.self) { try JSONText(parsing: text) }
      #expect(error.message.contains("not valid UTF-8"))
      #expect(error.position.offset == 1 + padding)
    }
  }

  @Test func readsEveryScalarThatUTF8CanSay() throws {
    for value in UInt32(0x20)...0x10FFFF where value % 37 == 0 || value < 0x3000 || value > 0x10FFF0 {
      guard let scalar = Unicode.Scalar(value), scalar != "\"", scalar != "\\" else { continue }
      #expect(try JSONText(parsing: "\"\(scalar)\"").root.string?.unicodeScalars.first == scalar)
    }
  }

  @Test func resolvesEveryEscape() throws {
    let text = try JSONText(parsing: #""\"\\\/\b\f\n\r\t\u00e9\u20AC\ud83d\ude00\u0000""#)
    #expect(text.root.string == "\"\\/\u{8}\u{C}\n\r\té€😀\u{0}")
  }

  @Test func nestsToTheLimitAndNoFurther() throws {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(throws: Never.self) { try JSONText(parsing: nested(64)) }
    let error = try #require(throws: JSONError.self) { try JSONText(parsing: nested(65)) }
    #expect(error.position.column == 65)
    #expect(throws: JSONError.self) { try JSONText(parsing: String(repeating: "{\"a\":", count: 1_000_000)) }
    #expect(throws: JSONError.self) {
      try JSONText(parsing: nested(100_000), limits: JSONLimits(maximumDepth: .max, maximumBytes: .max))
    }
  }

  @Test func refusesATextThatIsTooLong() {
    #expect(throws: Never.self) { try JSONText(parsing: "[10]", limits: JSONLimits(maximumBytes: 4)) }
    #expect(throws: JSONError.self) { try JSONText(parsing: "[10]", limits: JSONLimits(maximumBytes: 3)) }
  }

  /// No prefix of a text is a text, and no cut may trap, wherever it falls.
  @Test func refusesEveryPrefixOfAnObject() throws {
    let whole = Array(
      #"{"a":[1.5e+3,-0,true,false,null,"\ud83d\ude00é€"],"b":{"c":"long enough for wide steps"}}"#.utf8)
    #expect(throws: Never.self) { try JSONText(parsing: whole) }
    for length in whole.indices {
      #expect(throws: JSONError.self) { try JSONText(parsing: Array(whole[..<length])) }
    }
  }
}
