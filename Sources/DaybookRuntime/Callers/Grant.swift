package import Daybook

/// What a caller may do, by its role and, for one who comes with a token of its own, the scopes of that.
///
/// | role | may |
/// | --- | --- |
/// | owner | everything, and look after users, codes and tiers |
/// | member | everything with what is its own |
/// | agent | what its scopes say, with what belongs to its user; a program, not a person |
///
/// What keeps everybody apart (accounts, tokens, codes, tiers, leases) is guarded: only owners read and write it as documents, and
/// nobody opens its secrets. The rules of those kinds do with it what each may have done.
package struct Grant: Sendable, Hashable {
  package enum Role: String, Sendable, CaseIterable {
    case owner, member, agent
  }

  package enum Access: String, Sendable, CaseIterable {
    case read
    /// Reading is in it.
    case write
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

  static let guarded: Set<String> = ["users", "tokens", "redeem-codes", "entitlements", "tiers", "leases"]

  // MARK: Decisions

  /// Whether the caller looks after the store: its users, codes, tiers and kinds.
  package var administers: Bool { role == .owner && scopes == nil }

  package func allows(_ access: Access, in collection: String) -> Bool {
    if Self.guarded.contains(collection), !administers { return false }
    guard let scopes else { return true }
    return scopes.contains { $0.covers(collection) && ($0.access == access || $0.access == .write) }
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
    throw StoreError(
      .refused, "You may not \(access) documents of '\(collection)'.",
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
