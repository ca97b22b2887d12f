import Daybook
import Documents
import Foundation
import TestSupport
import Testing

/// Commits of plain Git that hold what the store would never have written.
@Suite(.timeLimit(.minutes(20))) struct ArrivingCommitTests {
  private let temporary: TemporaryStore
  private static let secret = "sk-committed-in-clear-0123456789"

  init() throws {
    temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try store.transactionBlocking { transaction in
      try transaction.put("notes/a", text: try text("{\n  \"n\": 1,\n  \"s\": \"x\"\n}\n"))
      try transaction.put("profiles/llm/p", Self.profile("sk-before"))
    }
    try store.closeBlocking()
  }

  private static func profile(_ key: String) -> JSONValue {
    [
      "name": "p", "provider": "openai", "base_url": "https://api.example.org/v1", "model": "m",
      "api_key": .string(key),
    ]
  }

  private func commit(_ content: String, to file: String) throws {
    try temporary.write(content, to: file)
    try temporary.gitUntilItWorks("add", file)
    try temporary.gitUntilItWorks("commit", "-q", "-m", "by hand", "--", file)
  }

  private func number(_ store: Store, _ address: String) throws -> Int? {
    try store.snapshot().document(address)?.root["n"]?.integer
  }

  /// Whether the store is open while the commit is made.
  @Test(arguments: [true, false]) func anInvalidDocumentIsToldAndTheLastGoodOneServed(isOpen: Bool) async throws {
    var store = isOpen ? try temporary.openWatching() : nil
    try await store?.settle()
    try commit("{\n  \"n\": 1,\n  oops\n}\n", to: "notes/a.json")
    try commit("{\n  \"n\": \"text\"\n}\n", to: "notes/new.json")
    let opened = try store ?? temporary.openWatching()
    store = opened
    try await eventually { try opened.status().fileProblems.map(\.path) == ["notes/a.json", "notes/new.json"] }
    let messages = try opened.status().fileProblems.map(\.error.message)
    #expect(messages[0].contains("line 3"))
    #expect(messages[1].contains("line 2, column 8: /n n must be an integer"), "\(messages)")
    #expect(try number(opened, "notes/a") == 1)
    #expect(try opened.snapshot().document("notes/new") == nil)
    #expect(try temporary.read("notes/a.json").contains("oops"), "the person's file stays")
    #expect(try opened.snapshot().blame("notes/a").count == 2, "it was never served")
    // Nobody is held up, and it is told again by whoever opens the store.
    try await opened.transaction { try $0.patch("notes/a", merging: ["s": "y"]) }
    try await opened.close()
    let again = try temporary.openWatching()
    try await eventually { try again.status().fileProblems.count == 2 }
    try temporary.write("{\n  \"n\": 7,\n  \"s\": \"x\"\n}\n", to: "notes/a.json")
    try temporary.write("{\n  \"n\": 8\n}\n", to: "notes/new.json")
    try await eventually { try number(again, "notes/a") == 7 && number(again, "notes/new") == 8 }
    try await temporary.closeSoundly(again)
  }

  @Test(arguments: [true, false]) func aSecretInClearTextIsSealedAndToldAsALeak(isOpen: Bool) async throws {
    var store = isOpen ? try temporary.openWatching() : nil
    try await store?.settle()
    let file = "profiles/llm/p.json"
    let before = try temporary.read(file)
    try commit(before.replacing(/"sealed:[^"]*"/, with: "\"\(Self.secret)\""), to: file)
    let opened = try store ?? temporary.openWatching()
    store = opened
    try await eventually { try opened.status().leaks.map(\.document) == ["profiles/llm/p"] }
    let leak = try #require(try opened.status().leaks.first)
    #expect(leak.member == "/api_key")
    #expect(try temporary.git("show", "\(leak.commit)").contains(Self.secret))
    let snapshot = opened.snapshot()
    let document = try #require(try snapshot.document("profiles/llm/p"))
    #expect(document.root["api_key"]?.string?.hasPrefix("sealed:") == true)
    #expect(try snapshot.revealed(document).root["api_key"]?.string == Self.secret)
    try await opened.settle()
    #expect(try !temporary.read(file).contains(Self.secret), "the file is sealed as well")
    #expect(try !temporary.git("show", "HEAD:\(file)").contains(Self.secret))
    #expect(try !temporary.read(".git/daybook/leaks").contains(Self.secret))
    #expect(try !"\(opened.status())".contains(Self.secret))
    // Sealed again with another key it is the same value, which is still in the history.
    _ = try await opened.rotateKeys()
    #expect(try opened.status().leaks.count == 1)
    try await opened.close()
    let again = try temporary.openWatching()
    #expect(try again.status().leaks.count == 1)
    try await again.transaction { try $0.patch("profiles/llm/p", merging: ["api_key": "sk-after"]) }
    #expect(try again.status().leaks.isEmpty)
    try await temporary.closeSoundly(again)
  }

  @Test func aSecretThatIsSealedByTheNextCommitIsALeakAllTheSame() async throws {
    let file = "profiles/llm/p.json"
    let store = try temporary.open()
    let sealed = try temporary.read(file)
    let revealed = try store.snapshot().revealed(try #require(try store.snapshot().document("profiles/llm/p")))
    try await store.close()
    try commit(revealed.string, to: file)
    try commit(sealed, to: file)
    let again = try temporary.open()
    #expect(try again.status().leaks.map(\.member) == ["/api_key"])
    try await temporary.closeSoundly(again)
  }

  @Test func sealedValuesArriveWhereTheKeyIsNotKnown() async throws {
    let copy = try temporary.copy()
    let elsewhere = try copy.open()
    try await elsewhere.transaction { try $0.put("profiles/llm/p", Self.profile("sk-elsewhere")) }
    try await elsewhere.close()
    try FileManager.default.removeItem(atPath: temporary.folder + "/config")
    try temporary.git("pull", "-q", copy.path, "main")
    let keyless = try temporary.openWatching()
    let theirs = try copy.read("profiles/llm/p.json")
    #expect(try keyless.snapshot().document("profiles/llm/p")?.text.string == theirs)
    #expect(try keyless.status().fileProblems.isEmpty)
    // In clear text it cannot be taken without a key.
    try commit(theirs.replacing(/"sealed:[^"]*"/, with: "\"\(Self.secret)\""), to: "profiles/llm/p.json")
    try await eventually { try keyless.status().fileProblems.first?.error.code == .keyMissing }
    #expect(try keyless.snapshot().document("profiles/llm/p")?.text.string == theirs)
    #expect(try keyless.status().leaks.count == 1)
    try await keyless.close()
  }

  @Test func aBrokenSchemaIsPutRightAndItsDocumentsAreCheckedByTheLastGoodOne() async throws {
    let store = try temporary.openWatching()
    try await store.settle()
    try temporary.write("{\"n\": 3}\n", to: "notes/c.json")
    try temporary.write("{\"n\": \"x\"}\n", to: "notes/d.json")
    try temporary.write("{ \"oops\" }\n", to: "schemas/note.schema.json")
    try temporary.gitUntilItWorks("add", "notes", "schemas")
    try temporary.gitUntilItWorks("commit", "-q", "-m", "broken")
    try await eventually { try number(store, "notes/c") == 3 }
    try await eventually { store.schemaProblems.count == 1 }
    try await eventually { try store.status().fileProblems.map(\.path) == ["notes/d.json"] }
    #expect(try store.snapshot().document("notes/d") == nil)
    #expect(try !temporary.git("show", "HEAD:schemas/note.schema.json").contains("oops"))
    try temporary.write(SampleKinds.notes.schema, to: "schemas/note.schema.json")
    try temporary.write("{\"n\": 4}\n", to: "notes/d.json")
    try await eventually { try number(store, "notes/d") == 4 && store.schemaProblems.isEmpty }
    try await temporary.closeSoundly(store)
  }

  /// `git cherry-pick` takes our message along, with the sequence that another commit had.
  @Test func aCommitOfOursThatIsPickedAgainHasASequenceOfItsOwn() async throws {
    var store = try temporary.open()
    try await store.transaction { try $0.put("notes/a", ["n": 2]) }
    let picked = try #require(store.snapshot().commit)
    try await store.transaction { try $0.put("notes/a", ["n": 1, "s": "x"]) }
    let before = store.snapshot().sequence
    try await store.close()
    try temporary.git("cherry-pick", "\(picked)")
    store = try temporary.open()
    #expect(try number(store, "notes/a") == 2)
    #expect(store.snapshot().sequence == before + 1)
    try await temporary.closeSoundly(store)
  }

  @Test func whatANewerProgramHasCommittedIsLeftToIt() async throws {
    let store = try temporary.openWatching()
    try await store.settle()
    let manifest = try temporary.read("daybook.json")
    try commit(manifest.replacing("\"format\": 1", with: "\"format\": 99"), to: "daybook.json")
    try await eventually { try store.status().failure?.code == .newerFormat }
    #expect(throws: StoreError.self) {
      try store.transactionBlocking { try $0.put("notes/a", ["n": 9]) }
    }
    try? await store.close()
  }
}
