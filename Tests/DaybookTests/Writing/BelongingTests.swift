import Documents
import TestSupport
import Testing

@testable import Daybook

/// Documents that belong to those of another collection go with them.
@Suite struct BelongingTests {
  private static let kinds = [
    ("job", #"{"x-daybook": {"collection": "jobs", "ttl": {"days": 1, "from": "/at"}}}"#),
    ("job-settings", #"{"x-daybook": {"collection": "settings/jobs", "belongs_to": "jobs"}}"#),
    ("job-note", #"{"x-daybook": {"collection": "notes/jobs", "belongs_to": "settings/jobs"}}"#),
  ]
  private static let all = ["jobs/a", "settings/jobs/a", "notes/jobs/a"]

  private func write(to store: Store, at: String = "2026-11-21T06:40:00Z") async throws {
    for id in ["a", "b"] {
      try await store.transaction { transaction in
        for collection in ["jobs", "settings/jobs", "notes/jobs"] {
          try transaction.put("\(collection)/\(id)", ["at": .string(at)])
        }
      }
    }
  }

  private func expectOnlyB(_ store: Store) throws {
    for address in Self.all {
      #expect(try store.snapshot().document(address) == nil, "\(address)")
      #expect(try store.snapshot().document(String(address.dropLast()) + "b") != nil)
    }
  }

  @Test func whatBelongsToADocumentIsDeletedAndComesBackWithIt() async throws {
    let temporary = try TemporaryStore(kinds: Self.kinds)
    let store = try temporary.open()
    let start = store.snapshot().sequence
    try await write(to: store)
    try await store.transaction { try $0.delete("jobs/a") }
    try expectOnlyB(store)
    let undo = try store.snapshot().planRevert(of: .newest)
    #expect(undo.steps.count == 3)
    try await store.transaction { try $0.apply(undo) }
    for address in Self.all { #expect(try store.snapshot().document(address) != nil) }
    // Each of them is a step of the plan, and goes with the first already.
    let rollback = try store.snapshot().planRollback(to: .sequence(start + 1))
    try await store.transaction { try $0.apply(rollback) }
    for address in Self.all { #expect(try store.snapshot().document(String(address.dropLast()) + "b") == nil) }
    #expect(try await store.check().findings == [])
    try await store.close()
    #expect(try temporary.git("status", "--porcelain") == "")
  }

  @Test func whatBelongsToADocumentExpiresWithIt() async throws {
    let temporary = try TemporaryStore(kinds: Self.kinds)
    let store = try temporary.open()
    try await write(to: store, at: "2099-11-21T06:40:00Z")
    try await store.transaction { try $0.patch("jobs/a", merging: ["at": "2020-11-21T06:40:00Z"]) }
    _ = try store.sweepAll()
    try expectOnlyB(store)
    try await store.close()
  }

  @Test func whatBelongsToADocumentMayGoAlone() async throws {
    let temporary = try TemporaryStore(kinds: Self.kinds)
    let store = try temporary.open()
    try await write(to: store)
    try await store.transaction { transaction in
      try transaction.delete("settings/jobs/a")
      try transaction.delete("jobs/a")
    }
    try expectOnlyB(store)
    try await store.close()
  }
}
