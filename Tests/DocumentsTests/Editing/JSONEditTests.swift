import Documents
import Testing

struct JSONEditTests {
  /// A text, an edit, and the text after it.
  struct Case: Sendable {
    var before: String
    var edit: JSONEdit
    var after: String

    init(_ before: String, _ edit: JSONEdit, _ after: String) {
      (self.before, self.edit, self.after) = (before, edit, after)
    }
  }

  private static func pointer(_ tokens: String...) -> JSONPointer { JSONPointer(tokens) }

  static let objects = [
    Case("{\n  \"a\": 1,\n  \"b\": 2\n}\n", .set(pointer("a"), "x"), "{\n  \"a\": \"x\",\n  \"b\": 2\n}\n"),
    Case("{\n  \"a\": 1\n}\n", .set(pointer("b"), 2), "{\n  \"a\": 1,\n  \"b\": 2\n}\n"),
    Case("{\n    \"a\": 1\n}", .set(pointer("b"), [1]), "{\n    \"a\": 1,\n    \"b\": [\n        1\n    ]\n}"),
    Case("{\n\t\"a\": {}\n}", .set(pointer("a", "b"), 2), "{\n\t\"a\": {\n\t\t\"b\": 2\n\t}\n}"),
    Case(
      "{\r\n  \"a\": 1\r\n}\r\n", .set(pointer("b"), ["c": 1]),
      "{\r\n  \"a\": 1,\r\n  \"b\": {\r\n    \"c\": 1\r\n  }\r\n}\r\n"),
    Case(#"{"a": 1}"#, .set(pointer("b"), ["c": [1, 2]]), #"{"a": 1, "b": {"c": [1, 2]}}"#),
    Case(#"{"a":1}"#, .set(pointer("b"), ["c": [1, 2]]), #"{"a":1,"b":{"c":[1,2]}}"#),
    Case("{}", .set(pointer("a"), 1), "{\n  \"a\": 1\n}"),
    Case("{ }\n", .set(pointer("a"), 1), "{\n  \"a\": 1\n}\n"),
    Case(#"{"a": {}}"#, .set(pointer("a", "b"), 1), #"{"a": {"b": 1}}"#),
    Case("{\n  \"a\": {\"x\": 1}\n}", .set(pointer("a", "y"), [:]), "{\n  \"a\": {\"x\": 1, \"y\": {}}\n}"),
    Case("{\n  \"a\": {\"x\": 1}\n}", .set(pointer("a", "x"), [1]), "{\n  \"a\": {\"x\": [1]}\n}"),
    Case("{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}", .remove(pointer("b")), "{\n  \"a\": 1,\n  \"c\": 3\n}"),
    Case("{\n  \"a\": 1,\n  \"b\": 2\n}", .remove(pointer("b")), "{\n  \"a\": 1\n}"),
    Case("{\n  \"a\": 1,\n  \"b\": 2\n}", .remove(pointer("a")), "{\n  \"b\": 2\n}"),
    Case("{\n  \"a\": 1\n}\n", .remove(pointer("a")), "{}\n"),
    Case(#"{"a": 1, "b": 2, "c": 3}"#, .remove(pointer("b")), #"{"a": 1, "c": 3}"#),
    Case("{\"a\": 1, \"b\": 2,\n \"c\": 3}", .remove(pointer("b")), "{\"a\": 1,\n \"c\": 3}"),
    Case("{\n  \"a\": 1.50\n}", .set(pointer("a"), .number(JSONNumber("1.5") ?? JSONNumber(0))), "{\n  \"a\": 1.5\n}"),
    Case("{\n  \"a\": \"\\u00e9\"\n}", .set(pointer("a"), "é"), "{\n  \"a\": \"\\u00e9\"\n}"),
    Case("{\"a\": 1}\n", .set(.root, ["a": 2]), "{\"a\": 2}\n"),
    Case("{\"a\": 1}\n", .set(.root, [1, 2]), "[1, 2]\n"),
  ]

  static let arrays = [
    Case("[\n  1,\n  2\n]", .insert(pointer("-"), 3), "[\n  1,\n  2,\n  3\n]"),
    Case("[\n  1,\n  2\n]", .insert(pointer("0"), 3), "[\n  3,\n  1,\n  2\n]"),
    Case("[\n  1,\n  2\n]", .insert(pointer("1"), ["a": 1]), "[\n  1,\n  {\n    \"a\": 1\n  },\n  2\n]"),
    Case("[1, 2]", .insert(pointer("2"), 3), "[1, 2, 3]"),
    Case("[1,2]", .insert(pointer("1"), 3), "[1,3,2]"),
    Case("[]\n", .insert(pointer("-"), 1), "[\n  1\n]\n"),
    Case("{\n  \"a\": [1, 2]\n}", .insert(pointer("a", "-"), 3), "{\n  \"a\": [1, 2, 3]\n}"),
    Case("{\n  \"a\": []\n}", .insert(pointer("a", "0"), 3), "{\n  \"a\": [\n    3\n  ]\n}"),
    Case("[\n  1,\n  2,\n  3\n]", .remove(pointer("2")), "[\n  1,\n  2\n]"),
    Case("[\n  1, 2,\n  3, 4\n]", .remove(pointer("1")), "[\n  1,\n  3, 4\n]"),
    Case("[1, 2, 3]", .set(pointer("1"), "x"), "[1, \"x\", 3]"),
    Case("[ 1 ]", .remove(pointer("0")), "[]"),
  ]

  @Test(arguments: objects + arrays)
  func changesOnlyWhatItTouches(example: Case) throws {
    #expect(try JSONText(parsing: example.before).applying([example.edit]).description == example.after)
  }

  @Test func appliesEditsOneAfterTheOther() throws {
    let text = try JSONText(parsing: "{\n  \"list\": []\n}\n")
    let edited = try text.applying([
      .insert(JSONPointer(["list", "-"]), 1), .insert(JSONPointer(["list", "-"]), 2),
      .set(JSONPointer(["list", "0"]), 3), .set(JSONPointer(["new"]), [:]), .set(JSONPointer(["new", "x"]), true),
    ])
    #expect(edited.root.value == ["list": [3, 2], "new": ["x": true]])
    #expect(edited == JSONText(formatting: edited.root.value))
  }

  @Test(
    arguments: [
      (.set(pointer("a", "b", "c"), 1), .missing), (.set(pointer("n", "x"), 1), .wrongParent),
      (.set(pointer("l", "5"), 1), .missing), (.remove(pointer("x")), .missing), (.remove(.root), .root),
      (.remove(pointer("l", "2")), .missing), (.remove(pointer("l", "-")), .missing),
      (.insert(pointer("a"), 1), .wrongParent),
      (.insert(pointer("l", "3"), 1), .missing), (.insert(pointer("l", "01"), 1), .missing), (.insert(.root, 1), .root),
    ] as [(JSONEdit, JSONEditError.Reason)])
  func tellsWhyAnEditCannotBeMade(edit: JSONEdit, reason: JSONEditError.Reason) throws {
    let text = try JSONText(parsing: #"{"a": {}, "n": 1, "l": [1, 2]}"#)
    let error = try #require(throws: JSONEditError.self) { try text.applying([edit]) }
    #expect(error.pointer == edit.pointer && error.reason == reason)
  }

  @Test func refusesToNestTooDeep() throws {
    let deep = (0..<64).reduce(JSONValue.null) { value, _ in [value] }
    let error = try #require(throws: JSONEditError.self) {
      try JSONText(parsing: "{}").applying([.set(JSONPointer(["a"]), deep)])
    }
    guard case .limit = error.reason else { Issue.record("\(error)"); return }
  }
}
