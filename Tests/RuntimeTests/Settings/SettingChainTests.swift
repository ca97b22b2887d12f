import Daybook
import Documents
import TestSupport
import Testing

@testable import DaybookRuntime

struct SettingChainTests {
  @Test(arguments: Array(1...40) as [UInt64])
  func whatHoldsIsWhatANaiveLookupFinds(seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    let model = SettingModel(using: &random)
    let definitions = SettingDefinitions(model.definitionDocuments)
    #expect(definitions.problems.map(\.message) == [], "seed \(seed)")
    let contexts = [
      SettingsContext(), SettingsContext(user: "ann"), SettingsContext(session: "s"),
      SettingsContext(user: "ann", session: "s"),
    ]
    for var context in contexts {
      for agent in [nil, "one", "two"] {
        context.agent = agent
        let layers = context.sources.map(model.layer)
        let settings = EffectiveSettings(context, definitions, layers)
        for name in SettingModel.names + (agent == nil ? [] : ["only"]) {
          let expected = model.value(of: name, agent: agent, context.sources.map(\.scope.rawValue))
          #expect(settings[name]?.integer == expected, "seed \(seed), \(context), \(name)")
          let chain = try settings.chain(of: name)
          #expect(chain.value.integer == expected, "seed \(seed), \(context), \(name)")
          if let agent { #expect(settings["agents.\(agent).\(name)"] == settings[name], "seed \(seed)") }
        }
      }
    }
  }

  @Test func eachLinkSaysItsFileAndLine() throws {
    let settings = try Self.settings(
      agent: "summary",
      (.system, "{\n  \"search\": {\n    \"depth\": 2\n  }\n}"),
      (.user("ann"), "{\"agents\": {\"summary\": {\n\"search\": {\"depth\":\n\n7}}}}"))
    let chain = try settings.chain(of: "search.depth")
    #expect(
      chain.links.map { "\($0.origin.name) \($0.key) \($0.node.value.compactText) \($0.file):\($0.line)" } == [
        "default search.depth 3 settings/definitions/search.json:7",
        "system search.depth 2 settings/system.json:3",
        "user agents.summary.search.depth 7 settings/users/ann.json:4",
      ])
    #expect(chain.effective == 2)
  }

  @Test func anAgentsOwnCountsBeforeTheGeneralValueOfItsLayerOnly() throws {
    let own = "{\"search\": {\"depth\": 1}, \"agents\": {\"summary\": {\"search\": {\"depth\": 2}}}}"
    let general = "{\"search\": {\"depth\": 4}}"
    #expect(try Self.settings(agent: "summary", (.system, own))["search.depth"] == 2)
    #expect(try Self.settings(agent: nil, (.system, own))["search.depth"] == 1)
    #expect(try Self.settings(agent: "summary", (.system, own), (.user("ann"), general))["search.depth"] == 4)
  }

  @Test func aValueThatBreaksItsRuleDoesNotCountAndIsTold() throws {
    let settings = try Self.settings(
      agent: nil, (.system, "{\"search\": {\"depth\": 5}}"), (.user("ann"), "{\"search\": {\"depth\": 50}}"))
    #expect(settings["search.depth"] == 5)
    #expect(
      settings.problems.map(\.message) == [
        "settings/users/ann.json:1:22: search.depth must be at most 9, found 50. It does not count."
      ])
  }

  @Test func aGeneralValueThatBreaksTheRulesOfAnAgentsOwnDoesNotCountForTheAgent() throws {
    let own = """
      {"name": "Agents", "settings": {"agents.summary.search.depth": {
        "name": "Depth", "description": "How deep.", "type": "integer", "default": 1, "rules": {"maximum": 4},
        "scopes": ["system"], "public": true}}}
      """
    let definitions = SettingDefinitions(
      try [("search", SampleSettings.search), ("agents", own)].map { category, text in
        (category, try JSONText(parsing: text).root, "settings/definitions/\(category).json")
      })
    func depth(_ agent: String?) throws -> JSONValue? {
      let layer = SettingsLayer(
        source: .user("ann"), root: try JSONText(parsing: "{\"search\": {\"depth\": 8}}").root, file: "u")
      return EffectiveSettings(SettingsContext(user: "ann", agent: agent), definitions, [layer])["search.depth"]
    }
    #expect(try depth(nil) == 8)
    #expect(try depth("summary") == 1)
  }

  @Test func aValueInALayerThatMayNotSetItDoesNotCountAndIsTold() throws {
    let settings = try Self.settings(agent: nil, (.system, "{}"), (.user("ann"), "{\"search\": {\"engine\": \"x\"}}"))
    #expect(settings["search.engine"] == "none")
    #expect(
      settings.problems.map(\.message) == [
        "settings/users/ann.json:1:23: search.engine cannot be set for a user, only for: system. It does not count."
      ])
  }

  @Test func anUnknownNameInADocumentOfValuesIsTold() throws {
    let text =
      "{\"$schema\": \"x\", \"search\": {\"detph\": 1, \"depth\": 2}, \"agents\": {\"nobody\": {}, \"summary\": {\"search\": {\"deep\": 1}}}}"
    let settings = try Self.settings(agent: nil, (.system, text))
    #expect(
      settings.problems.map { $0.message.split(separator: ": ", maxSplits: 1).last } == [
        "there is no setting 'search.detph'. It does not count.",
        "there is no setting 'agents.nobody'. It does not count.",
        "there is no setting 'agents.summary.search.deep'. It does not count.",
      ])
  }

  private static func settings(
    agent: String?, _ layers: (SettingsSource, String)...
  ) throws -> EffectiveSettings {
    let context = SettingsContext(user: "ann", agent: agent)
    return EffectiveSettings(
      context, try SampleSettings.definitions(),
      try layers.map { source, text in
        SettingsLayer(source: source, root: try JSONText(parsing: text).root, file: "\(source.address).json")
      })
  }
}

/// A few definitions that the tests speak of.
enum SampleSettings {
  static let search = """
    {
      "name": "Search",
      "settings": {
        "search.depth": {
          "name": "Depth", "description": "How deep.",
          "type": "integer",
          "default": 3, "rules": { "minimum": 0, "maximum": 9 }, "scopes": ["system", "user", "session"], "public": true
        },
        "search.engine": {
          "name": "Engine", "description": "Which.", "type": "string", "default": "none",
          "scopes": ["system"], "public": true
        }
      }
    }
    """

  static let agents = """
    {
      "name": "Agents",
      "settings": {
        "agents.summary.max_words": {
          "name": "Words", "description": "How many.", "type": "integer", "default": 400,
          "scopes": ["system", "user"], "public": true
        }
      }
    }
    """

  static func definitions(_ more: (category: String, text: String)...) throws -> SettingDefinitions {
    SettingDefinitions(
      try ([("search", search), ("agents", agents)] + more).map { category, text in
        (category, try JSONText(parsing: text).root, "settings/definitions/\(category).json")
      })
  }
}
