import Daybook
import DaybookRuntime
import Documents
import TestSupport
import Testing

/// Profiles tried on a server of the tests' own.
struct ProfileTestTests {
  private let server: StubServer
  private let kinds: Kinds

  init() throws {
    server = try StubServer()
    kinds = try Kinds.shipped()
  }

  private func llm(_ path: String, model: String = "tiny", key: String = "sk-stub", _ more: JSONObject = [:]) throws
    -> ResolvedProfile
  {
    var profile: JSONObject = [
      "name": "Stub", "provider": "openai", "base_url": .string("http://127.0.0.1:\(server.port)/\(path)"),
      "model": .string(model), "api_key": .string(key),
    ]
    for (name, value) in more { profile[name] = value }
    return try ResolvedProfile(
      ProfileKind.named("llm", in: kinds), .profile(id: "stub", JSONText(formatting: .object(profile)).root),
      environment: [:])
  }

  private func rsshub(_ path: String, key: String? = nil) throws -> ResolvedProfile {
    var profile: JSONObject = ["name": "Stub", "base_url": .string("http://127.0.0.1:\(server.port)/\(path)")]
    profile["access_key"] = key.map { .string($0) }
    return try ResolvedProfile(
      ProfileKind.named("rsshub", in: kinds), .profile(id: "stub", JSONText(formatting: .object(profile)).root),
      environment: [:])
  }

  private func steps(_ profile: ResolvedProfile) async throws -> [String] {
    var steps: [String] = []
    let passed = try await ProfileTest(profile).run { steps.append("\($0.name) \($0.outcome): \($0.detail)") }
    #expect(passed == !steps.contains { $0.contains(" failed: ") })
    return steps
  }

  @Test func aGoodEndpointPassesBothSteps() async throws {
    #expect(
      try await steps(llm("v1")) == [
        "models passed: 2 models, tiny among them", "completion passed: answered, 9 tokens in all",
      ])
  }

  @Test func aModelThatIsNotListedIsToldAndTriedAllTheSame() async throws {
    let steps = try await steps(llm("v1", model: "broken"))
    #expect(steps[0] == "models passed: 2 models, broken not among them")
    #expect(steps[1] == "completion failed: the server answered with 500: {\"error\": \"model is broken\"}")
  }

  @Test(arguments: [
    ("v1", "wrong", "the server refuses the key, or wants one (401): {\"error\": \"no key\"}"),
    ("echo", "sk-canary", "the server refuses the key, or wants one (401): bad key: Bearer ‹hidden›"),
    ("v2", "sk-stub", "there is nothing at this address (404): is the base URL right?"),
    ("html", "sk-stub", "the answer is no JSON: <html>hello</html>"),
    ("moved", "sk-stub", "the server sends elsewhere (302), and a key follows no redirection"),
    ("huge", "sk-stub", "the answer has more than 4 MiB"),
    ("down", "sk-stub", "the server answered with 503: out of order"),
  ])
  func aFailedStepSaysWhyAndSkipsTheRest(path: String, key: String, detail: String) async throws {
    #expect(
      try await steps(llm(path, key: key)) == [
        "models failed: \(detail)", "completion skipped: a step before it failed",
      ])
  }

  @Test func aKeyInAnAnswerIsHiddenBeforeTheAnswerIsCutShort() async throws {
    let key = "sk-canary-0123456789"
    let first = try #require(try await steps(llm("late", key: key)).first)
    #expect(first.hasSuffix("xBearer ‹hidden›"), "\(first)")
    for count in 3...key.count { #expect(!first.contains(key.prefix(count)), "\(first)") }
  }

  @Test func aKeyIsHiddenHoweverAServerSpellsIt() async throws {
    let key = "sk/canary\"&+1"
    #expect(
      try await steps(llm("quote", key: key)).first
        == "models failed: the server answered with 500: \"Bearer ‹hidden›\"")
    #expect(
      try await steps(rsshub("address", key: key)).last
        == "access key failed: the server answered with 500: /address/healthz?key=‹hidden›")
  }

  /// The client's own error quotes the header.
  @Test func aKeyThatIsNoHeaderIsNotTold() async throws {
    let first = try #require(try await steps(llm("v1", key: "sk-canary\r\nX-More: 1")).first)
    #expect(first == "models failed: the call failed: Invalid header field values")
  }

  @Test func anAnswerWithoutChoicesFails() async throws {
    #expect(try await steps(llm("empty")).last == "completion failed: the answer has no \"choices\"")
  }

  @Test func aServerThatDoesNotAnswerIsGivenUpAtTheProfilesTimeLimit() async throws {
    let steps = try await steps(llm("slow", ["timeout_s": 0.5]))
    #expect(steps.first == "models failed: no answer within 0.5 s")
  }

  @Test func aServerThatIsNotThereIsTold() async throws {
    let steps = try await steps(llm("v1", ["base_url": "http://127.0.0.1:1/v1"]))
    #expect(steps.first == "models failed: the connection was refused: does the server run, at this address?")
  }

  @Test func anOpenFeedServerIsHealthy() async throws {
    #expect(try await steps(rsshub("open")) == ["health passed: up"])
  }

  @Test func aClosedFeedServerWantsTheRightKey() async throws {
    #expect(
      try await steps(rsshub("closed", key: "sk-stub &")) == [
        "health passed: up, and wants its access key", "access key passed: accepted",
      ])
    #expect(
      try await steps(rsshub("closed", key: "other")).last?.hasPrefix("access key failed: the server refuses") == true)
    #expect(try await steps(rsshub("closed")).first?.hasPrefix("health failed: the server refuses") == true)
  }

  @Test func aProxyIsUsedAndOneWithoutAPortIsRefused() async throws {
    // The stub is no proxy, and says so; nobody else would know the host.
    var profile = try rsshub("open")
    profile = try ResolvedProfile(
      profile.kind,
      .profile(
        id: "stub",
        JSONText(formatting: [
          "name": "Stub", "base_url": "http://feeds.example.invalid",
          "proxy": .string("http://127.0.0.1:\(server.port)"),
        ]).root), environment: [:])
    #expect(try await steps(profile) == ["health failed: the proxy does not let the call through"])
    let portless = try ResolvedProfile(
      profile.kind, .profile(id: "x", JSONText(formatting: ["name": "x", "proxy": "http://proxy"]).root),
      environment: [:])
    await #expect(throws: StoreError.self) { try await ProfileTest(portless).run { _ in } }
  }
}
