import Documents
import Foundation
import Sodium
import TestSupport
import Testing

@testable import Daybook

/// Rotation in a store: what is sealed again, what is retired, and what becomes of those who write meanwhile.
@Suite struct KeyRotationTests {
  private static let kind = """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "x-daybook": { "collection": "vault", "ids": "given", "partition": "flat" },
      "type": "object",
      "properties": {
        "a": { "type": ["string", "null"], "x-secret": true },
        "list": { "type": "array", "items": { "properties": { "k": { "type": "string", "x-secret": true } } } },
        "n": { "type": "integer" }
      }
    }
    """

  private func makeStore(documents: Int) throws -> TemporaryStore {
    let temporary = try TemporaryStore(kinds: [("vault", Self.kind)])
    let store = try temporary.open()
    try store.transactionBlocking { transaction in
      for number in 0..<documents {
        let text = #"{"a": "secret \#(number)",  "list": [{"k": "element", "id": "x"}], "n": 1.0}"#
        try transaction.put("vault/v\(number)", text: JSONText(parsing: text))
      }
    }
    try store.closeBlocking()
    return temporary
  }

  private func secret(_ number: Int, in store: Store) throws -> String? {
    let snapshot = store.snapshot()
    let document = try #require(try snapshot.document("vault/v\(number)"))
    return try snapshot.revealed(document).root["a"]?.string
  }

