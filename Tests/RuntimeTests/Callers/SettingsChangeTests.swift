import Daybook
import Documents
import Testing

@testable import DaybookRuntime

struct SettingsChangeTests {
  private func change(
    _ before: JSONValue?, _ after: JSONValue?, of address: String = "settings/system"
  ) throws -> SettingsChange {
    let slash = try #require(address.lastIndex(of: "/"))
    let address = DocumentAddress(
      collection: try CollectionName(String(address[..<slash])),
      id: try DocumentID(String(address[address.index(after: slash)...])))
    return try SettingsChange(
      of: address, from: before.map { JSONText(formatting: $0).root }, to: after.map { JSONText(formatting: $0).root })
  }

  @Test func settingsAreNamedThatDifferHoweverTheyCame() throws {
    let before: JSONValue = ["ui": ["theme": "dark", "size": 2], "search": ["max": 5]]
    #expect(try change(before, before).names.isEmpty)
    #expect(try change(before, ["ui": ["theme": "light", "size": 2], "search": ["max": 5]]).names == ["ui.theme"])
    #expect(try change(before, nil).names == ["ui.theme", "ui.size", "search.max"])
    #expect(try change(nil, before, of: "settings/users/ann").names.count == 3)
    #expect(try change(before, ["ui": "none", "search": ["max": 5]]).names == ["ui", "ui.theme", "ui.size"])
    #expect(try change(nil, ["agents": ["summary": ["ui": ["theme": "x"]]]]).names == ["ui.theme"])
    #expect(try change(nil, ["$schema": "x"]).names.isEmpty)
    #expect(try change(["users": ["enabled": true]], nil, of: "tasks/1").names.isEmpty)
  }

  @Test(
    arguments: [
      ["users": ["enabled": false]], ["users": "off"], ["users": [:]], ["entitlements": ["default_tier": "pro"]],
      ["agents": ["summary": ["users": ["registration": "open"]]]], ["users.enabled": false],
    ] as [JSONValue])
  func whoGetsInIsGuarded(after: JSONValue) throws {
    #expect(try change(nil, after).isGuarded)
    #expect(try change(after, nil).isGuarded)
  }

  @Test func otherSettingsAreNot() throws {
    #expect(try !change(nil, ["usersx": ["enabled": false], "ui": ["users": 1]]).isGuarded)
    #expect(
      try !change(
        ["users": ["enabled": true], "ui": ["theme": 1]], ["ui": ["theme": 2], "users": ["enabled": true]]
      ).isGuarded)
  }

  @Test func tooManySettingsAtOnceAreRefused() throws {
    let many = JSONObject((0...1_000).map { (key: "s\($0)", value: JSONValue.bool(true)) })
    let error = #expect(throws: StoreError.self) { try change(nil, .object(many)) }
    #expect(error?.code == .limit)
  }
}
