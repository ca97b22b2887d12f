/// The layers that a value can be written to, from the widest to the narrowest; the default lies under all of them.
package enum SettingScope: String, Sendable, CaseIterable, Comparable {
  case system
  case user
  case session

  package static func < (one: SettingScope, other: SettingScope) -> Bool { one.rank < other.rank }

  private var rank: Int {
    switch self {
    case .system: 0
    case .user: 1
    case .session: 2
    }
  }
}

/// For whom settings are read: what is left out has no layer.
public struct SettingsContext: Hashable, Sendable {
  public var user: String?
  public var session: String?
  /// The agent whose own values come before the general ones of each layer.
  public var agent: String?

  public init(user: String? = nil, session: String? = nil, agent: String? = nil) {
    self.user = user
    self.session = session
    self.agent = agent
  }

  /// The documents of values, from the widest layer to the narrowest.
  package var sources: [SettingsSource] {
    [.system] + (user.map { [.user($0)] } ?? []) + (session.map { [.session($0)] } ?? [])
  }
}

/// The document that holds the values of one layer. The settings of a session lie beside it, under its own id and kept by
/// day as it is: not inside, where each change of the conversation would be one of its settings.
package enum SettingsSource: Hashable, Sendable {
  case system
  case user(String)
  case session(String)

  package var scope: SettingScope {
    switch self {
    case .system: .system
    case .user: .user
    case .session: .session
    }
  }

  package var address: String {
    switch self {
    case .system: "settings/system"
    case .user(let id): "settings/users/\(id)"
    case .session(let id): "settings/sessions/\(id)"
    }
  }
}
