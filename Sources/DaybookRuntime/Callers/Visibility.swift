package import Daybook
package import Documents

/// Which documents a caller may read and write, as documents: the one rule that every way to them asks. Functions of the
/// caller and the document alone.
///
/// | document | read by | written by |
/// | --- | --- | --- |
/// | any, at the machine itself | its person | its person |
/// | of a guarded collection | owners | owners |
/// | of `settings/users` and `runtime/users` | the user of its id | the user of its id |
/// | of `settings/sessions` | whose session it is, or was | whose session it is, or was |
/// | the same, of a session that never was | nobody | nobody |
/// | of `settings/definitions` | everybody | owners |
/// | with a member `user` | that user | that user |
/// | without `user`, of a shared collection | everybody | who has what belongs to the store |
/// | any other without `user` | who has what belongs to the store | the same |
///
/// Scopes of agents bound all of it by collection. What a scope does not cover is refused; what belongs to somebody else is
/// not there. Nobody gives a document to somebody else. Some documents are written by the rules of their kind alone
/// (`Grant.isRuled`), some members of the others by owners alone (`WriteRule`).
extension Caller {
  /// Whose a document is.
  package enum Ownership: Sendable, Hashable {
    case user(String)
    /// Everybody's to read, the store's owners' to write.
    case shared
    /// It was made by nobody: it belongs to the store's owner.
    case store
    /// For those who look after the store.
    case guarded
    /// Everybody's to read, and written by those who look after the store.
    case declared
    /// Nobody can tell any more whose it is.
    case nobody

    /// - Parameter session: the root of the session that a document of `settings/sessions` is about, as it is or last was.
    package init(of address: DocumentAddress, _ root: JSONNode, session: JSONNode? = nil) {
      let collection = address.collection.text
      if Grant.guarded.contains(collection) {
        self = .guarded
      } else if Self.isByUser(collection) {
        self = .user(address.id.text)
      } else if collection == Self.settingsOfSessions {
        self = session.map { $0["user"]?.string.map(Self.user) ?? .store } ?? .nobody
      } else if collection == SettingDefinitions.collection {
        self = .declared
      } else if let user = root["user"]?.string {
        self = .user(user)
      } else {
        self = Self.isShared(collection) ? .shared : .store
      }
    }

    package static func isShared(_ collection: String) -> Bool {
      ["settings", "settings/definitions", "runtime"].contains(collection) || collection.hasPrefix("profiles/")
    }

    package static let settingsOfUsers = "settings/users"

    /// Whether a document belongs to the user of its id.
    package static func isByUser(_ collection: String) -> Bool {
      [settingsOfUsers, "runtime/users"].contains(collection)
    }

    package static let settingsOfSessions = "settings/sessions"
  }

  /// Whether what belongs to somebody may be read or written, as far as that goes: scopes are another matter.
  package func has(_ access: Grant.Access, to ownership: Ownership) -> Bool {
    if isLocal { return true }
    return switch ownership {
    case .user(let user): self.user == user
    case .shared: access == .read || hasStore
    case .store: hasStore
    case .guarded: grant.administers
    case .declared: access == .read || grant.administers
    case .nobody: false
    }
  }

  /// Whether the caller may do it with a document.
  package func may(_ access: Grant.Access, _ ownership: Ownership, in collection: String) -> Bool {
    isLocal || grant.allows(access, in: collection) && has(access, to: ownership)
  }

  /// Whether what belongs to the store itself is the caller's, or its user's.
  package var hasStore: Bool { user == Self.ownerID || grant.administers }

  /// Whether the caller may see how the store is doing.
  package var observes: Bool { isLocal || grant.administers || user == Self.ownerID && grant.allows(.read, in: "*") }

  /// - Throws: `.refused` unless the caller may see how the store is doing.
  package func checkObserves() throws(StoreError) {
    if !observes { throw StoreError(.refused, "Only an owner sees how the store is doing.") }
  }

  /// - Throws: `.refused` when no document of a collection may be read or written, whosever it is.
  package func check(_ access: Grant.Access, in collection: String) throws(StoreError) {
    if !isLocal { try grant.check(access, in: collection) }
  }
}
