import Daybook
import DaybookRuntime
import Documents
import TestSupport
import Testing

struct SettingsEditTests {
  private let temporary: TemporaryStore
  private let store: Store

  init() throws {
    temporary = try TemporaryStore(withTemplate: true)
    store = try temporary.open()
  }

  private func edit(
    _ assignments: [(String, JSONValue?)], in target: SettingsSource, agent: String? = nil
  ) async throws -> Receipt {
    let edit = try SettingsEdit(
      assignments.map { SettingsEdit.Assignment($0, $1) }, in: target, agent: agent, store.snapshot())
    return try await store.transaction { try edit.add(to: &$0) }
  }

  @Test func severalSettingsBecomeOneCommit() async throws {
    let before = store.snapshot().sequence
    let receipt = try await edit(
      [("search.max_results", 10), ("ui.theme", "dark"), ("agents.summary.max_words", 90)], in: .user("ann"))
    #expect(receipt.sequence == before + 1)
    let document = try #require(try store.snapshot().document("settings/users/ann"))
    #expect(
      document.root.value == [
        "search": ["max_results": 10], "ui": ["theme": "dark"], "agents": ["summary": ["max_words": 90]],
      ])
    try await store.close()
  }

  @Test func takingTheLastSettingOfACategoryBackTakesTheCategoryToo() async throws {
    _ = try await edit([("search.max_results", 10), ("ui.theme", "dark")], in: .user("ann"))
    _ = try await edit([("ui.theme", nil)], in: .user("ann"))
    #expect(try store.snapshot().document("settings/users/ann")?.root.value == ["search": ["max_results": 10]])
    let receipt = try await edit([("ui.theme", nil)], in: .user("bob"))
    #expect(!receipt.changed)
    try await store.close()
  }

  @Test func anAgentGetsAGeneralSettingForItself() async throws {
    _ = try await edit([("search.max_results", 10)], in: .system, agent: "summary")
    let settings = Settings(store)
    #expect(try settings.value("search.max_results", for: SettingsContext(agent: "summary")) == 10)
    #expect(try settings.value("search.max_results") == 50)
    try await store.close()
  }

  @Test(arguments: [
    ("search.max_reslts", 5 as JSONValue, SettingsSource.system, StoreError.Code.notFound, "'search.max_reslts'"),
    ("search.max_results", 0, .system, .invalid, "search.max_results must be at least 1, found 0"),
    ("search.max_results", "many", .user("ann"), .invalid, "search.max_results must be an integer"),
    ("ui.theme", "blue", .user("ann"), .invalid, "ui.theme must be"),
    ("llm.temperature", 0.5, .user("ann"), .refused, "llm.temperature cannot be set for a user, only for: system"),
    ("ui.theme", "dark", .session("0190b8a0-7b3c-7def-8000-0123456789ab"), .notFound, "There is no session"),
    ("search.max_results", .null, .system, .invalid, "search.max_results must be an integer"),
  ])
  func whatCannotBeSetIsRefusedByName(
    name: String, value: JSONValue, target: SettingsSource, code: StoreError.Code, words: String
  ) async throws {
    let before = store.snapshot().sequence
    let error = await #expect(throws: StoreError.self) {
      _ = try await edit([("ui.font_size", 20), (name, value)], in: target)
    }
    #expect(error?.code == code)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    #expect(store.snapshot().sequence == before)
    try await store.close()
  }

  @Test func whoWritesOnAnOldStateIsToldAndChangesNothing() async throws {
    let late = try SettingsEdit([.init("ui.theme", "dark")], in: .system, store.snapshot())
    _ = try await edit([("ui.font_size", 20)], in: .system)
    let error = await #expect(throws: StoreError.self) { try await store.transaction { try late.add(to: &$0) } }
    #expect(error?.code == .conflict)
    try await store.close()
  }

  @Test func theSettingsOfASessionLieBesideItByDay() async throws {
    let receipt = try await store.transaction {
      _ = try $0.create(in: "sessions", ["title": "Talk", "status": "active"])
    }
    let id = try #require(receipt.documents.first?.address.id.text)
    _ = try await edit([("agent_behavior.search_depth", "deep")], in: .session(id))
    try await store.settle()
    let files = try temporary.git("ls-files", "settings/sessions").split(separator: "\n")
    #expect(files.count == 1 && files[0].hasSuffix("/\(id).json"))
    #expect(files[0].split(separator: "/").count == 5, "settings/sessions/<month>/<day>/<id>.json")
    try await store.close()
  }
}
