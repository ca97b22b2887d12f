import Daybook

/// What an event is called, by what the change is about: the names that applications listen for. Whatever has no name of
/// its own is a `change`.
enum EventName: String, CaseIterable, Sendable {
  case change
  /// A profile, the active ones, a setting or its definition.
  case configUpdated = "config_updated"
  /// One was recorded, or resolved.
  case conflict
  case interrupt
  case todo
  case task
  /// Items were appended to the messages of a session.
  case message
  /// What a reader has may be old: it is to read anew what it shows.
  case reset

  init(_ subject: Change.Subject) {
    switch subject {
    case .document(let address): self = Self.named(address.collection.text)
    case .series("messages", let address) where address.collection.text == "sessions": self = .message
    case .series, .file: self = .change
    }
  }

  private static func named(_ collection: String) -> EventName {
    switch collection {
    case "tasks": .task
    case "conflicts": .conflict
    case "inbox/interrupts": .interrupt
    case "inbox/todos": .todo
    case "runtime", "settings": .configUpdated
    default: collection.hasPrefix("profiles/") || collection.hasPrefix("settings/") ? .configUpdated : .change
    }
  }
}
