import Documents
import Foundation
import Sodium
import TestSupport
import Testing

@testable import Daybook

/// A store on a machine whose key ring is missing, damaged, another store's, or open to others: what needs no secret works,
/// and what needs one says what to do.
@Suite struct MissingKeyTests {
  private enum Harm: CaseIterable {
    case missing, damaged, foreign, readable

    var code: StoreError.Code {
      switch self {
      case .missing: .keyMissing
      case .damaged: .damaged
      case .foreign, .readable: .refused
      }
    }
  }

  private func harm(_ temporary: TemporaryStore, _ harm: Harm) throws {
    let folder = temporary.folder + "/config/daybook/keys"
    let file = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".json") })
    let path = "\(folder)/\(file)"
    switch harm {
    case .missing: try FileManager.default.removeItem(atPath: path)
    case .damaged: try Data("{".utf8).write(to: URL(filePath: path))
    case .foreign:
      let foreign = try KeyRing.fresh(storeID: "another", created: "").fileBytes
      try Data(foreign).write(to: URL(filePath: path))
    case .readable: try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    }
  }

  private let profile: JSONValue = ["name": "x", "provider": "openai", "model": "m", "api_key": "hunter2"]

  @Test(arguments: Harm.allCases) private func whatNeedsNoSecretWorks(_ kind: Harm) async throws {
    let temporary = try TemporaryStore()
    let store = try temporary.open()
    try await store.transaction { try $0.put("profiles/llm/one", profile) }
    try await store.close()
    try harm(temporary, kind)

    let keyless = try temporary.open()
    let snapshot = keyless.snapshot()
    let document = try #require(try snapshot.document("profiles/llm/one"))
    #expect(try snapshot.masked(document).root["api_key"]?.string == Envelope.mask)
    try await keyless.transaction { transaction in
      try transaction.patch("profiles/llm/one", merging: ["model": "other"])
      try transaction.put("profiles/llm/two", ["name": "y", "provider": "openai", "model": "m"])
    }
    #expect(try keyless.snapshot().query(Query("profiles/llm")).documents.count == 2)

    let problem = try #require(try keyless.status().keyProblem)
    #expect(problem.hint != nil)
    #expect(try await keyless.keyStatus().problem?.code == kind.code)
    let attempts: [() async throws -> Void] = [
      { _ = try snapshot.revealed(document) },
      { try await keyless.transaction { try $0.patch("profiles/llm/one", merging: ["api_key": "new"]) } },
      { _ = try await keyless.rotateKeys() },
      { _ = try await keyless.exportKeys(passphrase: Array("long enough phrase".utf8), cost: .least) },
    ]
    for attempt in attempts {
      let error = await #expect(throws: StoreError.self) { try await attempt() }
      #expect(error?.code == kind.code)
      #expect(error?.hint != nil)
    }
    #expect(try await keyless.check().findings == [])
    try await keyless.close()
  }

  /// By the library as by hand: the place is part of the key.
  @Test func aSealedValuePastedElsewhereDoesNotOpen() async throws {
    let temporary = try TemporaryStore()
    let store = try temporary.open()
    try await store.transaction { try $0.put("profiles/llm/one", profile) }
    let sealed = try #require(try store.snapshot().document("profiles/llm/one")).text.root["api_key"]?.string ?? ""
    let pasted: JSONValue = ["name": "x", "provider": "openai", "model": "m", "api_key": .string(sealed)]
    let error = await #expect(throws: StoreError.self) {
      try await store.transaction { try $0.put("profiles/llm/two", pasted) }
    }
    #expect(error?.code == .invalid)
    #expect(try store.snapshot().document("profiles/llm/two") == nil)
    try await store.close()

    // Past us, with plain Git: it is told, and not taken.
    try temporary.write(JSONText(formatting: pasted).string, to: "profiles/llm/two.json")
    try temporary.git("add", "profiles")
    try temporary.git("commit", "--quiet", "-m", "pasted")
    let again = try temporary.open()
    #expect(try again.snapshot().document("profiles/llm/two") == nil)
    try await again.takeInHandEdits()
    let problem = try #require(try again.status().fileProblems.first)
    #expect(problem.path == "profiles/llm/two.json")
    #expect(problem.error.message.contains("/api_key of profiles/llm/two does not open"))
    #expect(try await again.rotateKeys().left == 0)
    try await again.close()
  }

  /// The same id, and the same keys: still another store.
  @Test func aSealedValueOfAnotherStoreDoesNotOpen() async throws {
    let (here, there) = (try TemporaryStore(), try TemporaryStore())
    let other = try there.open()
    try await other.transaction { try $0.put("profiles/llm/one", profile) }
    let sealed = try #require(try other.snapshot().document("profiles/llm/one")).text
    try await other.close()
    let store = try here.open()
    let error = await #expect(throws: StoreError.self) {
      try await store.transaction { try $0.put("profiles/llm/one", text: sealed) }
    }
    #expect(error?.code == .keyMissing)
    try await store.close()
  }
}
