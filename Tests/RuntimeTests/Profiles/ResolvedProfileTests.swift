import Daybook
import DaybookRuntime
import Documents
import Testing

/// What is in effect, in all states of the store and the environment.
struct ResolvedProfileTests {
  private let llm: ProfileKind
  private let rsshub: ProfileKind

  private static let profile = """
    {"name": "Work", "provider": "openai", "model": "gpt-4o", "api_key": "‹sealed›"}
    """
  private static let environment = [
    "OPENAI_BASE_URL": "http://localhost:8000/v1", "OPENAI_API_KEY": "sk-env", "OPENAI_MODEL": "tiny", "HOME": "/",
  ]

  init() throws {
    let kinds = try Kinds.shipped()
    llm = try ProfileKind.named("llm", in: kinds)
    rsshub = try ProfileKind.named("rsshub", in: kinds)
  }

  private func active(_ text: String = profile) throws -> ResolvedProfile.Active {
    .profile(id: "work", try JSONText(parsing: text).root)
  }

  @Test func theActiveProfileCountsAsAWholeWhateverTheEnvironmentSays() throws {
    let resolved = try ResolvedProfile(llm, active(), environment: Self.environment)
    #expect(resolved.source == .profile(id: "work"))
    #expect(resolved["model"] == "gpt-4o")
    #expect(resolved["base_url"] == "https://api.openai.com/v1", "the schema's default, not the environment's")
    #expect(resolved["temperature"] == 0.7)
    let origins = Dictionary(uniqueKeysWithValues: resolved.members.map { ($0.name, $0.origin) })
    #expect(origins["model"] == .profile && origins["base_url"] == .schema)
  }

  @Test func aKeyOfTheEnvironmentIsNotGivenToAProfileWithoutOne() throws {
    let resolved = try ResolvedProfile(
      llm, active(#"{"name": "L", "provider": "ollama", "model": "x"}"#), environment: Self.environment)
    #expect(resolved["api_key"] == nil)
  }

  @Test func withoutAnActiveProfileTheEnvironmentStandsIn() throws {
    let resolved = try ResolvedProfile(llm, .none, environment: Self.environment)
    #expect(resolved.source == .environment)
    #expect(resolved["base_url"] == "http://localhost:8000/v1")
    #expect(resolved["api_key"] == "sk-env")
    #expect(resolved["model"] == "tiny")
    #expect(resolved.notes == [])
    #expect(resolved.members.first { $0.name == "model" }?.origin == .variable("OPENAI_MODEL"))
  }

  @Test func oneVariableIsEnoughAndWhatIsMissingIsTold() throws {
    let resolved = try ResolvedProfile(llm, .none, environment: ["OPENAI_API_KEY": "sk-env", "OPENAI_MODEL": ""])
    #expect(resolved["base_url"] == "https://api.openai.com/v1")
    #expect(resolved["model"] == nil)
    #expect(resolved.notes == ["OPENAI_MODEL is not set, so there is no model."])
  }

  @Test func theOtherKindHasItsOwnVariables() throws {
    let resolved = try ResolvedProfile(
      rsshub, .none, environment: ["RSSHUB_BASE_URL": "http://localhost:1200", "RSSHUB_ACCESS_KEY": "k"])
    #expect(resolved["base_url"] == "http://localhost:1200")
    #expect(resolved["access_key"] == "k")
    #expect(throws: StoreError.self) { try ResolvedProfile(rsshub, .none, environment: Self.environment) }
  }

  @Test func nothingConfiguredNamesBothWays() throws {
    let error = #expect(throws: StoreError.self) { try ResolvedProfile(llm, .none, environment: ["HOME": "/"]) }
    #expect(error?.code == .notFound)
    #expect(error?.message.hasPrefix("The kind 'llm' is not configured") == true)
    #expect(error?.hint?.contains("daybook profile use llm/") == true)
    #expect(error?.hint?.contains("OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL") == true)
  }

  @Test func anActiveProfileThatIsGoneIsToldAndTheEnvironmentStandsIn() throws {
    let resolved = try ResolvedProfile(llm, .missing(id: "gone"), environment: Self.environment)
    #expect(resolved.source == .environment)
    #expect(resolved.notes == ["The active profile 'llm/gone' is not there; the environment is asked."])
    let error = #expect(throws: StoreError.self) { try ResolvedProfile(llm, .missing(id: "gone"), environment: [:]) }
    #expect(error?.message.contains("'llm/gone' is not there") == true)
  }

  @Test func aVariableThatBreaksTheRuleOfItsMemberIsRefusedByName() throws {
    let error = #expect(throws: StoreError.self) {
      try ResolvedProfile(llm, .none, environment: ["OPENAI_BASE_URL": "localhost:8000"])
    }
    #expect(error?.code == .invalid)
    #expect(error?.message.contains("OPENAI_BASE_URL") == true)
  }

  @Test func aKeyOfTheEnvironmentWithALineEndIsRefusedAndNotTold() throws {
    let error = #expect(throws: StoreError.self) {
      try ResolvedProfile(llm, .none, environment: ["OPENAI_API_KEY": "sk-canary\r"])
    }
    #expect(error?.code == .invalid)
    #expect(error?.message.hasPrefix("The variable OPENAI_API_KEY holds a control character") == true)
    #expect(error.map { "\($0)".contains("canary") } == false)
  }

  @Test func whileTheStoreCannotBeOpenedTheEnvironmentAnswers() throws {
    let busy = StoreError(.busy, "The store is in use.", hint: "Wait.")
    let resolved = try ResolvedProfile("llm", withoutStore: busy, environment: Self.environment, revealing: false)
    #expect(resolved.source == .environment)
    #expect(resolved["api_key"] == .string(ResolvedProfile.mask))
    #expect(resolved["model"] == "tiny")
    let open = try ResolvedProfile("llm", withoutStore: busy, environment: Self.environment, revealing: true)
    #expect(open["api_key"] == "sk-env")
  }

  @Test func withNeitherStoreNorEnvironmentTheStoresErrorIsTold() {
    let busy = StoreError(.busy, "The store is in use.", hint: "Wait.")
    let error = #expect(throws: StoreError.self) {
      try ResolvedProfile("llm", withoutStore: busy, environment: [:], revealing: false)
    }
    #expect(error?.code == .busy)
    #expect(
      error?.hint
        == "Wait. Without it the environment is asked, which has none of OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL."
    )
  }
}