  @Test func everySecretComesUnderTheNewKeyInBoundedCommits() async throws {
    let temporary = try makeStore(documents: 250)
    let store = try temporary.open()
    let before = store.snapshot().sequence
    let report = try await store.rotateKeys()
    #expect(report.madeKey)
    #expect(report.secrets == 500)
    #expect(report.left == 0)
    #expect(report.retired.count == 1)
    #expect(store.snapshot().sequence == before + 3)
    let status = try await store.keyStatus()
    #expect(status.keys.map(\.state) == ["retired", "active"])
    #expect(status.keys.map(\.secrets) == [0, 500])
    #expect(status.keys.map(\.documents) == [0, 250])
    for number in [0, 99, 100, 249] { #expect(try secret(number, in: store) == "secret \(number)") }
    let commit = try #require(try store.snapshot().commits(limit: 1).first)
    #expect(commit.author.name == "Daybook")
    #expect(commit.origin == .rotation)
    try await store.close()
  }

  @Test func onlyTheEnvelopesOfADocumentChange() async throws {
    let temporary = try makeStore(documents: 1)
    let store = try temporary.open()
    let before = try #require(try store.snapshot().document("vault/v0"))
    _ = try await store.rotateKeys()
    let after = try #require(try store.snapshot().document("vault/v0"))
    func blanked(_ text: JSONText) -> String { text.string.replacing(/sealed:[^"]*/, with: "?") }
    #expect(after.text != before.text)
    #expect(blanked(after.text) == blanked(before.text))
    try await store.close()
  }

  @Test func anOldRevisionOpensWithTheRetiredKey() async throws {
    let temporary = try makeStore(documents: 1)
    let store = try temporary.open()
    let old = try #require(try store.snapshot().commits(limit: 1).first)
    for _ in 0..<3 { _ = try await store.rotateKeys() }
    let snapshot = store.snapshot()
    let document = try #require(try snapshot.past(at: Point(parsing: "#\(old.sequence)")).document("vault/v0"))
    #expect(try snapshot.revealed(document).root["a"]?.string == "secret 0")
    try await store.close()
  }

  @Test func aRevisionThatIsBroughtBackIsSealedAgainByTheNextRotation() async throws {
    let temporary = try makeStore(documents: 1)
    let store = try temporary.open()
    let old = try #require(try store.snapshot().document("vault/v0"))
    _ = try await store.rotateKeys()
    try await store.transaction { try $0.put("vault/v0", text: old.text) }
    #expect(try await store.keyStatus().keys.map(\.secrets) == [2, 0])
    _ = try await store.rotateKeys()
    #expect(try await store.keyStatus().keys.map(\.secrets) == [0, 0, 2])
    #expect(try secret(0, in: store) == "secret 0")
    try await store.close()
  }

  @Test func aHandEditedDocumentIsLeftToldAndTakenByTheNextRun() async throws {
    let temporary = try makeStore(documents: 3)
    let store = try temporary.open()
    try await store.transaction(durability: .committed) { try $0.patch("vault/v0", merging: ["n": 2]) }
    try await store.close()
    let path = try #require(try temporary.git("ls-files", "vault").split(separator: "\n").dropFirst().first)
    let edited = try temporary.read(String(path)).replacing("1.0", with: "7")
    try temporary.write(edited, to: String(path))
    let again = try temporary.open()
    let report = try await again.rotateKeys()
    guard report.left > 0 else { return try await again.close() }
    #expect(report.left == 2)
    #expect(report.refusals.map(\.code) == [.conflict])
    #expect(report.retired.isEmpty)
    #expect(try temporary.read(String(path)) == edited)
    try temporary.git("checkout", "--", String(path))
    let next = try await again.rotateKeys()
    #expect(!next.madeKey)
    #expect(next.left == 0)
    #expect(next.retired.count == 1)
    try await again.close()
  }

  @Test func whatAnotherMachineSealedIsLeftUntilItsKeyComes() async throws {
    let temporary = try makeStore(documents: 2)
    let store = try temporary.open()
    let phrase = Array("correct horse battery".utf8)
    let bundle = try await store.exportKeys(passphrase: phrase, cost: .least)
    try await store.close()
    try FileManager.default.removeItem(atPath: temporary.folder + "/config")

    let bare = try temporary.open()
    #expect(try await bare.keyStatus().keys.map(\.state) == ["missing"])
    let refused = await #expect(throws: StoreError.self) { try await bare.rotateKeys() }
    #expect(refused?.code == .keyMissing)
    let report = try await bare.rotateKeys(beginningRing: true)
    #expect(report.left == 4)
    #expect(report.secrets == 0)
    try await bare.transaction { try $0.patch("vault/v0", merging: ["n": 3]) }
    try await bare.transaction { try $0.setSecret("vault/v0", try JSONPointer(parsing: "/a"), to: "anew") }

    let taken = try await bare.importKeys(bundle, passphrase: phrase)
    #expect(taken.count == 1)
    let ended = try await bare.rotateKeys()
    #expect(!ended.madeKey, "the imported key is the one that is not retired yet")
    #expect(ended.left == 0)
    #expect(try secret(0, in: bare) == "anew")
    #expect(try secret(1, in: bare) == "secret 1")
    try await bare.close()
  }

  @Test func secretsFromATimeWhenTheyWereNoneAreSealed() async throws {
    let temporary = try makeStore(documents: 1)
    let store = try temporary.open()
    try await store.close()
    let open = Self.kind.replacing(#""n": { "type": "integer" }"#, with: #""n": {}, "m": { "type": "string" }"#)
    try temporary.write(open, to: "schemas/vault.schema.json")
    let clear = try temporary.open()
    try await clear.transaction { try $0.patch("vault/v0", merging: ["m": "in clear"]) }
    try await clear.close()
    let sealing = open.replacing(#""m": { "type": "string" }"#, with: #""m": { "type": "string", "x-secret": true }"#)
    try temporary.write(sealing, to: "schemas/vault.schema.json")
    let again = try temporary.open()
    #expect(try await again.keyStatus().unsealed == 1)
    _ = try await again.rotateKeys()
    #expect(try await again.keyStatus().unsealed == 0)
    let document = try #require(try again.snapshot().document("vault/v0"))
    #expect(document.text.root["m"]?.string?.hasPrefix("sealed:1:") == true)
    try await again.close()
  }

  /// A plan says what the run does.
  @Test func aPlanWritesNothing() async throws {
    let temporary = try makeStore(documents: 3)
    let store = try temporary.open()
    let before = store.snapshot().sequence
    let plan = try await store.planKeyRotation()
    #expect(plan.madeKey)
    #expect(plan.secrets == 6)
    #expect(store.snapshot().sequence == before)
    #expect(try await store.keyStatus().keys.count == 1)
    #expect(try await store.rotateKeys().secrets == 6)
    try await store.close()
  }

  /// Writers change, add and delete documents all the while; every secret opens to what was written last.
  @Test func writersAreNotDisturbed() async throws {
    let temporary = try makeStore(documents: 40)
    let store = try temporary.open()
    let written = try await withThrowingTaskGroup(of: [Int: String].self) { group in
      for worker in 0..<4 {
        group.addTask {
          var written: [Int: String] = [:]
          for round in 0..<30 {
            let number = worker * 10 + round % 10
            written[number] = "\(worker) \(round)"
            try await store.transaction {
              try $0.patch("vault/v\(number)", merging: ["a": .string("\(worker) \(round)")])
            }
          }
          return written
        }
      }
      for _ in 0..<5 { _ = try await store.rotateKeys() }
      return try await group.reduce(into: [:]) { $0.merge($1) { $1 } }
    }
    for (number, value) in written { #expect(try secret(number, in: store) == value) }
    #expect(try await store.rotateKeys().left == 0)
    #expect(try await store.keyStatus().keys.filter { $0.secrets > 0 }.map(\.state) == ["active"])
    #expect(try await store.check().findings == [])
    try await store.close()
  }
}
