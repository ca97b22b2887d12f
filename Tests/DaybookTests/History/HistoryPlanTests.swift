import Daybook
import Documents
import TestSupport
import Testing

/// What a plan must not do, and what it does to files that are no documents.
@Suite struct HistoryPlanTests {
  @Test func aChangeAfterThePlanIsAConflictAndNotOverwritten() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    for number in 0..<3 { try await store.transaction { try $0.put("notes/a", ["n": .number(JSONNumber(number))]) } }
    try await store.transaction { try $0.put("notes/b", ["n": 1]) }
    let plans = [
      try store.snapshot().planRevert(of: .sequence(store.snapshot().sequence - 1)),
      try store.snapshot().planRevert(of: "notes/a", to: Point(parsing: "HEAD~2")),
      try store.snapshot().planRollback(to: Point(parsing: "HEAD~3")),
    ]
    try await store.transaction { try $0.patch("notes/a", merging: ["s": "newer"]) }
    let sequence = store.snapshot().sequence
    for plan in plans {
      let error = await #expect(throws: StoreError.self) { try await store.transaction { try $0.apply(plan) } }
      #expect(error?.code == .conflict)
      #expect(error?.document == "notes/a")
    }
    #expect(store.snapshot().sequence == sequence)
    #expect(try store.snapshot().document("notes/b") != nil, "all or nothing")
    try await store.close()
  }

  @Test func whatIsAppendedAfterThePlanDoesNotGoWithItsDocument() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    let start = store.snapshot().sequence
    try await store.transaction { try $0.put("threads/t", ["n": 1]) }
    let plan = try store.snapshot().planRollback(to: .sequence(start))
    try await store.transaction { try $0.append([["id": "late"]], to: "events", of: "threads/t") }
    await #expect(throws: StoreError.self) { try await store.transaction { try $0.apply(plan) } }
    let revert = try store.snapshot().planRevert(of: .sequence(start + 1))
    #expect(revert.conflicts.map(\.name) == ["threads/t"])
    #expect(try store.snapshot().seriesCount("events", of: "threads/t") == 1)
    try await store.close()
  }

  /// A revoked key must not count again, by whatever way.
  @Test func nothingGoesBackOfAKindThatIsNotReversible() async throws {
    let schema = """
      {"x-daybook": {"collection": "keys", "reversible": false, "series": {"uses": {"items": {"type": "object"}}}}}
      """
    let temporary = try TemporaryStore(kinds: SampleKinds.all + [("key", schema)])
    let store = try temporary.open()
    try await store.transaction { try $0.put("notes/a", ["n": 1]) }
    try await store.transaction { try $0.put("keys/k", ["digest": "x"]) }
    let start = Point.sequence(store.snapshot().sequence)
    try await store.transaction {
      try $0.patch("notes/a", merging: ["n": 2])
      try $0.patch("keys/k", merging: ["revoked": true])
      try $0.append([["id": "1"]], to: "uses", of: "keys/k")
      try $0.put("keys/new", ["digest": "y"])
    }
    let both = Point.sequence(store.snapshot().sequence)
    let revoked = try store.snapshot().revision("keys/k")
    try await store.transaction { try $0.patch("keys/new", merging: ["revoked": true]) }
    let snapshot = store.snapshot()
    let keys = try [
      snapshot.planRevert(of: "keys/k", to: start), snapshot.planRevert(of: "keys/new", to: start),
      snapshot.planRevert(of: "keys/k", member: JSONPointer(["digest"]), to: start), snapshot.planRevert(of: .newest),
    ]
    for plan in keys { #expect(plan.isEmpty && !plan.omissions.isEmpty) }
    for plan in try [snapshot.planRollback(to: start), snapshot.planRevert(of: both)] {
      #expect(plan.steps.map(\.name) == ["notes/a"])
      #expect(plan.omissions.allSatisfy { $0.path.hasPrefix("keys/") } && plan.omissions.count >= 3)
    }
    // What cannot be taken back does not stand before what can.
    let undo = try snapshot.planUndo(by: snapshot.commits(limit: 1)[0].author, origin: .library)
    #expect(undo.steps.map(\.name) == ["notes/a"])
    try await store.transaction { try $0.apply(undo) }
    #expect(try store.snapshot().revision("keys/k") == revoked)
    #expect(try store.snapshot().document("notes/a")?.root["n"]?.integer == 1)
    try await store.close()
  }

  @Test func aDeletionBesideAppendsLeavesNoSegmentBehind() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    for round in 0..<10 {
      let address = "threads/t\(round)"
      try await store.transaction { try $0.put(address, ["n": 1]) }
      await withTaskGroup(of: Void.self) { group in
        for writer in 0..<6 {
          group.addTask {
            for number in 0..<6 {
              _ = try? await store.transaction {
                try $0.append([["id": .string("\(writer)-\(number)")]], to: "events", of: address)
              }
            }
          }
        }
        group.addTask { _ = try? await store.transaction { try $0.delete(address) } }
      }
      #expect(try store.snapshot().document(address) == nil)
    }
    #expect(try await store.check().findings == [])
    try await store.close()
    #expect(!temporary.exists("threads"))
  }

  @Test func conflictsNameTheMembersAndWhoChangedThem() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await store.transaction { try $0.put("notes/a", ["n": 1, "s": "one"]) }
    let changed = try await store.transaction { try $0.patch("notes/a", merging: ["n": 2, "s": "two"]) }
    let bob = Author(name: "Bob", email: "bob@example.org")
    try await store.transaction(author: bob) { try $0.patch("notes/a", merging: ["n": 3]) }
    let plan = try store.snapshot().planRevert(of: .sequence(changed.sequence))
    #expect(plan.conflicts.map { $0.members.map(\.description) } == [["/n"]])
    #expect(plan.conflicts[0].commit?.author == bob)
    let error = await #expect(throws: StoreError.self) { try await store.transaction { try $0.apply(plan) } }
    #expect(error?.message.contains("notes/a /n (last changed by #\(changed.sequence + 1), Bob") ?? false)
    try await store.close()
  }

  @Test func aSchemaGoesBackWithItsDocumentsAndOthersStay() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    var store = try temporary.open()
    try await store.transaction { try $0.put("notes/a", ["n": 1]) }
    let point = store.snapshot().sequence
    try await store.close()
    // `n` becomes a string, documents of `pins` move, and a kind and a file come.
    try temporary.write(
      SampleKinds.notes.schema.replacing(#""n": { "type": "integer" }"#, with: #""n": { "type": "string" }"#),
      to: "schemas/note.schema.json")
    try temporary.write(SampleKinds.kind("pins", partition: "flat"), to: "schemas/pin.schema.json")
    try temporary.write(SampleKinds.kind("extras"), to: "schemas/extra.schema.json")
    store = try temporary.open()
    try await store.transaction { transaction in
      try transaction.put("notes/a", ["n": "one"])
      try transaction.put("extras/e", ["n": 1])
    }
    try await store.close()
    try temporary.write("read me\n", to: "README.md")
    try temporary.git("add", "README.md")
    try temporary.git("commit", "-q", "-m", "explain")
    store = try temporary.open()
    let plan = try store.snapshot().planRollback(to: .sequence(point))
    #expect(plan.omissions.map(\.path) == ["schemas/extra.schema.json", "schemas/pin.schema.json"])
    try await store.transaction { try $0.apply(plan) }
    try await store.close()
    store = try temporary.open()
    #expect(try store.snapshot().document("notes/a")?.root["n"]?.integer == 1)
    #expect(try store.snapshot().count(of: "extras") == 0)
    #expect(!temporary.exists("README.md"))
    #expect(store.schemaProblems.isEmpty)
    #expect(try await store.check().findings == [])
    try await store.close()
    #expect(try temporary.git("status", "--porcelain") == "")
  }

  @Test func aDocumentThatBreaksTodaysRulesIsNotBroughtBack() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    var store = try temporary.open()
    try await store.transaction { try $0.put("notes/a", ["n": 1]) }
    let point = store.snapshot().sequence
    try await store.transaction { try $0.delete("notes/a") }
    try await store.close()
    try temporary.write(
      SampleKinds.notes.schema.replacing(#""n": { "type": "integer" }"#, with: #""n": { "type": "string" }"#),
      to: "schemas/note.schema.json")
    store = try temporary.open()
    let plan = try store.snapshot().planRevert(of: "notes/a", to: .sequence(point))
    let error = await #expect(throws: StoreError.self) { try await store.transaction { try $0.apply(plan) } }
    #expect(error?.code == .invalid)
    try await store.close()
  }

  @Test func commitsOfAGroupHaveOneAuthor() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<60 {
        group.addTask {
          let author = Author(name: "A\(number % 3)", email: "a@example.org")
          try await store.transaction(author: author) { try $0.put("counters/\(author.name)-\(number)", ["n": 1]) }
        }
      }
      try await group.waitForAll()
    }
    let snapshot = store.snapshot()
    for commit in try snapshot.commits(limit: 100) where commit.origin == .library {
      let names = try snapshot.changes(in: commit).compactMap { $0.address?.id.text.prefix(2) }
      #expect(Set(names) == [commit.author.name.prefix(2)])
    }
    try await store.close()
  }
}
