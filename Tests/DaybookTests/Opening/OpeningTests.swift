import Daybook
import Documents
import Foundation
import Storage
import TestSupport
import Testing

@Suite struct OpeningTests {
  private func expectFailure(_ code: StoreError.Code, _ temporary: TemporaryStore) throws -> StoreError {
    let error = #expect(throws: StoreError.self) { try temporary.open() }
    let found = try #require(error)
    #expect(found.code == code, "\(found)")
    return found
  }

  @Test func everythingIsThereAgainAfterReopening() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    for number in 0..<50 {
      try await store.transaction { try $0.put("notes/n\(number)", ["n": .number(JSONNumber(number)), "s": "x"]) }
    }
    let before = store.snapshot()
    try await store.close()
    let reopened = try temporary.open()
    let after = reopened.snapshot()
    #expect(after.sequence == before.sequence)
    #expect(after.commit == before.commit)
    #expect(
      try after.query(Query("notes").limited(to: 100)).documents.map(\.revision)
        == before.query(Query("notes").limited(to: 100)).documents.map(\.revision))
    #expect(try await reopened.check().findings == [])
    try await reopened.close()
  }

  /// What was written last may be all that a power failure leaves.
  @Test func aFileThatIsAheadOfTheBranchButNotOfTheLogIsNoEdit() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let gate = Gate(at: .packed)
    let store = try temporary.open { gate.pass($0) }
    try await store.settle()
    var copy: TemporaryStore?
    try await gate.held {
      for number in 1...2 { try await store.transaction { try $0.put("notes/a", ["n": .number(JSONNumber(number))]) } }
      copy = try temporary.copy()
    }
    let crashed = try #require(copy)
    try await store.close()
    let newest = try temporary.read("notes/a.json")
    try crashed.write(newest.replacing("2", with: "1"), to: "notes/a.json")
    let reopened = try crashed.open()
    try await reopened.settle()
    #expect(try crashed.read("notes/a.json") == newest)
    #expect(try reopened.status().editedFiles == [])
    try await reopened.close()
  }

  /// One commit may hold thousands of documents, as those of an import: counted in commits, the stored index would hardly
  /// be behind, and each opening would index them again.
  @Test func afterAnImportTheIndexIsStoredThoughCommitsAreFew() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await store.transaction { try $0.put("notes/first", ["n": 0]) }
    try await store.close()
    let before = try temporary.bytes(".git/daybook/index")
    let reopened = try temporary.open()
    try await reopened.transaction { transaction in
      for number in 0..<1_000 { try transaction.put("notes/n\(number)", ["n": .number(JSONNumber(number))]) }
    }
    try await reopened.close()
    #expect(try temporary.bytes(".git/daybook/index") > before + 1_000 * 20)
  }

  @Test func afterACleanCloseNoFileIsTakenForALeftover() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await store.transaction { try $0.put("notes/a", text: try text("{\"n\": 1}\n")) }
    try await store.transaction { try $0.put("notes/b", ["n": 1]) }
    try await store.close()
    let old = try temporary.read("notes/a.json")
    try temporary.write("{\"n\": 2}\n", to: "notes/a.json")
    try temporary.git("commit", "--quiet", "-am", "by hand")
    try temporary.write(old, to: "notes/a.json")
    try temporary.remove("notes/b.json")
    let reopened = try temporary.open()
    try await reopened.close()
    #expect(try temporary.read("notes/a.json") == old)
    #expect(!temporary.exists("notes/b.json"))
  }

  @Test func aLockThatAKilledProcessLeftOnTheBranchIsRemoved() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    try temporary.write("", to: ".git/refs/heads/main.lock")
    let store = try temporary.open()
    try await store.transaction(durability: .committed) { try $0.put("notes/a", ["n": 1]) }
    try await store.close()
    #expect(!temporary.exists(".git/refs/heads/main.lock"))
  }

  @Test func aWriteWaitsWhileAGitCommandHoldsTheBranch() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try temporary.write("", to: ".git/refs/heads/main.lock")
    let command = WorkerThread {
      SystemTime.pause(milliseconds: 300)
      try? temporary.remove(".git/refs/heads/main.lock")
    }
    let receipt = try await store.transaction(durability: .committed) { try $0.put("notes/a", ["n": 1]) }
    command.join()
    let commit = try #require(receipt.commit)
    #expect(try temporary.git("rev-parse", "HEAD") == "\(commit)\n")
    try await store.close()
  }

  @Test func theIndexIsMadeAgainWhenItsFileIsMissingStaleOrDamaged() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    for number in 0..<30 {
      try await store.transaction { try $0.put("notes/n\(number)", ["n": .number(JSONNumber(number))]) }
    }
    try await store.close()
    let index = URL(fileURLWithPath: temporary.path + "/.git/daybook/index")
    let good = try Data(contentsOf: index)
    for damage in 0..<12 {
      var bytes = good
      switch damage {
      case 0: try FileManager.default.removeItem(at: index)
      case 1: try Data().write(to: index)
      case 2: try good.prefix(good.count / 2).write(to: index)
      default:
        bytes[bytes.count * (damage - 2) / 10] ^= 0x10
        try bytes.write(to: index)
      }
      let reopened = try temporary.open()
      #expect(try reopened.snapshot().count(of: "notes") == 30)
      #expect(try await reopened.check().findings == [], "damage \(damage)")
      try await reopened.close()
    }
    let reopened = try temporary.open()
    try await reopened.transaction { try $0.put("notes/late", ["n": 1]) }
    try await reopened.close()
    try good.write(to: index)
    let stale = try temporary.open()
    #expect(try stale.snapshot().count(of: "notes") == 31)
    #expect(try await stale.check().findings == [])
    try await stale.close()
  }

  @Test func aSecondOwnerIsToldWhoTheFirstIs() async throws {
    let temporary = try TemporaryStore()
    let store = try temporary.open()
    let error = try expectFailure(.busy, temporary)
    #expect(error.message.contains("a test"))
    try await store.close()
    try await temporary.open().close()
  }

  @Test func aNewerFormatIsLeftAlone() throws {
    let temporary = try TemporaryStore()
    let manifest = try temporary.read("daybook.json")
    try temporary.write(manifest.replacing("\"format\": 1", with: "\"format\": 2"), to: "daybook.json")
    let error = try expectFailure(.newerFormat, temporary)
    #expect(error.message.contains("2"))
  }

  @Test func aFolderWithoutAStoreIsNotFound() {
    let error = #expect(throws: StoreError.self) { try Store.openBlocking(at: "/tmp") }
    #expect(error?.code == .notFound)
  }

  @Test func aDamagedLogIsRefusedAndLeftAsItIs() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let log = temporary.path + "/.git/daybook/log"
    let store = try temporary.open()
    for number in 0..<20 { try await store.transaction { try $0.put("notes/n\(number)", ["n": 1]) } }
    // A copy of the log from before the archive drops it, put back after closing, with a bit flipped in its middle.
    let names = try FileManager.default.contentsOfDirectory(atPath: log)
    let segment = URL(fileURLWithPath: "\(log)/\(try #require(names.sorted().last))")
    var bytes = try Data(contentsOf: segment)
    try await store.close()
    bytes[1000] ^= 4
    try bytes.write(to: segment)
    let error = try expectFailure(.damaged, temporary)
    #expect(error.hint?.contains("log") == true)
    #expect(try Data(contentsOf: segment) == bytes)
  }

  @Test func aNewSchemaFileIsANewKindAndIsCommitted() async throws {
    let temporary = try TemporaryStore()
    try temporary.write(SampleKinds.notes.schema, to: "schemas/note.schema.json")
    let store = try temporary.open()
    try await store.transaction { try $0.put("notes/a", ["n": 1]) }
    try await store.close()
    #expect(try temporary.git("status", "--porcelain") == "")
    #expect(
      try temporary.git(
        "log", "-1", "--format=%(trailers:key=Daybook-Origin,valueonly)", "--", "schemas/note.schema.json"
      )
      .hasPrefix("hand"))
  }

  @Test func aBrokenSchemaFileLeavesTheLastGoodKindInForce() async throws {
    let temporary = try TemporaryStore(kinds: [SampleKinds.notes])
    try await temporary.open().close()
    try temporary.write("{ \"broken\": ", to: "schemas/note.schema.json")
    let store = try temporary.open()
    #expect(store.schemaProblems.first?.message.contains("schemas/note.schema.json:1:") == true)
    try await store.transaction { try $0.put("notes/a", ["n": 1]) }
    #expect(try await store.check().findings.map(\.kind).contains(.schema))
    try await store.close()
    #expect(try temporary.read("schemas/note.schema.json") == "{ \"broken\": ")
  }

  @Test func aDetachedHeadIsRefused() async throws {
    let temporary = try TemporaryStore()
    try temporary.git("checkout", "-q", "--detach")
    #expect(try expectFailure(.refused, temporary).hint?.contains("git checkout main") == true)
  }

  @Test func anInitThatCanMakeNoKeyRingLeavesNothingInTheWayOfTheNext() throws {
    let temporary = try TemporaryStore()
    let path = temporary.folder + "/second"
    var options = temporary.options()
    options.environment["DAYBOOK_KEYS"] = "{}"
    let error = #expect(throws: StoreError.self) { try Store.createBlocking(at: path, options: options) }
    #expect(error?.code == .refused)
    _ = try Store.createBlocking(at: path, options: temporary.options())
    try Store.openBlocking(at: path, options: temporary.options()).closeBlocking()
  }

  @Test func initRefusesAFolderThatIsAStoreOrARepositoryAlready() throws {
    let temporary = try TemporaryStore()
    let error = #expect(throws: StoreError.self) {
      try Store.createBlocking(at: temporary.path, options: temporary.options())
    }
    #expect(error?.code == .refused)
  }
}

extension TemporaryStore {
  fileprivate func bytes(_ file: String) throws -> Int {
    try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(file)")).count
  }
}
