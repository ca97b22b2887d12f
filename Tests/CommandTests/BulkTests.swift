import Testing

/// Many documents in and out again.
struct BulkTests {
  private let session: CommandSession

  init() throws {
    session = try CommandSession.withStore()
  }

  private func writeFolder(_ count: Int) throws {
    for number in 0..<count {
      let text = "{ \"title\" : \"note \(number)\",\"stars\":\(number % 6).0e0 }" + (number % 2 == 0 ? "\n" : "")
      try session.write(text, to: "../in/\(number % 7)/n\(number).json")
    }
  }

  @Test func aFolderComesOutAsItWentIn() throws {
    try writeFolder(300)
    let imported = try session.run("daybook import ../in --into notes --batch 64")
    #expect(imported.status == 0, "\(imported.errors)")
    #expect(imported.errors.contains("300 documents imported, 0 failed"))
    _ = try session.succeed("daybook export --to ../out")
    for number in [0, 1, 150, 299] {
      let name = "\(number % 7)"
      #expect(try session.read("../out/notes/\(name).n\(number).json") == session.read("../in/\(name)/n\(number).json"))
    }
    #expect(try session.succeed("find ../out -type f | wc -l").contains("300"))
    #expect(try session.succeed("git fsck --strict --no-dangling 2>&1; git status --porcelain") == "")
  }

  @Test func revealedSecretsAreTheOwnersAloneAlsoWhereAFileWasBefore() throws {
    _ = try session.succeed("echo '{\"title\": \"one\", \"token\": \"hunter2\"}' | daybook put notes/one")
    _ = try session.succeed("daybook export --to ../out && daybook export --to ../out --reveal")
    #expect(try session.read("../out/notes/one.json").contains("hunter2"))
    #expect(try session.succeed("stat -c %a ../out/notes/one.json") == "600\n")
  }

  @Test func aLineWithoutEndIsNotReadOn() throws {
    let outcome = try session.run("head -c 40000000 /dev/zero | daybook import - --into notes --id-from /name")
    #expect(outcome.status == 6)
    #expect(outcome.errors.contains("standard input:1: the line is longer than 16 MiB"), "\(outcome.errors)")
  }

  @Test func whatIsInvalidIsListedAndTheRestGoesIn() throws {
    try writeFolder(40)
    try session.write("{\"title\": \"bad\", \"stars\": 99}", to: "../in/3/broken.json")
    try session.write("{\"title\": ", to: "../in/4/cut.json")
    let outcome = try session.run("daybook import ../in --into notes --skip-invalid")
    #expect(outcome.status == 6)
    #expect(outcome.errors.contains("../in/3/broken.json: "))
    #expect(outcome.errors.contains("../in/4/cut.json:1:"))
    #expect(outcome.errors.contains("40 documents imported, 2 failed"))
    #expect(try session.succeed("daybook list notes --limit 100 | wc -l").contains("40"))
  }

  @Test func withoutSkippingNothingOfTheTransactionGoesIn() throws {
    try writeFolder(40)
    try session.write("{\"title\": \"bad\", \"stars\": 99}", to: "../in/3/broken.json")
    let outcome = try session.run("daybook import ../in --into notes")
    #expect(outcome.status == 6)
    #expect(outcome.errors.contains("../in/3/broken.json: "))
    #expect(outcome.errors.contains("0 documents imported, 1 failed"))
    #expect(try session.succeed("daybook list notes") == "")
  }

  @Test func pagesFollowEachOtherWithoutGapOrDuplicate() throws {
    try writeFolder(95)
    _ = try session.succeed("daybook import ../in --into notes")
    let ids = try session.succeed(
      """
      cursor=; while :; do
        page=$(daybook list notes --limit 10 --sort -stars --json ${cursor:+--after $cursor})
        echo "$page" | grep -o '"document":"[^"]*'
        cursor=$(echo "$page" | grep -o '"next":"[^"]*' | cut -d'"' -f4); [ -n "$cursor" ] || break
      done
      """)
    let lines = ids.split(separator: "\n")
    #expect(lines.count == 95)
    #expect(Set(lines).count == 95)
  }

  @Test func aReaderThatGoesAwayIsNoFailure() throws {
    try writeFolder(300)
    _ = try session.succeed("daybook import ../in --into notes")
    let outcome = try session.run("daybook export notes --jsonl | head -1 | cut -c1-12; daybook list notes | true")
    #expect(outcome.output == "{\"document\":\n")
    #expect(!outcome.errors.contains("error"))
    #expect(!outcome.errors.contains("crashed"))
  }

  @Test func nothingIsColouredOffATerminal() throws {
    _ = try session.succeed("echo '{\"title\": \"one\"}' | daybook put notes/one")
    let outcome = try session.run("daybook show; daybook get notes/none")
    #expect(!outcome.output.contains("\u{1B}"))
    #expect(!outcome.errors.contains("\u{1B}"))
  }

  @Test func aTerminalGetsColoursUnlessTheyAreUnwanted() throws {
    _ = try session.succeed("echo '{\"title\": \"one\"}' | daybook put notes/one")
    let coloured = try session.succeed("TERM=xterm script -qec 'daybook show' /dev/null < /dev/null")
    #expect(coloured.contains("\u{1B}[33m"))
    let plain = try session.succeed("NO_COLOR=1 TERM=xterm script -qec 'daybook show' /dev/null < /dev/null")
    #expect(!plain.contains("\u{1B}[33m"))
  }

  /// A page of the library ends where it has 16 MiB; whoever asks for a list has asked for that many documents.
  @Test func aListIsAsLongAsItWasAskedForHoweverLargeTheDocumentsAre() throws {
    for number in 1...3 {
      _ = try session.succeed(
        "(printf '{\"title\": \"'; head -c 9000000 /dev/zero | tr '\\0' x; printf '\"}') | daybook put notes/n\(number)"
      )
    }
    #expect(try session.succeed("daybook list notes --limit 10 | wc -l") == "3\n")
    #expect(try session.succeed("daybook list notes --limit 2 | wc -l") == "2\n")
  }
}
