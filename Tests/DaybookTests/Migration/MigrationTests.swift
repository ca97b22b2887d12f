import Documents
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Daybook

/// Migrations of a store, up and down.
@Suite struct MigrationTests {
  private static func kind(_ members: String) -> String {
    """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "x-daybook": { "collection": "pins", "ids": "given", "partition": "hash" },
      "type": "object",
      "additionalProperties": false,
      "properties": { \(members) }
    }
    """
  }

  private static let oldKind = kind(
    #""title": {}, "stars": { "type": "integer" }, "token": { "type": "string", "x-secret": true }"#)
  private static let newKind = kind(
    #""title": {}, "rating": { "type": "integer" }, "lang": {}, "auth": { "properties": { "key": { "x-secret": true } } }"#
  )
  private static let migration = """
    {
      "kind": "pin",
      "steps": [
        {"rename": "/stars", "to": "rating"},
        {"default": "/lang", "value": "en"},
        {"move": "/token", "to": "/auth/key"}
      ]
    }
    """

  /// A store of the old version, with the new schema and the migration in their places.
  private func makeStore(documents: Int) throws -> TemporaryStore {
    let temporary = try TemporaryStore(kinds: [("pin", Self.oldKind)])
    let store = try temporary.open()
    for start in stride(from: 0, to: documents, by: 5_000) {
      try store.transactionBlocking { transaction in
        for number in start..<min(start + 5_000, documents) {
          let token = number % 10 == 0 ? #", "token": "secret \#(number)""# : ""
          let text = "{\"stars\":   \(number % 5), \"title\": \"n\(number)\"\(token)}\n"
          try transaction.put("pins/p\(number)", text: JSONText(parsing: text))
        }
      }
    }
    try store.closeBlocking()
    try temporary.write(Self.newKind, to: "schemas/pin.schema.json")
    try temporary.write(Self.migration, to: "migrations/0001-rating.json")
    return temporary
  }

  private func reopened(_ temporary: TemporaryStore, withSchema schema: String) throws -> Store {
    try temporary.write(schema, to: "schemas/pin.schema.json")
    return try temporary.open()
  }

  @Test func upAndDownEndsWithTheSameTree() async throws {
    let temporary = try makeStore(documents: 1_200)
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

    let again = try reopened(temporary, withSchema: Self.oldKind)
    let back = try await again.migrateDown()
    #expect(back.changed == 1_200)
    #expect(try await again.check().findings == [])
    try await again.close()
    let last = try reopened(temporary, withSchema: Self.newKind)
    try await last.close()
    #expect(try temporary.git("rev-parse", "HEAD^{tree}") == temporary.git("rev-parse", "\(backup)^{tree}"))
    try temporary.checkGit()
  }

  @Test func whatWasWrittenSinceIsTakenBackByTheInverseSteps() async throws {
    let temporary = try makeStore(documents: 20)
    let store = try temporary.open()
    try await store.migrate()
    try await store.transaction { transaction in
      try transaction.put("pins/new", ["title": "new", "rating": 3, "lang": "en", "auth": ["key": "fresh"]])
      try transaction.patch("pins/p10", merging: ["rating": 5])
    }
    try await store.close()
    let again = try reopened(temporary, withSchema: Self.oldKind)
    let report = try await again.migrateDown(allowsLoss: true)
    #expect(report.changed == 21)
    let snapshot = again.snapshot()
    let new = try #require(try snapshot.document("pins/new"))
    #expect(try snapshot.revealed(new).root["token"]?.string == "fresh")
    #expect(new.root["stars"]?.integer == 3)
    #expect(try snapshot.document("pins/p10")?.root["stars"]?.integer == 5)
    try await again.close()
  }

  @Test func aDocumentThatBreaksTheNewSchemaStopsEverything() async throws {
    let temporary = try makeStore(documents: 20)
    try temporary.write(
      Self.newKind.replacing(#""rating": { "type": "integer" }"#, with: #""rating": { "maximum": 3 }"#),
      to: "schemas/pin.schema.json")
    let store = try temporary.open()
    let error = await #expect(throws: StoreError.self) { try await store.migrate() }
    #expect(error?.code == .invalid)
    #expect(error?.message.contains("rating must be at most 3") == true)
    #expect(try store.snapshot().document("pins/p1")?.root["stars"] != nil)
    try await store.close()
  }

  @Test func aLossIsRefusedUnlessItIsAllowed() async throws {
    let temporary = try makeStore(documents: 20)
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
    let again = try reopened(temporary, withSchema: Self.oldKind)
    try await again.migrateDown()
    #expect(try again.snapshot().document("pins/p7")?.root["stars"]?.integer == 2)
    try await again.close()
  }

  @Test func aSecretThatMovesNeedsItsKeyAndAPlaceForSecrets() async throws {
    let temporary = try makeStore(documents: 20)
    try temporary.write(
      Self.newKind.replacing(#"{ "x-secret": true }"#, with: "{}"), to: "schemas/pin.schema.json")
    let open = try temporary.open()
    let misplaced = await #expect(throws: StoreError.self) { try await open.migrate() }
    #expect(misplaced?.code == .invalid)
    try await open.close()
    try FileManager.default.removeItem(atPath: temporary.folder + "/config")
    let keyless = try reopened(temporary, withSchema: Self.newKind)
    let error = await #expect(throws: StoreError.self) { try await keyless.migrate() }
    #expect(error?.code == .keyMissing)
    try await keyless.close()
  }

  @Test func anAppliedFileIsNeverChanged() async throws {
    let temporary = try makeStore(documents: 3)
    let store = try temporary.open()
    try await store.migrate()
    try temporary.write(#"{"kind": "pin", "steps": []}"#, to: "migrations/0001-rating.json")
    let error = await #expect(throws: StoreError.self) { try await store.migrate() }
    #expect(error?.code == .refused)
    try temporary.write(Self.migration, to: "migrations/0001-rating.json")
    try temporary.write(#"{"kind": "pin", "steps": []}"#, to: "migrations/0001-other.json")
    let twice = await #expect(throws: StoreError.self) { try await store.migrate() }
    #expect(twice?.code == .invalid)
    try await store.close()
  }

  /// Each run is taken back by itself, the newest first.
  @Test func runsAreTakenBackOneByOne() async throws {
    let temporary = try makeStore(documents: 5)
    try temporary.write(
      Self.newKind.replacing(#""lang": {}"#, with: #""lang": {}, "n": {}"#), to: "schemas/pin.schema.json")
    let store = try temporary.open()
    let start = try await store.migrate()
    try temporary.write(#"{"kind": "pin", "steps": [{"default": "/n", "value": 1}]}"#, to: "migrations/0002-n.json")
    #expect(try await store.migrate().migrations == ["0002-n"])
    #expect(try await store.migrateDown().migrations == ["0002-n"])
    #expect(try store.snapshot().document("pins/p1")?.root["n"] == nil)
    #expect(try await store.migrate().migrations == ["0002-n"])
    #expect(try await store.migrateDown().migrations == ["0002-n"])
    try await store.close()
    let again = try reopened(temporary, withSchema: Self.oldKind)
    #expect(try await again.migrateDown().migrations == start.migrations)
    #expect(try await again.migrateDown().migrations.isEmpty)
    #expect(try again.snapshot().document("pins/p1")?.text.string == "{\"stars\":   1, \"title\": \"n1\"}\n")
    try await again.close()
  }

  /// A session that dies at a step leaves the old store or the new one, and the next run ends with the new one.
  @Test(arguments: [WriteStep.staged, .logged, .packed, .committed, .filesWritten])
  func aMigrationThatDiesIsDoneOrNot(at step: WriteStep) async throws {
    let temporary = try makeStore(documents: 300)
    let copies = Copies()
    let store = try temporary.open { taken in
      if taken == step { copies.take(temporary) }
    }
    try await store.migrate()
    try await store.close()
    for copy in copies.taken {
      let found = try copy.open()
      let before = try found.snapshot().document("pins/p1")?.root["rating"] != nil
      let report = try await found.migrate()
      #expect(report.changed == (before ? 0 : 300))
      #expect(
        try found.snapshot().query(Query("pins").where("/rating", .atLeast(0)).limited(to: 1_000)).documents.count
          == 300)
      #expect(try await found.check().findings == [])
      try await found.close()
    }
    #expect(!copies.taken.isEmpty)
  }
}

/// What a store's folder holds at some moments of its life, as a crash at that moment would leave it.
private final class Copies: Sendable {
  private let stores = Mutex<[TemporaryStore]>([])

  var taken: [TemporaryStore] { stores.withLock(\.self) }

  func take(_ store: TemporaryStore) {
    guard let copy = try? store.copy() else { return }
    stores.withLock { $0.append(copy) }
  }
}
