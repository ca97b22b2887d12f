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
    if try isOn("users.enabled") { return true }
    let isTurnedOff = try effective().layers.contains { $0.root?["users"]?["enabled"]?.bool == false }
    return isTurnedOff ? false : try hasAccounts()
  }

  /// How users sign in, by the settings of the category `users`.
  package func usersOptions() throws(StoreError) -> UsersOptions {
    var options = UsersOptions()
    let registration = try effective()["users.registration"]?.string
    options.registration = registration.flatMap(UsersOptions.Registration.init) ?? .closed
    return options
  }

  /// Whether something is turned on; one that is set to something that it cannot be is.
  func isOn(_ name: String) throws(StoreError) -> Bool {
    let settings = try effective()
    return settings[name]?.bool == true || settings.isMistaken(name)
  }
}
