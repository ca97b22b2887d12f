import Documents
import Foundation
import TestSupport
import Testing

@testable import Daybook

/// Machines of which one is at a newer version than another.
@Suite(.timeLimit(.minutes(20))) struct SyncedMigrationTests {
  private func pin(_ store: Store, _ id: String) throws -> JSONNode? {
    try store.snapshot().document("pins/\(id)")?.root
  }

  /// One has migrated, the other goes on as before.
  private func machines() async throws -> (machines: SyncedMachines, new: Store, old: Store) {
    let temporary = try PinMigration.makeStore(documents: 30)
    let machines = try SyncedMachines(2, of: temporary)
    try machines.clones[1].git("checkout", "--", ".")
    try machines.clones[1].git("clean", "-qfd")
    let (new, old) = (try machines.clones[0].open(), try machines.clones[1].open())
    try await new.migrate()
    return (machines, new, old)
  }

  @Test(arguments: [true, false])
  func whatTheOlderMachineWroteIsLiftedOnWhicheverMachineItIsMerged(newerFirst: Bool) async throws {
    let (machines, new, old) = try await machines()
    try await old.transaction { transaction in
      try transaction.put("pins/late", ["title": "late", "stars": 4])
      try transaction.patch("pins/p5", merging: ["title": "mine"])
      try transaction.patch("pins/p6", merging: ["stars": 9])
      try transaction.patch("pins/p10", merging: ["title": "with a secret"])
    }
    try await new.transaction { transaction in
      try transaction.patch("pins/p5", merging: ["rating": 8])
      try transaction.patch("pins/p7", merging: ["lang": "de"])
    }
    let order = newerFirst ? [new, old] : [old, new]
    for store in order + order { try machines.sync(store) }
    #expect(new.snapshot().commit == old.snapshot().commit)
    for store in order {
      #expect(try pin(store, "late")?["rating"]?.integer == 4 && pin(store, "late")?["stars"] == nil)
      #expect(try pin(store, "late")?["lang"]?.string == "en")
      #expect(try pin(store, "p5")?["rating"]?.integer == 8 && pin(store, "p5")?["title"]?.string == "mine")
      #expect(try pin(store, "p6")?["rating"]?.integer == 9 && pin(store, "p6")?["stars"] == nil)
      #expect(try pin(store, "p7")?["lang"]?.string == "de")
      #expect(try pin(store, "p10")?["title"]?.string == "with a secret")
      let secret = try #require(try store.snapshot().document("pins/p10"))
      #expect(try store.snapshot().revealed(secret).root["auth"]?["key"]?.string == "secret 10")
      #expect(try store.snapshot().query(Query("conflicts")).documents.isEmpty)
    }
    for (store, clone) in zip([new, old], machines.clones) { try await clone.closeSoundly(store) }
  }

  /// The migration seals it for its new place; the other machine changes it in its old one.
  @Test func aSecretThatMovedAndThatTheOlderMachineChangedIsNotLost() async throws {
    let (machines, new, old) = try await machines()
    try await old.transaction { try $0.patch("pins/p10", merging: ["token": "another secret"]) }
    for store in [new, old, new, old] { try machines.sync(store) }
    #expect(new.snapshot().commit == old.snapshot().commit)
    for store in [new, old] {
      let document = try #require(try store.snapshot().document("pins/p10"))
      let kept = try store.snapshot().revealed(document).root["auth"]?["key"]?.string
      let conflicts = try store.snapshot().query(Query("conflicts")).documents.count
      #expect(kept == "another secret" || kept == "secret 10" && conflicts == 1, "\(kept ?? "nothing"), \(conflicts)")
    }
    for (store, clone) in zip([new, old], machines.clones) { try await clone.closeSoundly(store) }
  }

  @Test(arguments: [
    ["daybook.json": #"{"format": 99, "store_id": "s"}"#],
    [
      "migrations/0001-later.json": #"{"kind": "note", "steps": [{"frobnicate": "/n"}]}"#,
      "daybook.json": #"{"format": 1, "store_id": "s", "versions": {"note": 1}}"#,
    ],
  ])
  func whatANewerProgramHasMadeOfTheStoreIsRefusedAndNothingChanges(files: [String: String]) async throws {
    let machines = try await SyncedMachines(1)
    let store = try machines.clones[0].open()
    try machines.sync(store)
    try machines.push(files)
    try await store.transaction { try $0.put("notes/a", ["n": 1]) }
    let before = store.snapshot().commit
    let error = #expect(throws: StoreError.self) { try machines.sync(store) }
    #expect(error?.code == .newerFormat, "\(String(describing: error))")
    #expect(throws: StoreError.self) { try machines.plan(store) }
    #expect(store.snapshot().commit == before && store.failure == nil)
    try await store.transaction { try $0.put("notes/b", ["n": 2]) }
    #expect(try store.status().remotes[0].error == error?.message)
    try await machines.clones[0].closeSoundly(store)
    let reopened = try machines.clones[0].open()
    #expect(try reopened.snapshot().document("notes/b")?.root["n"]?.integer == 2)
    try await machines.clones[0].closeSoundly(reopened)
  }

  /// A migration that nobody has applied yet, and that is no good, is for `migrate` to tell.
  @Test func aBrokenMigrationThatWasNotAppliedKeepsNobodyFromSyncing() async throws {
    let machines = try await SyncedMachines(1)
    let store = try machines.clones[0].open()
    try machines.sync(store)
    try machines.push(["migrations/0001-later.json": #"{"kind": "note", "steps": [{"frobnicate": "/n"}]}"#])
    try machines.sync(store)
    try await machines.clones[0].closeSoundly(store)
  }
}
