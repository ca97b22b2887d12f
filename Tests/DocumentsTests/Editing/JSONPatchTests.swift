import Documents
import Testing

struct JSONPatchTests {
  /// The examples of RFC 6902, appendix A, and the corners that implementations have got wrong.
  @Test(arguments: [
    (#"{"foo": "bar"}"#, #"[{"op": "add", "path": "/baz", "value": "qux"}]"#, #"{"baz": "qux", "foo": "bar"}"#),
    (
      #"{"foo": ["bar", "baz"]}"#, #"[{"op": "add", "path": "/foo/1", "value": "qux"}]"#,
      #"{"foo": ["bar", "qux", "baz"]}"#
    ),
    (#"{"baz": "qux", "foo": "bar"}"#, #"[{"op": "remove", "path": "/baz"}]"#, #"{"foo": "bar"}"#),
    (#"{"foo": ["bar", "qux", "baz"]}"#, #"[{"op": "remove", "path": "/foo/1"}]"#, #"{"foo": ["bar", "baz"]}"#),
    (
      #"{"baz": "qux", "foo": "bar"}"#, #"[{"op": "replace", "path": "/baz", "value": "boo"}]"#,
      #"{"baz": "boo", "foo": "bar"}"#
    ),
    (
      #"{"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}}"#,
      #"[{"op": "move", "from": "/foo/waldo", "path": "/qux/thud"}]"#,
      #"{"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}}"#
    ),
    (
      #"{"foo": ["all", "grass", "cows", "eat"]}"#, #"[{"op": "move", "from": "/foo/1", "path": "/foo/3"}]"#,
      #"{"foo": ["all", "cows", "eat", "grass"]}"#
    ),
    (
      #"{"baz": "qux", "foo": ["a", 2, "c"]}"#,
      #"[{"op": "test", "path": "/baz", "value": "qux"}, {"op": "test", "path": "/foo/1", "value": 2.0}]"#,
      #"{"baz": "qux", "foo": ["a", 2, "c"]}"#
    ),
    (
      #"{"foo": "bar"}"#, #"[{"op": "add", "path": "/child", "value": {"grandchild": {}}}]"#,
      #"{"foo": "bar", "child": {"grandchild": {}}}"#
    ),
    (
      #"{"foo": "bar"}"#, #"[{"op": "add", "path": "/baz", "value": "qux", "xyz": 123}]"#,
      #"{"foo": "bar", "baz": "qux"}"#
    ),
    (#"{"/": 9, "~1": 10}"#, #"[{"op": "test", "path": "/~01", "value": 10}]"#, #"{"/": 9, "~1": 10}"#),
    (
      #"{"foo": ["bar"]}"#, #"[{"op": "add", "path": "/foo/-", "value": ["abc", "def"]}]"#,
      #"{"foo": ["bar", ["abc", "def"]]}"#
    ),
    (#"{"a": 1}"#, #"[{"op": "add", "path": "", "value": [1]}]"#, "[1]"),
    (#"{"a": 1}"#, #"[{"op": "replace", "path": "", "value": null}]"#, "null"),
    (#"{"a": [1]}"#, #"[{"op": "copy", "from": "/a", "path": "/a/0"}]"#, #"{"a": [[1], 1]}"#),
    (#"{"a": 1}"#, #"[{"op": "move", "from": "/a", "path": "/a"}]"#, #"{"a": 1}"#),
    (#"{"a": {"b": 1}}"#, #"[{"op": "move", "from": "/a/b", "path": "/a"}]"#, #"{"a": 1}"#),
    (#"{"": 0}"#, #"[{"op": "replace", "path": "/", "value": 1}]"#, #"{"": 1}"#),
  ])
  func applies(document: String, patch: String, result: String) throws {
    let patch = try JSONPatch(parsing: JSONText(parsing: patch).root)
    let text = try JSONText(parsing: document)
    let expected = try JSONText(parsing: result).root.value
    #expect(try patch.applied(to: text.root.value) == expected)
    #expect(try patch.applied(to: text).root.value == expected)
    #expect(try JSONPatch(parsing: patch.value) == patch)
  }

  @Test(arguments: [
    (#"[{"op": "add", "path": "/x/y", "value": 1}]"#, "Operation 0 (\"/x/y\"): There is nothing at \"/x/y\"."),
    (
      #"[{"op": "test", "path": "/a", "value": [1, 2]}, {"op": "test", "path": "/a", "value": "1"}]"#,
      "Operation 1 (\"/a\"): The test failed: the value there is [1,2]."
    ),
    (#"[{"op": "remove", "path": "/a/2"}]"#, "Operation 0 (\"/a/2\"): There is nothing at \"/a/2\"."),
    (#"[{"op": "add", "path": "/a/01", "value": 1}]"#, "Operation 0 (\"/a/01\"): There is nothing at \"/a/01\"."),
    (#"[{"op": "add", "path": "/a/3", "value": 1}]"#, "Operation 0 (\"/a/3\"): There is nothing at \"/a/3\"."),
    (#"[{"op": "replace", "path": "/a/-", "value": 1}]"#, "Operation 0 (\"/a/-\"): There is nothing at \"/a/-\"."),
    (#"[{"op": "remove", "path": ""}]"#, "Operation 0 (\"\"): The whole document can be neither removed nor moved."),
    (
      #"[{"op": "move", "from": "/a", "path": "/a/0"}]"#, "Operation 0 (\"/a/0\"): A value cannot be moved into itself."
    ),
    (#"[{"op": "add", "path": "/a"}]"#, "Operation 0 (\"/a\"): The operation needs a member \"value\"."),
    (#"[{"op": "copy", "path": "/a"}]"#, "Operation 0 (\"/a\"): The operation needs a member \"from\" with a string."),
    (
      #"[{"op": "add", "path": "a", "value": 1}]"#,
      "Operation 0 (\"a\"): A JSON Pointer begins with a slash; \"a\" does not."
    ),
    (
      #"[{"op": "merge", "path": "/a"}]"#,
      "Operation 0 (\"/a\"): There is no operation \"merge\"; there are add, remove, replace, move, copy and test."
    ),
    (#"[1]"#, "Operation 0: An operation is an object."), (#"{}"#, "A JSON Patch is an array of operations."),
  ])
  func tellsWhichOperationFailsAndWhy(patch: String, message: String) throws {
    let error = try #require(throws: JSONPatchError.self) {
      try JSONPatch(parsing: JSONText(parsing: patch).root).applied(to: ["a": [1, 2]] as JSONValue)
    }
    #expect(error.description == message)
  }

  @Test func stopsCopiesThatDoubleTheDocument() throws {
    let doubling = (0..<64).map { _ in JSONPatch.Operation.copy(from: JSONPointer(["a"]), to: JSONPointer(["a", "-"])) }
    let error = try #require(throws: JSONPatchError.self) {
      try JSONPatch(doubling).applied(to: ["a": []] as JSONValue)
    }
    #expect(error.reason == .tooLarge || error.reason == .tooDeep)
    let wide = (0..<64).flatMap { step in
      [
        JSONPatch.Operation.copy(from: JSONPointer(["a"]), to: JSONPointer(["b"])),
        .replace(JSONPointer(["a"]), [.string("x")]), .move(from: JSONPointer(["b"]), to: JSONPointer(["a", "-"])),
      ]
    }
    #expect(throws: JSONPatchError.self) { try JSONPatch(wide).applied(to: ["a": []] as JSONValue) }
    let text = JSONValue.string(String(repeating: "x", count: 1 << 20))
    let copies = (0..<100).map { JSONPatch.Operation.copy(from: JSONPointer(["a"]), to: JSONPointer(["c\($0)"])) }
    let copied = try #require(throws: JSONPatchError.self) { try JSONPatch(copies).applied(to: ["a": text]) }
    #expect(copied.reason == .tooLarge && copied.operation == 15)
  }

  @Test func keepsTheFormattingOfATextThatItPatches() throws {
    let text = try JSONText(parsing: "{ \"a\" : 1.0,\n  \"b\": [1,2] }")
    let patch = try JSONPatch(parsing: JSONText(parsing: #"[{"op": "add", "path": "/b/-", "value": 3}]"#).root)
    #expect(try patch.applied(to: text).description == "{ \"a\" : 1.0,\n  \"b\": [1,2,3] }")
  }
}
