package import Documents

/// The name of a setting: names with dots between, such as `search.max_results`. The first is its category.
///
/// In a document of values the names are members inside one another: `{"search": {"max_results": 20}}`. What an agent has
/// for itself stands below `agents.<name>.`, and is spelled so too: `agents.summary.search.max_results`.
package struct SettingKey: Hashable, Sendable {
  package let text: String

  /// The first name of the keys of agents.
  static let agents = "agents"

  /// Nil for a text that cannot be a key.
  package init?(_ text: String) {
    let names = text.split(separator: ".", omittingEmptySubsequences: false)
    guard names.allSatisfy(Self.isName) else { return nil }
    self.text = text
  }

  /// Whether a text can be one name of a key, and so the name of an agent.
  static func isName(_ text: some StringProtocol) -> Bool {
    guard let first = text.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "_") else { return false }
    return text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
  }

  private init(checked text: String) {
    self.text = text
  }

  /// Where its value stands in a document of values.
  package var pointer: JSONPointer { JSONPointer(text.split(separator: ".").map(String.init)) }

  /// This setting as an agent has it for itself.
  package func own(of agent: String) -> SettingKey {
    SettingKey(checked: "\(Self.agents).\(agent).\(text)")
  }

  /// The agent whose own this is, and the setting below it; nil for a general one.
  var ownership: (agent: String, key: SettingKey)? {
    let names = text.split(separator: ".", maxSplits: 2)
    guard names.count == 3, names[0] == Self.agents else { return nil }
    return (String(names[1]), SettingKey(checked: String(names[2])))
  }
}

extension SettingKey: Comparable, CustomStringConvertible {
  package static func < (one: SettingKey, other: SettingKey) -> Bool { one.text < other.text }

  package var description: String { text }
}
