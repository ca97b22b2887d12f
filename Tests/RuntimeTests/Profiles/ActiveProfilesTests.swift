import Daybook
import DaybookRuntime
import Documents
import TestSupport
import Testing

/// Profiles in a store that Daybook made: `llm/gpt-4o` and `rsshub/home` are active.
struct ActiveProfilesTests {
  private let temporary: TemporaryStore
  private let store: Store

  init() throws {
    temporary = try TemporaryStore(withTemplate: true)
    store = try temporary.open()
  }

  private func name(_ text: String) throws -> ProfileName { try ProfileName(parsing: text, store.kinds) }

  private func active(_ kind: String) throws -> String? {
    try ActiveProfiles(in: store.snapshot()).id(of: ProfileKind.named(kind, in: store.kinds))
  }

  private func remove(_ profile: String, successor: String? = nil) async throws -> Receipt {
    let (name, snapshot) = (try name(profile), store.snapshot())
    return try await store.transaction { try ActiveProfiles.remove(name, successor: successor, in: snapshot, &$0) }
  }

  @Test func usingAProfileChangesTheRuntimeDocumentOnly() async throws {
    let (name, snapshot) = (try name("llm/local-ollama"), store.snapshot())
    let receipt = try await store.transaction { try ActiveProfiles.use(name, in: snapshot, &$0) }
    #expect(receipt.documents.map { "\($0.address)" } == ["runtime/active"])
    #expect(try active("llm") == "local-ollama")
    #expect(try active("rsshub") == "home")
    try await store.close()
  }

  @Test func usingTheFirstProfileMakesTheRuntimeDocument() async throws {
    try await store.transaction { try $0.delete("runtime/active") }
    let (name, snapshot) = (try name("profiles/llm/gpt-4o"), store.snapshot())
    try await store.transaction { try ActiveProfiles.use(name, in: snapshot, &$0) }
    #expect(try store.snapshot().document("runtime/active")?.root.value == ["llm": "gpt-4o"])
    try await store.close()
  }

  @Test(arguments: [
    ("llm/gpt-4", "There is no profile 'llm/gpt-4'.", "Did you mean 'llm/gpt-4o'?"),
    ("lm/gpt-4o", "There are no profiles of the kind 'lm'.", "Did you mean 'llm'?"),
  ])
  func anUnknownProfileIsAnsweredWithTheNearestOne(text: String, message: String, hint: String) async throws {
    let error = await #expect(throws: StoreError.self) { try await remove(text) }
    #expect(error?.code == .notFound)
    #expect(error?.message == message)
    #expect(error?.hint?.hasPrefix(hint) == true)
    try await store.close()
  }

  @Test func removingTheActiveProfileTakesItsSuccessorInTheSameCommit() async throws {
    let before = store.snapshot().sequence
    let error = await #expect(throws: StoreError.self) { try await remove("llm/gpt-4o") }
    #expect(error?.code == .usage)
    #expect(error?.hint == "Give --successor with one of: local-ollama.")
    #expect(store.snapshot().sequence == before)
    let receipt = try await remove("llm/gpt-4o", successor: "local-ollama")
    #expect(receipt.sequence == before + 1)
    #expect(try active("llm") == "local-ollama")
    #expect(try store.snapshot().document("profiles/llm/gpt-4o") == nil)
    try await store.close()
  }

  @Test(arguments: ["gpt-4o", "nobody", "a/b"])
  func aSuccessorThatCannotFollowIsRefused(successor: String) async throws {
    await #expect(throws: StoreError.self) { try await remove("llm/gpt-4o", successor: successor) }
    #expect(try active("llm") == "gpt-4o")
    try await store.close()
  }

  @Test func afterTheLastProfileOfItsKindNoneIsActive() async throws {
    _ = try await remove("rsshub/home")
    #expect(try active("rsshub") == nil)
    #expect(try active("llm") == "gpt-4o")
    try await store.close()
  }

  @Test func aProfileThatIsNotActiveHasNoSuccessor() async throws {
    _ = try await remove("llm/local-ollama")
    #expect(try active("llm") == "gpt-4o")
    try await store.close()
  }

  @Test func whatIsInEffectFollowsTheStore() async throws {
    let kind = try ProfileKind.named("llm", in: store.kinds)
    func resolved(_ revealing: Bool = false) throws -> ResolvedProfile {
      try ResolvedProfile(kind, in: store.snapshot(), environment: ["OPENAI_MODEL": "tiny"], revealing: revealing)
    }
    try await store.transaction { try $0.patch("profiles/llm/gpt-4o", merging: ["api_key": "sk-store"]) }
    #expect(try resolved()["api_key"] == "‹sealed›")
    #expect(try resolved(true)["api_key"] == "sk-store")
    try await store.transaction { try $0.patch("runtime/active", merging: ["llm": "gone"]) }
    #expect(try resolved().source == .environment)
    try await store.transaction { try $0.delete("runtime/active") }
    #expect(try resolved()["model"] == "tiny")
    try await store.close()
  }
}
