import Daybook
import Documents
import Testing

@testable import DaybookRuntime

struct SettingDefinitionsTests {
  @Test(arguments: [
    ("serch.depth", nil, "There is no setting 'serch.depth'.", "Did you mean 'search.depth'?"),
    ("search", nil, "There is no setting 'search'.", "settings list"),
    ("max_word", "summary", "There is no setting 'max_word'.", "Did you mean 'max_words'?"),
    ("max_words", nil, "There is no setting 'max_words'.", "settings list"),
    ("agents.summary.max_wrds", nil, "There is no setting", "Did you mean 'agents.summary.max_words'?"),
    ("search.depth", "sumary", "No agent 'sumary' has settings.", "Did you mean 'summary'?"),
    ("agents.sumary.search.depth", nil, "No agent 'sumary' has settings.", "These have: summary."),
    ("Search.Depth", nil, "There is no setting 'Search.Depth'.", "Did you mean 'search.depth'?"),
  ])
  func anUnknownNameIsAnsweredWithTheNearestOne(name: String, agent: String?, message: String, hint: String) throws {
    let definitions = try SampleSettings.definitions()
    let error = #expect(throws: StoreError.self) { _ = try definitions.find(name, for: agent) }
    #expect(error?.code == .notFound)
    #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    #expect(error?.hint?.contains(hint) == true, "\(error?.hint ?? "")")
  }

  @Test func anAgentsOwnIsFoundByBothOfItsNames() throws {
    let definitions = try SampleSettings.definitions()
    let short = try definitions.find("max_words", for: "summary")
    let long = try definitions.find("agents.summary.max_words", for: nil)
    #expect(short.key == long.key && short.agent == "summary" && long.agent == "summary")
    let general = try definitions.find("agents.summary.search.depth", for: "summary")
    #expect(general.key.text == "search.depth" && general.agent == "summary")
  }

  @Test(arguments: [
    ("\"other.depth\"", "", "does not begin with 'mine.'"),
    ("\"mine.Depth\"", "", "is no key"),
    ("\"mine.a\"", "\"rules\": {\"minimum\": \"x\"},", "has rules that are no JSON Schema"),
    ("\"mine.a\"", "\"rules\": {\"minimum\": 5},", "breaks its own rule: the default must be at least 5"),
    (
      "\"mine.a\"", "\"options\": [{\"value\": 3, \"name\": \"three\"}, {\"value\": \"x\", \"name\": \"x\"}],",
      "has the option \"x\""
    ),
  ])
  func aDefinitionThatCannotBeUsedIsLeftOutAndTold(key: String, more: String, problem: String) throws {
    let text = "{\"settings\": {\(key): {\"type\": \"integer\", \"default\": 3, \(more) \"scopes\": [\"system\"]}}}"
    let definitions = try SampleSettings.definitions(("mine", text))
    #expect(definitions.problems.count == 1)
    let message = definitions.problems.first?.message ?? ""
    #expect(message.hasPrefix("settings/definitions/mine.json:1:") && message.contains(problem), "\(message)")
    #expect(definitions.keys(for: nil).map(\.text) == ["search.depth", "search.engine"])
  }

  @Test func aSettingInsideOfAnotherIsLeftOut() throws {
    let setting = "{\"type\": \"object\", \"default\": {}, \"scopes\": [\"system\"]}"
    let definitions = try SampleSettings.definitions(
      (
        "mine",
        "{\"settings\": {\"mine.a\": \(setting), \"mine.a.b\": \(setting), \"mine.c.d\": \(setting), \"mine.c\": \(setting)}}"
      ))
    #expect(definitions.problems.count == 2)
    #expect(definitions.has("mine.a") && definitions.has("mine.c.d") && !definitions.has("mine.a.b"))
  }

  @Test func anAgentsOwnOfAnotherTypeThanTheGeneralSettingIsLeftOut() throws {
    let definitions = SettingDefinitions(
      try [
        ("search", SampleSettings.search),
        (
          "agents",
          "{\"settings\": {\"agents.a.search.depth\": {\"type\": \"string\", \"default\": \"x\", \"scopes\": [\"user\"]}}}"
        ),
      ]
      .map { ($0, try JSONText(parsing: $1).root, "settings/definitions/\($0).json") })
    #expect(definitions.problems.map { $0.message.contains("'agents.a.search.depth' is of type string") } == [true])
    #expect(definitions.definition(try #require(SettingKey("search.depth")), of: "a")?.type == .integer)
  }
}
