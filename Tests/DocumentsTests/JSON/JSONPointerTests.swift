import Documents
import Testing

struct JSONPointerTests {
  @Test(
    arguments: [
      ("", []), ("/", [""]), ("/foo/0", ["foo", "0"]), ("/a~1b", ["a/b"]), ("/m~0n", ["m~n"]), ("/~01", ["~1"]),
      ("/ ", [" "]), ("/é/e\u{301}", ["é", "e\u{301}"]), ("//", ["", ""]),
    ] as [(String, [String])])
  func readsAndWritesTokens(text: String, tokens: [String]) throws {
    let pointer = try JSONPointer(parsing: text)
    #expect(pointer.tokens == tokens)
    #expect(Array(pointer.description.utf8) == Array(text.utf8))
  }

  @Test(arguments: ["a", "a/b", "/~", "/~2", "/a~"])
  func refusesWhatIsNoPointer(text: String) throws {
    let error = try #require(throws: JSONPointerError.self) { try JSONPointer(parsing: text) }
    #expect(error.description.contains(text))
  }

  @Test func goesUpAndDown() throws {
    let pointer = JSONPointer.root.appending("a").appending("0")
    #expect(pointer.description == "/a/0")
    #expect(pointer.parent?.parent == .root && JSONPointer.root.parent == nil)
    #expect(JSONPointer(["a"]).isPrefix(of: pointer) && !JSONPointer(["0"]).isPrefix(of: pointer))
  }
}
