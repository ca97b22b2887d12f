import Documents
import Foundation
import Storage
import TestSupport
import Testing

@testable import Daybook

/// Migrations of a store, up and down.
@Suite struct MigrationTests {
  private func reopened(_ temporary: TemporaryStore, withSchema schema: String) throws -> Store {
    try temporary.write(schema, to: "schemas/pin.schema.json")
    return try temporary.open()
  }

  @Test func upAndDownEndsWithTheSameTree() async throws {
    let temporary = try PinMigration.makeStore(documents: 1_200)
    let store = try temporary.open()
    let plan = try await store.migrate(isDryRun: true)
    #expect(plan.changed == 1_200)
    #expect(plan.commit == nil)
    let report = try await store.migrate()
    #expect(report.migrations == ["0001-rating"])
    #expect(report.changed == 1_200)
    #expect(report.loss.isEmpty)
    let document = try #require(try store.snapshot().document("pins/p10"))
    #expect(document.root["rating"]?.integer == 0)
    #expect(try store.snapshot().revealed(document).root["auth"]?["key"]?.string == "secret 10")
    #expect(try await store.migrate().migrations.isEmpty)
    let commit = try #require(try store.snapshot().commits(limit: 1).first)
    #expect(commit.origin == .migration)
    #expect(commit.subject == "migrated up: 0001-rating")
    try await store.close()
    let tag = try #require(report.tag)
    #expect(try temporary.git("rev-parse", tag).hasPrefix("\(commit.commit)"))
    let backup = try #require(report.backup)
    #expect(try temporary.git("rev-parse", backup) == temporary.git("rev-parse", "HEAD~1"))

    let again = try reopened(temporary, withSchema: PinMigration.oldKind)
    let back = try await again.migrateDown()
    #expect(back.changed == 1_200)
    #expect(try await again.check().findings == [])
    try await again.close()
    let last = try reopened(temporary, withSchema: PinMigration.newKind)
    try await last.close()
    #expect(try temporary.git("rev-parse", "HEAD^{tree}") == temporary.git("rev-parse", "\(backup)^{tree}"))
    try temporary.checkGit()
  }

  @Test func whatWasWrittenSinceIsTakenBackByTheInverseSteps() async throws {
    let temporary = try PinMigration.makeStore(documents: 20)
    let store = try temporary.open()
    try await store.migrate()
    try await store.transaction { transaction in
      try transaction.put("pins/new", ["title": "new", "rating": 3, "lang": "en", "auth": ["key": "fresh"]])
      try transaction.patch("pins/p10", merging: ["rating": 5])
    }
    try await store.close()
    let again = try reopened(temporary, withSchema: PinMigration.oldKind)
    let report = try await again.migrateDown(allowsLoss: true)
    #expect(report.changed == 21)
    let snapshot = again.snapshot()
    let new = try #require(try snapshot.document("pins/new"))
    #expect(try snapshot.revealed(new).root["token"]?.string == "fresh")
    #expect(new.root["stars"]?.integer == 3)
    #expect(try snapshot.document("pins/p10")?.root["stars"]?.integer == 5)
    try await again.close()
  }

  /// The inverse of a step cannot know that the step had done nothing.
  @Test func membersThatWereThereBeforeTheMigrationComeBackAlsoInDocumentsThatChangedSince() async throws {
    let temporary = try TemporaryStore(kinds: [("card", SampleKinds.kind("cards"))])
    try temporary.write(
      """
      {"kind": "card", "steps": [{"rename": "/stars", "to": "rating"}, {"default": "/language", "value": "en"}]}
      """, to: "migrations/0001-rating.json")
    let store = try temporary.open()
    let before: [String: JSONValue] = [
      "default": ["language": "en"], "replaced": ["language": "en"], "named": ["rating": 9, "language": "fr"],
      "renamed": ["stars": 1], "both": ["stars": 1, "rating": 2],
    ]
    try await store.transaction { for (id, value) in before { try $0.put("cards/\(id)", value) } }
    try await store.migrate()
    try await store.transaction { transaction in
      for id in before.keys { try transaction.patch("cards/\(id)", merging: ["s": "changed"]) }
      try transaction.patch("cards/replaced", merging: ["language": "de"])
      try transaction.put("cards/new", ["rating": 3, "language": "en"])
    }
    try await store.migrateDown()
    for (id, value) in before {
      var expected = value.object ?? [:]
      expected["s"] = "changed"
      if id == "replaced" { expected["language"] = "de" }
      #expect(try store.snapshot().document("cards/\(id)")?.root.value == .object(expected), "\(id)")
    }
    #expect(try store.snapshot().document("cards/new")?.root.value == ["stars": 3])
    try await store.close()
  }

