import Daybook
import Documents
import Storage
import Synchronization
import TestSupport
import Testing

@Suite struct TransactionTests {
  @Test func aDocumentIsReadBackToTheByteFromStoreFileAndGit() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    let source = "{\"n\":   1.50e1,\n\t\"s\": \"grün\"}"
    let receipt = try await store.transaction { try $0.put("notes/a", text: try text(source)) }
    let document = try #require(try store.snapshot().document("notes/a"))
    #expect(document.text.bytes == Array(source.utf8))
    #expect(receipt.documents.first?.revision == document.revision)
    try await store.close()
    #expect(try temporary.read("notes/a.json") == source)
    #expect(try temporary.git("show", "HEAD:notes/a.json") == source)
    #expect(try temporary.git("status", "--porcelain") == "")
    try temporary.checkGit()
  }

  @Test func aTransactionIsOneCommitThatSaysWhoDidWhat() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await store.transaction { try $0.put("notes/a", ["n": 1, "s": "x"]) }
    let ada = Author(name: "Ada", email: "ada@example.org")
    let receipt = try await store.transaction(author: ada) { try $0.patch("notes/a", merging: ["n": 2]) }
    try await store.transaction(message: "all at once") { transaction in
      try transaction.put("notes/b", ["n": 1])
      try transaction.put("pins/c", ["n": 1])
      try transaction.delete("notes/a")
    }
    try await store.close()
    let log = try temporary.git("log", "--format=%an|%s|%(trailers:key=Daybook-Sequence,valueonly,separator=)")
      .split(separator: "\n").map(String.init)
    #expect(log[0] == "Test|all at once|\(receipt.sequence + 1)")
    #expect(log[1] == "Ada|notes/a: n 1 → 2|\(receipt.sequence)")
    #expect(log[2] == "Test|notes/a: created|\(receipt.sequence - 1)")
    #expect(!temporary.exists("notes/a.json"))
  }

  @Test func aPatchChangesOnlyItsLineOfAHandFormattedFile() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    let source = "{\n    \"s\" : \"kept\",\n    \"n\" : 1,\n    \"list\": [1, 2,\n  3]\n}\n"
    try await store.transaction { try $0.put("notes/a", text: try text(source)) }
    try await store.transaction { try $0.patch("notes/a", merging: ["n": 2]) }
    try await store.close()
    #expect(try temporary.read("notes/a.json") == source.replacing("1,\n    \"list", with: "2,\n    \"list"))
    #expect(try temporary.git("diff", "--numstat", "HEAD~1", "HEAD").hasPrefix("1\t1\t"))
  }

  @Test func preconditionsHoldOrNothingIsWritten() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    let first = try await store.transaction { try $0.put("notes/a", ["n": 1]) }
    let revision = try #require(first.documents[0].revision)
    try await store.transaction { try $0.put("notes/a", ["n": 2], if: .revision(revision)) }
    let before = store.snapshot().sequence
    for precondition in [Precondition.revision(revision), .absent] {
      let error = await #expect(throws: StoreError.self) {
        try await store.transaction { transaction in
          try transaction.put("notes/b", ["n": 1])
          try transaction.put("notes/a", ["n": 3], if: precondition)
        }
      }
      #expect(error?.code == .conflict)
    }
    let missing = await #expect(throws: StoreError.self) {
      try await store.transaction { try $0.put("notes/none", ["n": 3], if: .present) }
    }
    #expect(missing?.code == .notFound)
    #expect(store.snapshot().sequence == before)
    #expect(try store.snapshot().document("notes/b") == nil)
    try await store.close()
  }

  @Test func writingWhatIsThereMakesNoCommit() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    let first = try await store.transaction { try $0.put("notes/a", ["n": 1]) }
    let second = try await store.transaction { try $0.put("notes/a", ["n": 1]) }
    #expect(!second.changed)
    #expect(second.sequence == first.sequence)
    #expect(second.documents[0].revision == first.documents[0].revision)
    try await store.close()
  }

  @Test func aDocumentThatBreaksItsSchemaIsRefusedWithPlaceAndRule() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    let error = await #expect(throws: StoreError.self) {
      try await store.transaction { try $0.put("notes/a", text: try text("{\n  \"n\": \"one\"\n}")) }
    }
    let message = try #require(error).message
    #expect(error?.code == .invalid)
    #expect(message.contains("line 2") && message.contains("/n") && message.contains("type"))
    try await store.close()
  }

  @Test func manyWritersAtOnceEachGetTheirOwnCommit() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    let start = store.snapshot().sequence
    let sequences = try await withThrowingTaskGroup(of: UInt64.self) { group in
      for writer in 0..<16 {
        group.addTask {
          var last: UInt64 = 0
          for number in 0..<20 {
            last = try await store.transaction {
              try $0.put("pins/w\(writer)", ["n": .number(JSONNumber(number))])
            }.sequence
          }
          return last
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(sequences.max() == start + 320)
    try await store.close()
    #expect(try temporary.git("rev-list", "--count", "HEAD") == "\(start + 320)\n")
    try temporary.checkGit()
  }

  @Test func patchesOfOneDocumentByManyWritersLoseNothing() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await store.transaction { try $0.put("counters/a", ["n": 0]) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<24 {
        group.addTask {
          for number in 0..<10 {
            try await store.transaction { try $0.patch("counters/a", merging: ["w\(writer)_\(number)": .bool(true)]) }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try store.snapshot().document("counters/a")?.root.count == 241)
    try await store.close()
  }

  @Test func transactionsOfAGroupKindThatWaitTogetherShareACommitAndEachIsWhole() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let isHeld = Mutex(false)
    let (started, release) = (Reply<Bool>(), Reply<Bool>())
    let store = try temporary.open { step in
      // The first write after the gate is set stands still until the others wait behind it.
      let holds = isHeld.withLock { isHeld in
        defer { isHeld = isHeld && step != .staged }
        return isHeld && step == .staged
      }
      guard holds else { return }
      started.send(true)
      _ = release.wait()
    }
    let start = store.snapshot().sequence
    isHeld.withLock { $0 = true }
    let first = WorkerThread { _ = try? store.transactionBlocking { try $0.put("counters/first", ["n": 0]) } }
    _ = started.wait()
    try await withThrowingTaskGroup(of: Receipt.self) { group in
      for writer in 0..<7 {
        group.addTask { try await store.transaction { try $0.put("counters/c\(writer)", ["n": 1]) } }
      }
      while try store.status().waitingWrites < 7 { try await Task.sleep(for: .milliseconds(1)) }
      release.send(true)
      for try await receipt in group { #expect(receipt.sequence == start + 2) }
    }
    first.join()
    #expect(store.snapshot().sequence == start + 2)
    #expect(try store.snapshot().count(of: "counters") == 8)
    try await store.close()
    #expect(try temporary.git("rev-list", "--count", "HEAD") == "\(start + 2)\n")
  }

  @Test func aDocumentThatNestsTooDeepToBeReadAgainIsRefused() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    func nested(_ levels: Int) -> JSONValue { (0..<levels).reduce(1) { inner, _ in ["m": inner] } }
    try await store.transaction { try $0.put("notes/a", nested(Limits.documentDepth)) }
    let writes: [(inout Transaction) throws -> Void] = [
      { try $0.put("notes/b", nested(Limits.documentDepth + 1)) },
      { try $0.patch("notes/a", merging: ["m": nested(Limits.documentDepth)]) },
      { transaction in
        try transaction.put("threads/t", [:])
        try transaction.append([nested(Limits.documentDepth)], to: "events", of: "threads/t")
      },
    ]
    for write in writes {
      let error = await #expect(throws: StoreError.self) { try await store.transaction { try write(&$0) } }
      #expect(error?.code == .limit)
    }
    #expect(try store.snapshot().document("notes/a")?.root.value == nested(Limits.documentDepth))
    try await store.close()
  }

  /// A transaction is whole also where it wishes for what is there: another one that takes that away comes before or after.
  @Test func whatATransactionLeavesAsItIsIsStillThereWhenTheRestIsWritten() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let isHeld = Mutex(false)
    let (started, release) = (Reply<Bool>(), Reply<Bool>())
    let store = try temporary.open { step in
      let holds = isHeld.withLock { isHeld in
        defer { isHeld = isHeld && step != .staged }
        return isHeld && step == .staged
      }
      guard holds else { return }
      started.send(true)
      _ = release.wait()
    }
    try await store.transaction { transaction in
      try transaction.put("pins/kept", ["n": 1])
      try transaction.put("pins/seen", ["n": 1])
    }
    let seen = try #require(try store.snapshot().revision("pins/seen"))
    isHeld.withLock { $0 = true }
    let first = WorkerThread {
      _ = try? store.transactionBlocking { transaction in
        try transaction.delete("pins/kept")
        try transaction.put("pins/seen", ["n": 2])
      }
    }
    _ = started.wait()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await store.transaction { transaction in
          try transaction.put("pins/kept", ["n": 1])
          try transaction.put("pins/a", ["n": 1])
        }
      }
      group.addTask {
        let error = await #expect(throws: StoreError.self) {
          try await store.transaction { transaction in
            try transaction.put("pins/seen", ["n": 1], if: .revision(seen))
            try transaction.put("pins/b", ["n": 1])
          }
        }
        #expect(error?.code == .conflict)
      }
      while try store.status().waitingWrites < 2 { try await Task.sleep(for: .milliseconds(1)) }
      release.send(true)
      try await group.waitForAll()
    }
    first.join()
    #expect(try store.snapshot().document("pins/kept") != nil)
    #expect(try store.snapshot().document("pins/a") != nil)
    #expect(try store.snapshot().document("pins/b") == nil)
    try await store.close()
  }

  @Test(arguments: [Durability.memory, .durable, .committed])
  func everyDurabilityIsThereAfterClosing(durability: Durability) async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    let receipt = try await store.transaction(durability: durability) { try $0.put("notes/a", ["n": 1]) }
    if durability == .committed {
      #expect(try temporary.git("rev-parse", "HEAD") == "\(try #require(receipt.commit))\n")
    }
    try await store.close()
    #expect(try temporary.git("rev-parse", "HEAD") == "\(try #require(receipt.commit))\n")
  }
}
