import Testing

/// What bad input gets: a message that says where and what to do, an exit status from the table, and nothing changed.
struct BadInputTests {
  private let session: CommandSession
  private let before: String

  init() throws {
    session = try CommandSession.withStore()
    _ = try session.succeed("echo '{\"title\": \"one\"}' | daybook put notes/one")
    before = try Self.state(session)
  }

  private static func state(_ session: CommandSession) throws -> String {
    try session.succeed("git rev-parse HEAD && git status --short && cat notes/one/note.json && ls -R notes")
  }

  private func expectRefusal(
    _ line: String, status: Int32, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try session.run(line)
    #expect(outcome.status == status, "\(line)\n\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, "\(line)\n\(outcome.output)", sourceLocation: sourceLocation)
    for word in words {
      #expect(outcome.errors.contains(word), "\(line)\n\(outcome.errors)", sourceLocation: sourceLocation)
    }
    #expect(try Self.state(session) == before, "\(line) changed something", sourceLocation: sourceLocation)
  }

  @Test func malformedJSONIsAnsweredWithLineAndColumn() throws {
    try expectRefusal(
      "printf '{\\n  \"title\": \"x\",\\n  \"stars\": 01\\n}' | daybook put notes/one", status: 6, "standard input:3:1")
    try session.write("{\"title\": \"a\", \"title\": \"b\"}", to: "../twice.json")
    try expectRefusal("daybook put notes/one ../twice.json", status: 6, "../twice.json:1:16")
    try expectRefusal("printf '{\"title\": \"\\377\"}' | daybook put notes/one", status: 6, "standard input:1:1")
    try expectRefusal("printf '' | daybook put notes/one", status: 6, "standard input:1:1")
  }

  @Test func aNumberOutOfBoundsIsRefused() throws {
    try expectRefusal("daybook log --limit 9223372036854775807", status: 2, "--limit must be 1 to 1000000")
    try expectRefusal("daybook log --limit 0", status: 2, "--limit must be 1 to 1000000")
  }

  @Test func aBreachOfTheSchemaIsAnsweredWithPointerAndRule() throws {
    try expectRefusal(
      "echo '{\"title\": \"x\", \"stars\": 9}' | daybook put notes/one", status: 6, "/stars", "at most 5", "maximum")
    try expectRefusal("echo '{\"titel\": \"x\"}' | daybook put notes/one", status: 6, "titel", "title")
  }

  @Test func anUnknownCollectionIsAnsweredWithTheNearestOne() throws {
    try expectRefusal(
      "echo '{}' | daybook put note/one", status: 3, "no collection 'note'", "Did you mean 'notes'?", "events")
    try expectRefusal("echo '{}' | daybook put evnts", status: 3, "Did you mean 'events'?")
  }

  @Test(arguments: ["..", ".", "a\\b", "", String(repeating: "x", count: 300), "a\nb", "tab\t", "\u{7F}"])
  func anIdThatCannotBeAFileNameIsRefused(id: String) throws {
    let outcome = try session.run("echo '{\"title\": \"x\"}' | daybook put \"notes/$ID\"", environment: ["ID": id])
    #expect(outcome.status == 4 || outcome.status == 3, "\(id): \(outcome.errors)")
    #expect(outcome.errors.hasPrefix("error: "))
    #expect(try Self.state(session) == before)
  }

  @Test(arguments: ["../../etc/passwd", "notes/../one", "notes/a/b", ".git/config", "/notes/one", "notes//one"])
  func anAddressThatLeadsElsewhereIsRefused(address: String) throws {
    let outcome = try session.run(
      "echo '{\"title\": \"x\"}' | daybook put \"$ADDRESS\"", environment: ["ADDRESS": address])
    #expect(outcome.status == 4 || outcome.status == 3, "\(address): \(outcome.errors)")
    #expect(try Self.state(session) == before)
  }

  @Test(arguments: [".git", "CON", "nul", "A", "é", "a b", "ends.", "x.json"])
  func anIdThatIsAwkwardSomewhereGetsASafeFileName(id: String) throws {
    let environment = ["ID": id]
    let put = try session.run("echo '{\"title\": \"x\"}' | daybook put \"notes/$ID\"", environment: environment)
    guard put.status == 0 else {
      #expect(put.status == 4, "\(id): \(put.errors)")
      return
    }
    #expect(try session.run("daybook get \"notes/$ID\"", environment: environment).status == 0)
    let files = try session.succeed("git ls-files notes")
    #expect(!files.contains("/\(id)/"), "\(files)")
    #expect(files.utf8.allSatisfy { $0 < 0x80 })
    #expect(try session.succeed("git fsck --strict --no-dangling") == "")
  }

  @Test func aStaleRevisionIsAnsweredWithBoth() throws {
    let stale = "1111111111111111111111111111111111111111"
    let current = try session.succeed("git rev-parse HEAD:notes/one/note.json").prefix(10)
    try expectRefusal(
      "echo '{\"title\": \"x\"}' | daybook put notes/one --if-match \(stale)", status: 5, "1111111111", String(current))
    try expectRefusal("echo '{\"title\": \"x\"}' | daybook put notes/one --if-none", status: 5, "exists already")
  }

  @Test func aDocumentThatIsTooLargeIsRefused() throws {
    try expectRefusal(
      "(printf '{\"title\": \"'; head -c 17000000 /dev/zero | tr '\\0' x; printf '\"}') | daybook put notes/one",
      status: 6, "16 MiB")
    try expectRefusal(
      "(printf '{\"tags\": '; printf '[%.0s' $(seq 100); printf ']%.0s' $(seq 100); echo '}') | daybook put notes/one",
      status: 6, "64")
  }

  @Test func errorsAreOneObjectWithJSON() throws {
    let outcome = try session.run("daybook get notes/none --json")
    #expect(outcome.status == 3)
    #expect(outcome.errors.hasPrefix("{\"error\":{\"code\":\"not-found\",\"message\":\"There is no document"))
    #expect(outcome.errors.hasSuffix("\"document\":\"notes/none\"}}\n"))
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }
}