  @Test func aSecretThatTheMigrationTookAwayComesBackIntoADocumentThatChangedSince() async throws {
    let temporary = try PinMigration.makeStore(documents: 20)
    try temporary.write(#"{"kind": "pin", "steps": [{"remove": "/token"}]}"#, to: "migrations/0001-rating.json")
    try temporary.write(PinMigration.oldKind, to: "schemas/pin.schema.json")
    let store = try temporary.open()
    try await store.migrate(allowsLoss: true)
    try await store.transaction { try $0.patch("pins/p10", merging: ["title": "changed"]) }
    try await store.migrateDown()
    let document = try #require(try store.snapshot().document("pins/p10"))
    #expect(try store.snapshot().revealed(document).root["token"]?.string == "secret 10")
    #expect(document.root["title"]?.string == "changed")
    try await store.close()
  }

  @Test func whatIsLostOnTheWayDownIsLoweredAndCheckedAllTheSame() async throws {
    let temporary = try PinMigration.makeStore(documents: 20)
    let store = try temporary.open()
    try await store.migrate()
    try await store.transaction { try $0.patch("pins/p1", merging: ["lang": .null]) }
    try await store.close()
    let again = try reopened(temporary, withSchema: PinMigration.oldKind)
    let error = await #expect(throws: StoreError.self) { try await again.migrateDown() }
    #expect(error?.code == .refused)
    #expect(error?.message.contains("pins/p1, which was changed since: 1 document") == true)
    try await again.migrateDown(allowsLoss: true)
    #expect(try again.snapshot().document("pins/p1")?.root.value == ["stars": 1, "title": "n1"])
    #expect(try again.status().misfits.isEmpty)
    try await again.close()
  }

  @Test func aDocumentThatTheRunLeftAloneIsCheckedOnTheWayDown() async throws {
    let temporary = try TemporaryStore(kinds: [("card", SampleKinds.kind("cards"))])
    try temporary.write(
      #"{"kind": "card", "steps": [{"default": "/language", "value": "en"}]}"#, to: "migrations/0001-language.json")
    let store = try temporary.open()
    try await store.transaction { transaction in
      try transaction.put("cards/a", ["n": 1])
      try transaction.put("cards/b", ["n": 500, "language": "fr"])
    }
    try await store.migrate()
    try await store.close()
    try temporary.write(
      SampleKinds.kind("cards").replacing(#""type": "integer""#, with: #""type": "integer", "maximum": 3"#),
      to: "schemas/card.schema.json")
    let again = try temporary.open()
    let error = await #expect(throws: StoreError.self) { try await again.migrateDown() }
    #expect(error?.code == .invalid && error?.document == "cards/b")
    try await again.close()
  }

  /// Versions are of one kind, numbers of all.
  @Test func kindsThatWereMigratedInRunsOfTheirOwnAreTakenBackInTurn() async throws {
    let temporary = try TemporaryStore(kinds: [("card", SampleKinds.kind("cards")), ("pin", PinMigration.oldKind)])
    let store = try temporary.open()
    try await store.transaction { try $0.put("cards/a", ["n": 1]) }
    try await store.transaction { try $0.put("pins/a", ["title": "t"]) }
    let steps = #""steps": [{"default": "/title", "value": "x"}]"#
    try temporary.write(#"{"kind": "pin", \#(steps)}"#, to: "migrations/0001-pin.json")
    try await store.migrate()
    try temporary.write(#"{"kind": "card", \#(steps)}"#, to: "migrations/0002-card.json")
    try await store.migrate()
    #expect(try await store.migrateDown().migrations == ["0002-card"])
    #expect(try await store.migrateDown().migrations == ["0001-pin"])
    #expect(try store.snapshot().document("cards/a")?.root.value == ["n": 1])
    try await store.close()
  }

  /// Somebody else may migrate while the files are read.
  @Test func whatSomebodyElseAppliedMeanwhileIsNotAppliedAgain() async throws {
    let temporary = try PinMigration.makeStore(documents: 3)
    let fileSystem = FaultInjecting()
    let store = try temporary.open(fileSystem: fileSystem)
    fileSystem.plan.before(.list, of: "\(temporary.path)/migrations") {
      _ = try? MigrationRun(store: store, allowsLoss: false).up(isDryRun: false)
    }
    #expect(try await store.migrate().migrations.isEmpty)
    #expect(try store.snapshot().commits(limit: 10).count { $0.origin == .migration } == 1)
    try await store.close()
  }

  @Test func aDocumentThatBreaksTheNewSchemaStopsEverything() async throws {
    let temporary = try PinMigration.makeStore(documents: 20)
    try temporary.write(
      PinMigration.newKind.replacing(#""rating": { "type": "integer" }"#, with: #""rating": { "maximum": 3 }"#),
      to: "schemas/pin.schema.json")
    let store = try temporary.open()
    let error = await #expect(throws: StoreError.self) { try await store.migrate() }
    #expect(error?.code == .invalid)
    #expect(error?.message.contains("rating must be at most 3") == true)
    #expect(try store.snapshot().document("pins/p1")?.root["stars"] != nil)
    try await store.close()
  }

  @Test func aLossIsRefusedUnlessItIsAllowed() async throws {
    let temporary = try PinMigration.makeStore(documents: 20)
    try temporary.write(
      #"{"kind": "pin", "steps": [{"remove": "/stars"}, {"move": "/token", "to": "/auth/key"}]}"#,
      to: "migrations/0001-rating.json")
    let store = try temporary.open()
    let error = await #expect(throws: StoreError.self) { try await store.migrate() }
    #expect(error?.code == .refused)
    #expect(error?.message.contains("0001-rating: remove /stars: 20 documents") == true)
    let report = try await store.migrate(allowsLoss: true)
    #expect(report.loss.map(\.documents) == [20])
    try await store.close()

    // What nobody touched since comes back all the same: the history has it.
    let again = try reopened(temporary, withSchema: PinMigration.oldKind)
    try await again.migrateDown()
    #expect(try again.snapshot().document("pins/p7")?.root["stars"]?.integer == 2)
    try await again.close()
  }

  @Test func aSecretThatMovesNeedsItsKeyAndAPlaceForSecrets() async throws {
    let temporary = try PinMigration.makeStore(documents: 20)
    try temporary.write(
      PinMigration.newKind.replacing(#"{ "x-secret": true }"#, with: "{}"), to: "schemas/pin.schema.json")
    let open = try temporary.open()
    let misplaced = await #expect(throws: StoreError.self) { try await open.migrate() }
    #expect(misplaced?.code == .invalid)
    try await open.close()
    try FileManager.default.removeItem(atPath: temporary.folder + "/config")
    let keyless = try reopened(temporary, withSchema: PinMigration.newKind)
    let error = await #expect(throws: StoreError.self) { try await keyless.migrate() }
    #expect(error?.code == .keyMissing)
    try await keyless.close()
  }

  @Test func anAppliedFileIsNeverChanged() async throws {
    let temporary = try PinMigration.makeStore(documents: 3)
    let store = try temporary.open()
    try await store.migrate()
    try temporary.write(#"{"kind": "pin", "steps": []}"#, to: "migrations/0001-rating.json")
    let error = await #expect(throws: StoreError.self) { try await store.migrate() }
    #expect(error?.code == .refused)
    try temporary.write(PinMigration.file, to: "migrations/0001-rating.json")
    try temporary.write(#"{"kind": "pin", "steps": []}"#, to: "migrations/0001-other.json")
    let twice = await #expect(throws: StoreError.self) { try await store.migrate() }
    #expect(twice?.code == .invalid)
    try await store.close()
  }

  /// Each run is taken back by itself, the newest first.
  @Test func runsAreTakenBackOneByOne() async throws {
    let temporary = try PinMigration.makeStore(documents: 5)
    try temporary.write(
      PinMigration.newKind.replacing(#""lang": {}"#, with: #""lang": {}, "n": {}"#), to: "schemas/pin.schema.json")
    let store = try temporary.open()
    let start = try await store.migrate()
    try temporary.write(#"{"kind": "pin", "steps": [{"default": "/n", "value": 1}]}"#, to: "migrations/0002-n.json")
    #expect(try await store.migrate().migrations == ["0002-n"])
    #expect(try await store.migrateDown().migrations == ["0002-n"])
    #expect(try store.snapshot().document("pins/p1")?.root["n"] == nil)
    #expect(try await store.migrate().migrations == ["0002-n"])
    #expect(try await store.migrateDown().migrations == ["0002-n"])
    try await store.close()
    let again = try reopened(temporary, withSchema: PinMigration.oldKind)
    #expect(try await again.migrateDown().migrations == start.migrations)
    #expect(try await again.migrateDown().migrations.isEmpty)
    #expect(try again.snapshot().document("pins/p1")?.text.string == "{\"stars\":   1, \"title\": \"n1\"}\n")
    try await again.close()
  }

  @Test func aRollbackTakesAMigrationBackWithItsSchemaAndVersion() async throws {
    let old = SampleKinds.kind("cards").replacing(
      #""type": "object","#, with: #""type": "object", "additionalProperties": false,"#)
    let temporary = try TemporaryStore(kinds: [("card", old)])
    var store = try temporary.open()
    try await store.transaction { try $0.put("cards/a", ["n": 1]) }
    let point = store.snapshot()
    try await store.close()
    try temporary.write(old.replacing(#""n":"#, with: #""m":"#), to: "schemas/card.schema.json")
    try temporary.write(
      #"{"kind": "card", "steps": [{"rename": "/n", "to": "m"}]}"#, to: "migrations/0001-m.json")
    store = try temporary.open()
    try await store.migrate()
    #expect(try store.snapshot().document("cards/a")?.root["m"]?.integer == 1)
    let plan = try store.snapshot().planRollback(to: .sequence(point.sequence))
    try await store.transaction { try $0.apply(plan) }
    #expect(try store.snapshot().document("cards/a")?.root["n"]?.integer == 1)
    try await store.transaction { try $0.put("cards/b", ["n": 2]) }
    try await store.transaction { try $0.delete("cards/b") }
    #expect(try await store.check().findings == [])
    try await store.close()
    let commit = try #require(point.commit)
    #expect(try temporary.git("rev-parse", "HEAD^{tree}") == temporary.git("rev-parse", "\(commit)^{tree}"))
  }

  /// A process that dies at a step leaves the old store or the new one with its tag, and the next run ends with the new one.
  @Test(arguments: [WriteStep.staged, .logged, .published, .packed, .committed, .filesWritten, .logDropped])
  func aMigrationThatIsKilledIsDoneOrNot(at step: WriteStep) async throws {
    // The first commits are those of the schema and of the migration's file.
    let isOfTheArchive = ![.staged, .logged, .published].contains(step)
    for count in 1...(isOfTheArchive ? 2 : 3) {
      let outcome = try await MigrationCrash(documents: 200).kill(at: .step(step, count: count))
      #expect(outcome.hitItsStep, "\(step) \(count)")
    }
  }

  @Test func aMigrationThatIsKilledAtARandomMomentIsDoneOrNot() async throws {
    let crash = try MigrationCrash(documents: 1_000)
    for _ in 0..<6 { _ = try await crash.kill(at: .writing(microseconds: .random(in: 0..<250_000))) }
  }
}
