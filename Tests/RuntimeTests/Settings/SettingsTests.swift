import Daybook
import DaybookRuntime
import Documents
import TestSupport
import Testing

/// Settings in a store with the definitions that Daybook ships.
struct SettingsTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let settings: Settings

  init() throws {
    temporary = try TemporaryStore(withTemplate: true)
    store = try temporary.open()
    settings = Settings(store)
  }

  @Test func theShippedSetIsThereAndHasNoProblems() throws {
    let effective = try settings.effective()
    #expect(effective.definitions.problems.map(\.message) == [])
    #expect(effective.problems.map(\.message) == [])
    #expect(effective.definitions.agents == ["deep_research", "search", "summary"])
    #expect(effective["search.services.google_scholar.weight"] == 0.4)
    #expect(effective["search_enhancement.relevance_threshold"] == 0.7)
    #expect(effective["ui.theme"] == "system")
    #expect(effective["network.proxy"] == .null)
    let research = try settings.effective(for: SettingsContext(agent: "deep_research"))
    #expect(research["max_iterations"] == 10)
    #expect(research["agent_behavior.search_depth"] == "deep")
    #expect(try settings.value("agents.summary.max_words") == 400)
  }

  @Test func theNextReadSeesWhatAnotherTransactionChanged() async throws {
    let ann = SettingsContext(user: "ann")
    let id = "0190b8a0-7b3c-7def-8000-0123456789ab"
    let session = SettingsContext(user: "ann", session: id)
    #expect(try settings.value("search.max_results", for: session) == 50)
    try await store.transaction { try $0.put("settings/users/ann", ["search": ["max_results": 20]]) }
    #expect(try settings.value("search.max_results", for: session) == 20)
    try await store.transaction { try $0.put("settings/sessions/\(id)", ["search": ["max_results": 7]]) }
    #expect(try settings.value("search.max_results", for: session) == 7)
    #expect(try settings.value("search.max_results", for: ann) == 20)
    #expect(try settings.value("search.max_results") == 50)
    try await store.transaction { try $0.delete("settings/sessions/\(id)") }
    #expect(try settings.value("search.max_results", for: session) == 20)
    try await store.transaction { try $0.delete("settings/users/ann") }
    #expect(try settings.value("search.max_results", for: session) == 50)
    try await store.close()
  }

  @Test func theNextReadSeesAChangedDefinition() async throws {
    #expect(try settings.value("ui.font_size") == 14)
    try await store.transaction {
      try $0.patch("settings/definitions/ui", merging: ["settings": ["ui.font_size": ["default": 16]]])
    }
    #expect(try settings.value("ui.font_size") == 16)
    try await store.transaction { try $0.delete("settings/definitions/ui") }
    #expect(throws: StoreError.self) { try settings.value("ui.font_size") }
    try await store.close()
  }

  @Test func aCommitOfSomethingElseLeavesTheSettingsAsTheyAre() async throws {
    #expect(try settings.value("search.max_results") == 50)
    try await store.transaction { try $0.patch("profiles/llm/gpt-4o", merging: ["temperature": 0.1]) }
    #expect(try settings.value("search.max_results") == 50)
    try await store.close()
  }

  @Test func readersAndAWriterAtOnceSeeOnlyWhatWasCommittedAndNothingOlder() async throws {
    let settings = settings
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var last = 0
          for _ in 0..<2_000 {
            let value = try settings.value("search.max_results", for: SettingsContext(user: "ann")).integer ?? 0
            let seen = value == 50 ? 0 : value
            #expect(seen >= last, "a reader went back")
            last = seen
          }
        }
      }
      group.addTask { [store] in
        for value in 1...49 {
          try await store.transaction {
            try $0.put("settings/users/ann", ["search": ["max_results": .number(JSONNumber(value))]])
          }
          #expect(try settings.value("search.max_results", for: SettingsContext(user: "ann")).integer == value)
        }
      }
      try await group.waitForAll()
    }
    try await store.close()
  }
}
