import Documents
import Foundation
import TestSupport
import Testing

@testable import Daybook

/// Documents of an older version of their kind that arrive after the migration.
@Suite(.timeLimit(.minutes(20))) struct LiftingTests {
  private let temporary: TemporaryStore
  private let before: String

  init() throws {
    temporary = try PinMigration.makeStore(documents: 30)
    before = try temporary.git("rev-parse", "HEAD").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func migrated() async throws -> Store {
    let store = try temporary.openWatching()
    try await store.migrate()
    try await store.settle()
    return store
  }

  private func pin(_ store: Store, _ id: String) throws -> JSONNode? {
    try store.snapshot().document("pins/\(id)")?.root
  }

  private func file(_ store: Store, _ id: String) throws -> String {
    try store.kinds.path(of: store.kinds.address("pins/\(id)"))
  }

  @Test func aFileThatAnEditorHadOpenDuringTheMigrationIsLifted() async throws {
    let store = try await migrated()
    try temporary.write("{\"stars\": 9, \"title\": \"edited\"}\n", to: try file(store, "p3"))
    try await eventually { try pin(store, "p3")?["rating"]?.integer == 9 }
    #expect(try pin(store, "p3")?["lang"]?.string == "en")
    let change = try #require(try store.snapshot().history(of: "pins/p3", limit: 1).first?.commit)
    #expect(change.subject.contains("rating 3 → 9"), "the difference is that of the edit: \(change.subject)")
    try await store.settle()
    #expect(try temporary.read(try file(store, "p3")).contains("\"rating\": 9"), "it is saved lifted")
    try await temporary.closeSoundly(store)
  }

  @Test func aRevisionFromBeforeThatIsCheckedOutIsLiftedToTheByte() async throws {
    let store = try await migrated()
    let migrated = try #require(try store.snapshot().document("pins/p10"))
    try await store.transaction { try $0.patch("pins/p10", merging: ["rating": 77]) }
    try await store.settle()
    try temporary.gitUntilItWorks("checkout", before, "--", try file(store, "p10"))
    try await eventually { try pin(store, "p10")?["rating"]?.integer == 0 }
    let document = try #require(try store.snapshot().document("pins/p10"))
    #expect(try store.snapshot().revealed(document).string == store.snapshot().revealed(migrated).string)
    try temporary.gitUntilItWorks("checkout", before, "--", try file(store, "p4"))
    try await eventually { try temporary.read(file(store, "p4")).contains("rating") }
    try await temporary.closeSoundly(store)
  }

  @Test(arguments: [true, false]) func aBranchFromBeforeThatIsMergedIsLifted(isOpen: Bool) async throws {
    var store = try await migrated()
    if !isOpen { try await store.close() }
    try commitOnOldBase()
    try temporary.gitUntilItWorks("merge", "-q", "-m", "merge", "side")
    if !isOpen { store = try temporary.openWatching() }
    try await eventually { try pin(store, "side")?["rating"]?.integer == 5 }
    #expect(try pin(store, "side")?["stars"] == nil)
    #expect(try pin(store, "side")?["lang"]?.string == "en")
    #expect(try pin(store, "p7")?["rating"]?.integer == 2)
    try await temporary.closeSoundly(store)
  }

  /// A schema that allows anything finds nothing wrong with the old form: the commit tells.
  @Test func whatFitsBothVersionsIsLiftedBecauseItsCommitIsOlder() async throws {
    try temporary.write(
      PinMigration.newKind.replacing(#""additionalProperties": false,"#, with: ""), to: "schemas/pin.schema.json")
    let store = try await migrated()
    try commitOnOldBase()
    try temporary.gitUntilItWorks("merge", "-q", "-m", "merge", "side")
    try await eventually { try pin(store, "side") != nil }
    #expect(try pin(store, "side")?["rating"]?.integer == 5)
    #expect(try pin(store, "side")?["stars"] == nil)
    try await temporary.closeSoundly(store)
  }

  @Test func anOldCommitThatIsPickedIsLifted() async throws {
    let store = try await migrated()
    try commitOnOldBase()
    try temporary.gitUntilItWorks("cherry-pick", "side")
    try await eventually { try pin(store, "side")?["rating"]?.integer == 5 }
    try await temporary.closeSoundly(store)
  }

  /// The process died with a write in its log, and a migration of another machine's was pulled before it was opened again.
  @Test func whatWasWrittenBeforeAMigrationWasPulledIsLifted() async throws {
    let elsewhere = try temporary.copy()
    try temporary.write(PinMigration.oldKind, to: "schemas/pin.schema.json")
    let gate = Gate(at: .packed)
    let store = try temporary.open { gate.pass($0) }
    try await store.settle()
    var copy: TemporaryStore?
    try await gate.held {
      try await store.transaction { transaction in
        try transaction.put("pins/late", ["title": "late", "stars": 4])
        try transaction.patch("pins/p5", merging: ["title": "mine"])
      }
      copy = try temporary.copy()
    }
    let crashed = try #require(copy)
    try await store.close()
    // A power failure may keep a file and lose what was written before it.
    try crashed.write(try temporary.read(file(store, "late")), to: try file(store, "late"))
    let other = try elsewhere.open()
    try await other.migrate()
    try await other.transaction { try $0.patch("pins/p5", merging: ["rating": 8]) }
    try await other.close()

    try crashed.git("fetch", "-q", elsewhere.path, "main")
    try crashed.git("reset", "-q", "--hard", "FETCH_HEAD")
    let reopened = try crashed.open()
    #expect(try pin(reopened, "late")?["rating"]?.integer == 4)
    #expect(try pin(reopened, "late")?["lang"]?.string == "en")
    #expect(try pin(reopened, "p5")?["rating"]?.integer == 8)
    #expect(try pin(reopened, "p5")?["title"]?.string == "mine")
    try await reopened.settle()
    try await expectSound(reopened)
    try await reopened.close()
  }

  @Test func whatIsTakenBackFromBeforeTheMigrationIsLifted() async throws {
    let store = try await migrated()
    try await store.transaction {
      try $0.patch("pins/p10", merging: ["rating": 50, "title": "new", "auth": ["key": "k"]])
    }
    let point = try Point(parsing: before)
    let member = try store.snapshot().planRevert(of: "pins/p10", member: JSONPointer(["rating"]), to: point)
    try await store.transaction { try $0.apply(member) }
    #expect(try pin(store, "p10")?["rating"]?.integer == 0)
    #expect(try pin(store, "p10")?["title"]?.string == "new")
    let whole = try store.snapshot().planRevert(of: "pins/p10", to: point)
    try await store.transaction { try $0.apply(whole) }
    let document = try #require(try store.snapshot().document("pins/p10"))
    #expect(document.root["title"]?.string == "n10" && document.root["stars"] == nil)
    #expect(try store.snapshot().revealed(document).root["auth"]?["key"]?.string == "secret 10")
    try await temporary.closeSoundly(store)
  }

  /// As plain Git does it beside a store: a commit on a branch that begins before the migration.
  private func commitOnOldBase() throws {
    let work = temporary.folder + "/work"
    let kind = try Kind(parsing: Array(PinMigration.oldKind.utf8), fileName: "pin.schema.json")
    try temporary.git("worktree", "add", "-q", "-b", "side", work, before)
    let place = try StoreLayout.path(of: DocumentAddress(collection: kind.collection, id: DocumentID("side")), kind)
    let url = URL(fileURLWithPath: "\(work)/\(place)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data("{\"stars\": 5, \"title\": \"side\"}\n".utf8).write(to: url)
    for arguments in [["add", "-A"], ["commit", "-q", "-m", "side"]] {
      _ = try Command.run(
        "/usr/bin/git",
        ["-C", work, "-c", "user.name=Person", "-c", "user.email=person@example.org"] + arguments,
        environment: temporary.environment)
    }
    try temporary.git("worktree", "remove", "--force", work)
  }
}
