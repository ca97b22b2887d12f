package import Daybook

/// What a caller may do, by its role and, for one who comes with a token of its own, the scopes of that.
///
/// | role | may |
/// | --- | --- |
/// | owner | everything, and look after users, codes and tiers |
/// | member | everything with what is its own |
/// | agent | what its scopes say, with what belongs to its user; a program, not a person |
///
/// What keeps everybody apart (accounts, tokens, codes, tiers, leases) and what is of all of them (conflicts) is guarded: only
/// owners read and write it as documents, and nobody opens its secrets. The rules of those kinds do with it what each may
/// have done.
package struct Grant: Sendable, Hashable {
  package enum Role: String, Sendable, CaseIterable {
    case owner, member, agent
  }

  /// Each has those before it in it.
  package enum Access: String, Sendable, CaseIterable, Comparable {
    case read
    case write
    /// To answer what people are asked. Who has no scopes may; an agent should not approve what it asked for itself.
    case decide

    package static func < (one: Access, other: Access) -> Bool { one.rank < other.rank }

    private var rank: Int {
      switch self {
      case .read: 0
      case .write: 1
      case .decide: 2
      }
    }
  }

  /// What a token is good for.
  package struct Scope: Sendable, Hashable {
    /// A collection, with those below it; `*` for all.
    package let collection: String
    package let access: Access
    /// Whether secrets may be opened.
    package let secrets: Bool

    package init(_ collection: String, _ access: Access, secrets: Bool = false) {
      self.collection = collection
      self.access = access
      self.secrets = secrets
    }

    func covers(_ name: String) -> Bool {
      collection == "*" || name == collection || name.hasPrefix("\(collection)/")
    }
  }

  package let role: Role
  /// Nil for a person, whom the role alone bounds.
  package let scopes: [Scope]?

  package init(_ role: Role, scopes: [Scope]? = nil) {
    self.role = role
    self.scopes = role == .agent ? scopes ?? [] : scopes
  }

  static let guarded: Set<String> = [
    "users", "tokens", "redeem-codes", "entitlements", "tiers", "leases", "conflicts",
  ]

  /// Whether the ids or members of a collection's documents follow from what else there is, so that nobody but the rules of
  /// their kind writes them, and whoever looks after the store. An id that follows from a user's name could otherwise be
  /// taken by somebody else.
  static func isRuled(_ collection: String) -> Bool {
    ["threads", "inbox", "memories"].contains { collection == $0 || collection.hasPrefix("\($0)/") }
  }

  // MARK: Decisions

  /// Whether the caller looks after the store: its users, codes, tiers and kinds.
  package var administers: Bool { role == .owner && scopes == nil }

  package func allows(_ access: Access, in collection: String) -> Bool {
    if Self.guarded.contains(collection), !administers { return false }
    guard let scopes else { return true }
    return scopes.contains { $0.covers(collection) && $0.access >= access }
  }

  /// Whether secrets of a collection may be opened for the caller.
  package func opensSecrets(of collection: String) -> Bool {
    if Self.guarded.contains(collection) { return false }
    guard let scopes else { return true }
    return scopes.contains { $0.covers(collection) && $0.secrets }
  }

  /// - Throws: `.refused`, in words for the caller.
  package func check(_ access: Access, in collection: String) throws(StoreError) {
    guard !allows(access, in: collection) else { return }
    let what = access == .decide ? "answer what people are asked in" : "\(access) documents of"
    throw StoreError(
      .refused, "You may not \(what) '\(collection)'.",
      hint: role == .agent ? "Ask for a token that covers it." : nil)
  }

  /// - Throws: `.refused`, in words for the caller.
  package func checkSecrets(of collection: String) throws(StoreError) {
    guard !opensSecrets(of: collection) else { return }
    throw StoreError(.refused, "You may not open secrets of '\(collection)'.")
  }

  /// - Throws: `.refused` unless the caller looks after the store.
  package func checkAdministers() throws(StoreError) {
    if !administers { throw StoreError(.refused, "Only an owner may do that.") }
  }
}
