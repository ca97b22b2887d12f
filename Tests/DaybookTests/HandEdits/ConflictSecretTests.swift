import Daybook
import Documents
import Foundation
import Synchronization
import TestSupport
import Testing

/// Secrets on either side of changes that collide: what is kept of those is no secret.
@Suite(.timeLimit(.minutes(20))) struct ConflictSecretTests {
  private let temporary: TemporaryStore
  private static let file = "profiles/llm/p.json"
  private static let byHand = "sk-by-hand-0123456789"
  private static let byProgram = "sk-by-program-0123456789"

  init() throws {
    temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try store.transactionBlocking { try $0.put("profiles/llm/p", Self.profile("sk-before")) }
    try store.closeBlocking()
  }

  private static func profile(_ key: String) -> JSONValue {
    ["name": "p", "provider": "openai", "model": "m", "api_key": .string(key)]
  }

  private func typeIn(_ key: String) throws {
    let before = try temporary.read(Self.file)
    try temporary.write(before.replacing(/"api_key": "[^"]*"/, with: "\"api_key\": \"\(key)\""), to: Self.file)
  }

  @Test func aWriteThatMeetsAnEditOfTheSameSecretTellsNeither() async throws {
    let store = try temporary.open()
    try typeIn(Self.byHand)
    try await store.transaction { try $0.put("profiles/llm/p", Self.profile(Self.byProgram)) }
    let conflict = try conflict(in: store)
    #expect(conflict["pointer"]?.string == "/api_key")
    #expect(conflict["kept"]?.string == "‹sealed›" && conflict["lost"]?.string == "‹sealed›")
    try await finish(store, holding: Self.byProgram)
  }

  @Test func aWriteThatMeetsADeletionTellsNoSecretOfTheWholeDocument() async throws {
    let store = try temporary.open()
    try temporary.remove(Self.file)
    try await store.transaction { try $0.put("profiles/llm/p", Self.profile(Self.byProgram)) }
    let conflict = try conflict(in: store)
    #expect(conflict["pointer"]?.string == "")
    #expect(conflict["kept"]?["api_key"]?.string == "‹sealed›" && conflict["kept"]?["model"]?.string == "m")
    try await finish(store, holding: Self.byProgram)
  }

  @Test func anEditThatMeetsAWriteOfTheSameSecretTellsNeither() async throws {
    let store = try temporary.open()
    let good = try temporary.read(Self.file)
    try temporary.write("oops", to: Self.file)
    try await store.transaction { try $0.put("profiles/llm/p", Self.profile(Self.byProgram)) }
    try temporary.write(good, to: Self.file)
    try typeIn(Self.byHand)
    try await store.takeInHandEdits()
    #expect(try conflict(in: store)["pointer"]?.string == "/api_key")
    try await finish(store, holding: Self.byHand)
  }

  /// The process died with a write in its log, and a person committed before the store was opened again.
  @Test func aCommitOfAPersonsThatMeetsAWriteOfTheSameSecretTellsOnlyItsOwn() async throws {
    let crashed = Mutex<TemporaryStore?>(nil)
    let isArmed = Atomic(false)
    let temporary = temporary
    let store = try temporary.open { step in
      guard step == .published, isArmed.load(ordering: .relaxed) else { return }
      crashed.withLock { if $0 == nil { $0 = try? temporary.copy() } }
    }
    isArmed.store(true, ordering: .relaxed)
    try await store.transaction { try $0.put("profiles/llm/p", Self.profile(Self.byProgram)) }
    try await store.close()
    let copy = try #require(crashed.withLock { $0 })
    let before = try copy.read(Self.file)
    let edited = before.replacing(/"api_key": "[^"]*"/, with: "\"api_key\": \"\(Self.byHand)\"")
    try copy.write(edited, to: Self.file)
    try copy.git("commit", "-q", "-am", "by hand")
    let again = try copy.open()
    #expect(try conflict(in: again)["lost"]?.string == "‹sealed›")
    try await again.close()
    let conflicts = try copy.git("log", "-p", "-m", "--all", "--format=", "--", "conflicts")
    #expect(conflicts.contains("‹sealed›") && !conflicts.contains("sk-by-"))
  }

  private func conflict(in store: Store) throws -> JSONNode {
    try #require(try store.snapshot().query(Query("conflicts")).documents.first?.root)
  }

  private func finish(_ store: Store, holding key: String) async throws {
    let document = try #require(try store.snapshot().document("profiles/llm/p"))
    #expect(try store.snapshot().revealed(document).root["api_key"]?.string == key)
    try await store.close()
    #expect(try !temporary.git("log", "-p", "-m", "--all").contains("sk-by-"))
  }
}
