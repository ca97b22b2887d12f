import Daybook
import Documents
import TestSupport
import Testing

struct ShippedKindsTests {
  /// A store as a program made it that had fewer kinds.
  private func older(lacking kinds: String...) throws -> TemporaryStore {
    let temporary = try TemporaryStore()
    for kind in kinds { try temporary.git("rm", "-q", "schemas/\(kind).schema.json") }
    try temporary.git("commit", "-q", "-m", "as it was")
    return temporary
  }

  @Test func aStoreSaysWhichKindsItLacksAndGetsThemInOneCommit() async throws {
    let temporary = try older(lacking: "memory", "todo")
    let store = try temporary.open()
    #expect(store.kinds.missing == ["todo", "memory"])
    #expect(try store.status().missingKinds == ["todo", "memory"])
    let before = store.snapshot().sequence
    let receipt = try await store.transaction { transaction in
      for name in store.kinds.missing { try transaction.addKind(name) }
    }
    #expect(receipt.sequence == before + 1)
    #expect(try store.status().missingKinds.isEmpty)
    #expect(try store.snapshot().count(of: "inbox/todos") == 0, "the collection is there")
    try await store.close()
    #expect(temporary.exists("schemas/memory.schema.json"))
    let reopened = try temporary.open()
    #expect(reopened.kinds.missing.isEmpty)
    #expect(try await reopened.check().findings == [])
    try await reopened.close()
    try temporary.checkGit()
  }

  @Test func whatCannotBeAddedChangesNothing() async throws {
    let temporary = try older(lacking: "memory", "todo")
    let own = SampleKinds.kind("memories")
    try temporary.write(own, to: "schemas/recollection.schema.json")
    let store = try temporary.open()
    #expect(store.kinds.missing == ["todo"], "the collection of memories is taken")
    let before = store.snapshot().sequence
    for (name, code) in [
      ("memory", StoreError.Code.conflict), ("task", .conflict), ("todos", .notFound), ("", .notFound),
    ] {
      let error = await #expect(throws: StoreError.self) {
        try await store.transaction { transaction in
          try transaction.addKind("todo")
          try transaction.addKind(name)
        }
      }
      #expect(error?.code == code, "\(name)")
    }
    #expect(store.snapshot().sequence == before && store.kinds.missing == ["todo"])
    try await store.close()
  }
}
