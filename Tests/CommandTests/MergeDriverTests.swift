import Foundation
import TestSupport
import Testing

/// What the stock Git client makes of two branches of a store, by the driver that opening it sets up.
@Suite(.timeLimit(.minutes(20))) struct MergeDriverTests {
  private let session: CommandSession

  init() throws {
    session = try CommandSession.withStore()
    try session.write(
      "[user]\n\tname = Person\n\temail = person@example.org\n[merge]\n\tconflictStyle = merge\n",
      to: "../home/.gitconfig")
    try write(title: "one", stars: 1)
    _ = try session.succeed("git add -A && git commit -qm base && daybook status && git branch theirs")
  }

  /// Writes the note as a person would.
  private func write(title: String, stars: Int, extra: String = "") throws {
    let text = "{\n  \"title\": \"\(title)\",\n  \"stars\": \(stars)\(extra)\n}\n"
    try session.write(text, to: "notes/one/note.json")
  }

  private func comment(_ texts: [String], second: Int = 1) throws {
    let items = texts.map { "  {\"id\": \"\($0)\", \"text\": \"\($0)\"}" }
    try session.write("[\n\(items.joined(separator: ",\n"))\n]\n", to: "notes/one/comments/000001.json")
  }

  /// Commits what `edit` makes on a branch.
  private func commit(on branch: String, _ edit: () throws -> Void) throws {
    _ = try session.succeed("git checkout -q \(branch)")
    try edit()
    _ = try session.succeed("git add -A && git commit -qm 'on \(branch)'")
  }

  /// Both change the note, in lines that follow each other: line by line that would not go together.
  private func diverge(ours: String = "two", theirs: Int = 5, ourStars: Int = 1) throws {
    try commit(on: "theirs") { try write(title: "one", stars: theirs, extra: Self.tags) }
    try commit(on: "main") { try write(title: ours, stars: ourStars) }
  }

  private var note: String { get throws { try session.read("notes/one/note.json") } }

  private static let tags = ",\n  \"tags\": [\n    \"t\"\n  ]"
  private static let joined = "{\n  \"title\": \"two\",\n  \"stars\": 5\(tags)\n}\n"

  @Test(arguments: [
    "git merge -q --no-edit theirs", "git pull -q --no-rebase --no-edit . theirs", "git rebase -q theirs",
    "git cherry-pick theirs", "git merge -q --no-edit -s recursive theirs",
  ])
  func documentsAreJoinedMemberByMember(command: String) throws {
    try diverge()
    _ = try session.succeed(command)
    #expect(try note == Self.joined)
    #expect(try session.succeed("git status --porcelain") == "")
    #expect(try session.succeed("daybook get notes/one").contains("\"stars\": 5"))
    #expect(try session.succeed("daybook check 2>&1").contains("no faults"))
  }

  @Test func aSeriesIsAUnion() throws {
    try commit(on: "main") { try comment(["a"]) }
    _ = try session.succeed("git branch -f theirs")
    try commit(on: "theirs") { try comment(["a", "c"]) }
    try commit(on: "main") { try comment(["a", "b"]) }
    _ = try session.succeed("git merge -q --no-edit theirs")
    let ids = try session.read("notes/one/comments/000001.json").matches(of: /"id": "([a-z])"/)
    #expect(ids.map(\.1) == ["a", "b", "c"])
    #expect(try session.succeed("daybook check 2>&1").contains("no faults"))
  }

  @Test func whatCollidesStandsBetweenMarkersAndNothingElseDoes() throws {
    try diverge(ourStars: 2)
    let merge = try session.run("git merge --no-edit theirs")
    #expect(merge.status == 1 && merge.output.contains("CONFLICT (content): Merge conflict in notes/one/note.json"))
    #expect(
      try note == """
        {
          "title": "two",
        <<<<<<< ours
          "stars": 2,
        =======
          "stars": 5,
        >>>>>>> theirs
          "tags": [
            "t"
          ]
        }

        """)
    #expect(try session.succeed("git ls-files -u | wc -l") == "3\n")
    // While the merge waits nothing is taken in; a commit of the markers is quarantined, and a mended file is taken.
    #expect(try session.succeed("daybook get notes/one").contains("\"stars\": 2"))
    _ = try session.succeed("git commit -qam 'with markers'")
    let status = try session.run("daybook status")
    #expect((status.output + status.errors).contains("notes/one/note.json"), "\(status)")
    #expect(try session.succeed("daybook get notes/one").contains("\"stars\": 2"))
    try write(title: "two", stars: 4)
    #expect(try session.succeed("daybook get notes/one").contains("\"stars\": 4"))
    #expect(try session.succeed("daybook check 2>&1").contains("no faults"))
  }

  @Test func whatOneSideDeletedAndTheOtherChangedIsAskedFor() throws {
    try commit(on: "theirs") { try session.write("{\n  \"title\": \"one\"\n}\n", to: "notes/one/note.json") }
    try commit(on: "main") { try write(title: "one", stars: 3) }
    #expect(try session.run("git merge --no-edit theirs").status == 1)
    #expect(
      try note.contains("<<<<<<< ours\n  \"title\": \"one\",\n  \"stars\": 3\n=======\n  \"title\": \"one\"\n>>>>>>>"))
  }

  @Test func whatBreaksTheSchemaWhenJoinedIsAskedFor() throws {
    let schema = try session.read("schemas/note.schema.json")
    let strict = schema.replacing(
      "\"type\": \"object\",\n  \"required\"", with: "\"type\": \"object\",\n  \"maxProperties\": 3,\n  \"required\"")
    #expect(strict != schema)
    try session.write(strict, to: "schemas/note.schema.json")
    _ = try session.succeed("daybook status && git branch -f theirs")
    try commit(on: "theirs") { try write(title: "one", stars: 1, extra: Self.tags) }
    try commit(on: "main") { try write(title: "one", stars: 1, extra: ",\n  \"token\": null") }
    #expect(try session.run("git merge --no-edit theirs").status == 1)
    #expect(try note.contains("  \"token\": null\n=======\n  \"tags\": [\n    \"t\"\n  ]\n>>>>>>> theirs"))
  }

  @Test func rulesOfTheKindCount() throws {
    let schema = try session.read("schemas/note.schema.json")
    let summed = schema.replacing("\"maximum\": 5", with: "\"maximum\": 5, \"x-merge\": \"sum\"")
    try session.write(summed, to: "schemas/note.schema.json")
    _ = try session.succeed("daybook status && git branch -f theirs")
    try commit(on: "theirs") { try write(title: "one", stars: 2) }
    try commit(on: "main") { try write(title: "one", stars: 3) }
    // A schema that cannot be read lets the rules go, and no more.
    try session.write("{", to: "schemas/event.schema.json")
    _ = try session.succeed("git merge -q --no-edit theirs")
    #expect(try note.contains("\"stars\": 4"))
    _ = try session.succeed("git reset -q --hard HEAD^1")
    try session.write("{", to: "schemas/note.schema.json")
    #expect(try session.run("git merge --no-edit theirs").status == 1)
    #expect(try note.contains("<<<<<<< ours\n  \"stars\": 3\n=======\n  \"stars\": 2\n>>>>>>> theirs"))
  }

  @Test func whatIsNoJSONIsJoinedLineByLine() throws {
    try commit(on: "theirs") { try write(title: "one", stars: 5) }
    try commit(on: "main") { try session.write("{\n  \"title\": \"one\",\n  broken\n}\n", to: "notes/one/note.json") }
    #expect(try session.run("git merge --no-edit theirs").status == 1)
    #expect(try note.contains("<<<<<<< ours\n  broken\n=======\n  \"stars\": 5\n>>>>>>> theirs"))
  }

  @Test func filesThatAreNoDocumentsAreMergedAsEver() throws {
    let schema = try session.read("schemas/note.schema.json")
    let (one, other) = (schema.replacing("\"Note\"", with: "\"A\""), schema.replacing("\"Note\"", with: "\"B\""))
    try commit(on: "theirs") { try session.write(other, to: "schemas/note.schema.json") }
    try commit(on: "main") { try session.write(one, to: "schemas/note.schema.json") }
    #expect(try session.run("git merge --no-edit theirs").status == 1)
    #expect(try session.read("schemas/note.schema.json").contains("<<<<<<< HEAD\n  \"title\": \"A\""))
  }

  /// As where nobody has opened the store yet.
  @Test func withoutTheDriverGitMergesLineByLine() throws {
    try diverge()
    _ = try session.succeed("daybook status && git config --remove-section merge.daybook")
    #expect(try session.run("git merge --no-edit theirs").status == 1)
    #expect(try note.contains("<<<<<<< HEAD"))
    _ = try session.succeed("git commit -qam 'with markers'")
    let status = try session.run("daybook status")
    #expect((status.output + status.errors).contains("notes/one/note.json"), "\(status)")
    #expect(try session.succeed("daybook get notes/one").contains("\"title\": \"two\""))
    #expect(try session.succeed("git config merge.daybook.driver") == "daybook merge-driver %O %A %B %P\n")
  }

  // MARK: Setting it up

  @Test func whoeverMakesOrOpensAStoreSetsItUp() throws {
    let host = try GitHost(.folder)
    let driver = "daybook merge-driver %O %A %B %P\n"
    _ = try session.succeed("daybook backup ../b && daybook restore ../b ../restored")
    _ = try session.succeed("daybook remote add origin \(host.address) && daybook sync")
    _ = try session.succeed("daybook clone \(host.address) ../cloned && git clone -q \(host.address) ../plain")
    for folder in [".", "../restored", "../cloned"] {
      #expect(try session.succeed("git -C \(folder) config merge.daybook.driver") == driver)
    }
    _ = try session.succeed("daybook -C ../plain status")
    #expect(try session.succeed("git -C ../plain config merge.daybook.driver") == driver)
    #expect(try session.succeed("git check-attr merge notes/a.json | sed 's/.*: //'") == "daybook\n")
  }

  @Test func aProgramThatIsOnNoPathIsCalledByItsOwn() throws {
    let program = CommandSession.program
    let outcome = try session.run("\(program) status", environment: ["PATH": "/usr/bin:/bin"])
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try session.succeed("git config merge.daybook.driver") == "'\(program)' merge-driver %O %A %B %P\n")
    try diverge()
    let merge = try session.run("git merge -q --no-edit theirs", environment: ["PATH": "/usr/bin:/bin"])
    #expect(merge.status == 0, "\(merge)")
    #expect(try note == Self.joined)
    _ = try session.succeed("git config merge.daybook.driver mine && daybook status")
    #expect(try session.succeed("git config merge.daybook.driver") == "mine\n")
  }

  @Test func aConfigurationThatIsLockedKeepsNobodyFromWorking() throws {
    _ = try session.succeed("git config --remove-section merge.daybook && touch .git/config.lock")
    let outcome = try session.run("daybook status")
    #expect(outcome.status == 0 && outcome.errors.contains("Git could not be told how to merge"), "\(outcome)")
    _ = try session.succeed("rm .git/config.lock && daybook status && git config merge.daybook.driver")
  }

  @Test func itIsNotForPeople() throws {
    #expect(try !session.succeed("daybook --help").contains("merge-driver"))
    #expect(try session.run("daybook merge-driver a b c d").status == 1)
  }
}
