import Testing

/// What the stock Git client makes of a store.
struct GitTests {
  private let session: CommandSession

  init() throws {
    session = try CommandSession.withStore()
    let text = "{\n  \"title\": \"one\",\n\n  \"tags\": [\"a\",\"b\"],   \"stars\": 1,\n  \"token\": \"hunter2\"\n}\n"
    try session.write(text, to: "../one.json")
    _ = try session.succeed("daybook put notes/one ../one.json")
    _ = try session.succeed("daybook patch notes/one --set stars=2 --author 'Ben <ben@example.org>'")
    _ = try session.succeed("echo '{\"text\": \"hello\"}' | daybook append notes/one comments")
  }

  @Test func theRepositoryIsSoundAndClean() throws {
    #expect(try session.succeed("git fsck --strict --no-dangling 2>&1") == "")
    #expect(try session.succeed("git status --porcelain") == "")
    #expect(try session.succeed("daybook check").hasPrefix("root "))
    #expect(try session.succeed("git rev-parse HEAD^{tree}") == session.succeed("daybook check").dropFirst(5))
  }

  @Test func theLogSaysWhatChangedAndWho() throws {
    #expect(
      try session.succeed("git log -2 --skip=1 --format='%an: %s'")
        == "Ben: notes/one: stars 1 → 2\nAnn: notes/one: created\n")
    #expect(try session.succeed("git log -1 --format=%s") == "notes/one comments: + 1 item\n")
    #expect(try session.succeed("git log -1 --skip=1 --format='%(trailers)'").contains("Daybook-Origin: command"))
  }

  @Test func changingOneMemberIsADiffOfOneLine() throws {
    #expect(try session.succeed("git diff --numstat HEAD~2 HEAD~1").split(separator: "\t").prefix(2) == ["1", "1"])
    #expect(try session.succeed("git show HEAD~1").contains("+  \"tags\": [\"a\",\"b\"],   \"stars\": 2,"))
  }

  @Test func blameNamesTheLastAuthorOfEachLine() throws {
    let lines = try session.succeed("git blame --line-porcelain notes/one/note.json | grep ^author' '")
    #expect(Set(lines.split(separator: "\n")) == ["author Ann", "author Ben"])
  }

  @Test func theTextIsKeptToTheByteButForSecrets() throws {
    let stored = try session.succeed("git show HEAD~2:notes/one/note.json")
    #expect(stored.replacing(/sealed:1:[^"]*/, with: "hunter2") == (try session.read("../one.json")))
    #expect(try session.succeed("git log -p --all | grep -c hunter2 || true") == "0\n")
    #expect(try session.succeed("grep -rl hunter2 . || true") == "")
  }

  @Test func aPlainCommitBetweenWritesIsKept() throws {
    try session.write("hello\n", to: "README.md")
    _ = try session.succeed(
      "git add README.md && git -c user.name=Cay -c user.email=cay@example.org commit -qm 'a readme'")
    _ = try session.succeed("daybook patch notes/one --set stars=5")
    #expect(try session.succeed("git log --format=%s -2").contains("a readme"))
    #expect(try session.succeed("git status --porcelain && cat README.md") == "hello\n")
    #expect(try session.succeed("daybook check 2>&1").contains("no faults"))
  }
}
