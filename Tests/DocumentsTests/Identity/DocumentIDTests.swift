import Documents
import TestSupport
import Testing

struct DocumentIDTests {
  @Test(arguments: [
    ("gpt-4o", "gpt-4o"), ("a.b_c-1", "a.b_c-1"), ("GPT", "%47%50%54"), ("a b", "a%20b"), (".git", "%2egit"),
    ("...", "%2e.%2e"), ("a.", "a%2e"), ("con", "%63on"), ("con.txt", "%63on.txt"), ("com1", "%63om1"), ("com", "com"),
    ("com10", "com10"), ("console", "console"), ("lpt9.x.y", "%6cpt9.x.y"), ("git~1", "git%7e1"),
    ("a.json", "a%2ejson"),
    (".json", "%2ejson"), ("a.json.json", "a.json%2ejson"), ("é", "%c3%a9"), ("e\u{301}", "e%cc%81"), ("50%", "50%25"),
    ("owner@example.org", "owner%40example.org"), (" ", "%20"), ("a:b", "a%3ab"), ("-rf", "-rf"), ("😀", "%f0%9f%98%80"),
  ])
  func hasASafeFileName(id: String, fileName: String) throws {
    #expect(try DocumentID(id).fileName == fileName)
    #expect(try DocumentID(fileName: fileName).text.utf8.elementsEqual(id.utf8))
  }

  @Test(
    arguments: [
      ("", .empty), (".", .dots), ("..", .dots), ("a/b", .separator), ("a\\b", .separator),
      ("a\u{0}", .controlCharacter),
      ("\u{7F}", .controlCharacter), ("\u{85}", .controlCharacter), ("a\n", .controlCharacter),
      (String(repeating: "a", count: 513), .tooLong), (String(repeating: "a", count: 201), .fileNameTooLong),
      (String(repeating: "é", count: 34), .fileNameTooLong),
    ] as [(String, DocumentIDError.Reason)])
  func refusesWhatCannotBeAnID(text: String, reason: DocumentIDError.Reason) throws {
    let error = try #require(throws: DocumentIDError.self) { try DocumentID(text) }
    #expect(error.reason == reason && !error.description.isEmpty)
  }

  @Test(arguments: [
    "A", "%41%", "%4", "%zz", "%2E", "%61", "con", "a.json", ".git", "a.", "%2f", "%00", "%ff", "é", "%2e", "a b", "",
  ])
  func refusesFileNamesThatNoIDHas(fileName: String) {
    #expect(throws: DocumentIDError.self) { try DocumentID(fileName: fileName) }
  }

  /// No two ids may share a file, on any file system, and every name leads back to its id.
  @Test func neverGivesTwoIDsOneFile() throws {
    var random = RepeatableRandom(seed: 42)
    let parts = [
      "a", "A", ".", "con", "COM1", "é", "e\u{301}", "É", "%", "%41", "json", ".json", " ", "~1", "ß", "ss", "K", "K",
      "-", "_", "git",
    ]
    var owners: [String: [UInt8]] = [:]
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 1...4, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }
        .joined()
      guard let id = try? DocumentID(text) else { continue }
      #expect(id.fileName.utf8.allSatisfy { $0 < 0x80 } && id.fileName == id.fileName.lowercased())
      #expect(try DocumentID(fileName: id.fileName) == id)
      let owner = owners.updateValue(Array(text.utf8), forKey: id.fileName)
      #expect(owner == nil || owner == Array(text.utf8), "\(text)")
    }
    #expect(owners.count > 5_000)
  }

  @Test func tellsIDsApartByTheirBytes() throws {
    #expect(try DocumentID("é") != DocumentID("e\u{301}"))
    #expect(try DocumentID("a") < DocumentID("b"))
  }
}

struct CollectionNameTests {
  @Test(arguments: ["tasks", "profiles/llm", "a/b/c/d", "0x_y-z"])
  func takesLowerCaseSegments(name: String) throws {
    #expect(try CollectionName(name).text == name)
    #expect(try CollectionName(name).segments.joined(separator: "/") == name)
  }

  @Test(
    arguments: [
      ("", .emptySegment), ("a//b", .emptySegment), ("/a", .emptySegment), ("a/", .emptySegment), ("A", .badCharacter),
      ("a.b", .badCharacter), ("_a", .badCharacter), ("-a", .badCharacter), ("é", .badCharacter), ("..", .badCharacter),
      ("a/b/c/d/e", .tooManySegments), ("a/nul", .deviceName), (String(repeating: "a", count: 65), .segmentTooLong),
    ] as [(String, CollectionNameError.Reason)])
  func refusesOtherNames(name: String, reason: CollectionNameError.Reason) throws {
    let error = try #require(throws: CollectionNameError.self) { try CollectionName(name) }
    #expect(error.reason == reason)
  }

  @Test func joinsAnIDToAnAddress() throws {
    let address = try DocumentAddress(parsing: "profiles/llm/gpt-4o")
    #expect(address.collection.text == "profiles/llm" && address.id.text == "gpt-4o")
    #expect(address.description == "profiles/llm/gpt-4o")
    #expect(throws: DocumentAddressError.noCollection("x")) { try DocumentAddress(parsing: "x") }
    #expect(throws: DocumentAddressError.self) { try DocumentAddress(parsing: "tasks/") }
    #expect(throws: DocumentAddressError.self) { try DocumentAddress(parsing: "Tasks/a") }
  }
}
