import Daybook
import Documents

/// Which settings a change of a document of values touches, by whatever way it comes: a function of what the document was
/// and what it becomes. Of another document, none.
struct SettingsChange {
  /// Without `agents.<name>.`: what an agent has for itself is changed like the setting that it stands for.
  let names: Set<String>

  /// Categories that say who gets in, and how much everybody may use.
  private static let guarded: Set<String> = ["users", "entitlements"]
  private static let collections: Set<String> = [
    "settings", Caller.Ownership.settingsOfUsers, Caller.Ownership.settingsOfSessions,
  ]

  /// - Throws: `.limit` for more than `Limits.changedSettings`.
  init(of address: DocumentAddress, from before: JSONNode?, to after: JSONNode?) throws(StoreError) {
    guard Self.collections.contains(address.collection.text) else {
      names = []
      return
    }
    let (old, new) = (Self.values(of: before), Self.values(of: after))
    names = Set(Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.map(Self.general))
    guard names.count <= Limits.changedSettings else {
      throw StoreError(
        .limit, "At most \(Limits.changedSettings) settings are changed at once.", document: "\(address)")
    }
  }

  /// Whether only those who look after the store may make it.
  var isGuarded: Bool { names.contains { name in Self.guarded.contains(String(name.prefix { $0 != "." })) } }

  /// What stands in a document, by names with dots: whatever is no object, or an empty one.
  private static func values(of root: JSONNode?) -> [String: JSONValue] {
    var values: [String: JSONValue] = [:]
    func visit(_ node: JSONNode, _ name: String) {
      guard node.kind == .object, node.count > 0 else {
        values[name] = node.value
        return
      }
      for member in node.members { visit(member.value, "\(name).\(member.key)") }
    }
    for member in root?.members.map({ $0 }) ?? [] where member.key != "$schema" { visit(member.value, member.key) }
    return values
  }

  private static func general(_ name: String) -> String { SettingKey(name)?.ownership?.key.text ?? name }
}
