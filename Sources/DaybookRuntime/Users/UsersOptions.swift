package import Daybook
package import Sodium

/// How users sign in.
package struct UsersOptions: Sendable {
  package enum Registration: String, Sendable, CaseIterable {
    /// Owners make accounts.
    case closed
    /// Anybody makes one of a member.
    case open
  }

  package var registration = Registration.closed
  /// How long an access token counts, in seconds; 900 at most.
  package var accessSeconds: Int64 = 900
  /// How long one stays signed in who does not come back, in seconds, and at most.
  package var idleSeconds: Int64 = 30 * 86_400
  package var longestSeconds: Int64 = 90 * 86_400
  /// What guessing a password takes.
  package var passwordCost = PasswordHash.Cost.interactive

  package init() {}
}

extension Settings {
  /// Whether a store has users, by the setting `users.enabled`. One that is set to something that it cannot be counts as
  /// yes: whoever wrote it did not mean to let everybody in. Nor does whoever takes it away, or its definition, once there
  /// are accounts: then nothing but `false` is a no.
  package func hasUsers() throws(StoreError) -> Bool {
    let chain = try chain(ifDeclared: "users.enabled")
    if let chain, chain.isOn { return true }
    let isTurnedOff = chain?.links.contains { $0.origin != .definition && $0.node.bool == false } ?? false
    return isTurnedOff ? false : try hasAccounts()
  }

  /// How users sign in, by the settings of the category `users`.
  package func usersOptions() throws(StoreError) -> UsersOptions {
    var options = UsersOptions()
    let registration = try chain(ifDeclared: "users.registration")?.value.string
    options.registration = registration.flatMap(UsersOptions.Registration.init) ?? .closed
    return options
  }

  /// Whether something is turned on; one that is set to something that it cannot be is.
  func isOn(_ name: String) throws(StoreError) -> Bool {
    try chain(ifDeclared: name)?.isOn ?? false
  }

  /// Where the value of a setting comes from; nil in a store that does not declare it.
  func chain(ifDeclared name: String) throws(StoreError) -> SettingChain? {
    do {
      return try effective().chain(of: name)
    } catch  where error.code == .notFound {
      return nil
    }
  }
}

extension SettingChain {
  fileprivate var isOn: Bool { value.bool == true || links.contains { $0.objection != nil } }
}
