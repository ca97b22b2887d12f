import ArgumentParser
import Daybook
import DaybookRuntime

/// Where a password comes from: never from an argument, which others on this machine can see.
struct PasswordOptions: ParsableArguments {
  @Flag(help: "Read the password from standard input instead of asking.")
  var passwordStdin = false

  func read(of user: String) throws -> [UInt8] {
    try SecretInput.newPassword(of: user, fromStandardInput: passwordStdin)
  }
}

struct UserAddCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Make an account.",
    discussion: """
      On a terminal you are asked for the password, twice, and it is not shown. A name has 1 to 64 small letters, digits and \
      . _ - @ +. The first account is 'owner'.

        daybook user add owner
        daybook user add ann --display-name 'Ann Example'
        pass show daybook/bob | daybook user add bob --role owner --password-stdin
      """)

  @Argument(help: "The name to sign in with.")
  var name: String

  @Option(help: "What the user may do: an owner looks after the store as well.")
  var role = Grant.Role.member

  @Option(help: ArgumentHelp("What the user is called in commits.", valueName: "text"))
  var displayName: String?

  @OptionGroup var password: PasswordOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try Users.check(name: name)
    let password = try password.read(of: name)
    try await global.withUsers { desk in
      let hadUsers = try desk.settings.hasUsers()
      let account = try await desk.users.register(
        name, password: password, displayName: displayName, role: role, by: desk.caller)
      try global.tell(account)
      if try !desk.settings.hasUsers() {
        global.note("Nobody has to sign in, since the setting users.enabled is false.")
      } else if !hadUsers {
        global.note("From now on whoever asks the service signs in, unless users.enabled is set to false.")
      }
    }
  }
}

struct UserPasswordCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "password",
    abstract: "Give a user another password.",
    discussion: """
      All that the user, or an agent of the user's, came with ends.

        daybook user password ann
        pass show daybook/ann | daybook user password ann --password-stdin
      """)

  @Argument(help: "The name of the account.")
  var name: String

  @OptionGroup var password: PasswordOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let password = try password.read(of: name)
    try await global.withUsers { desk in
      try global.tell(try await desk.users.resetPassword(of: name, to: password, by: desk.caller))
    }
  }
}

struct UserRoleCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "role",
    abstract: "Make a user an owner or a member.",
    discussion: """
      Owners look after the store: its users, tokens, codes, tiers and settings. Whatever the user signed in with ends.

        daybook user role ann owner
      """)

  @Argument(help: "The name of the account.")
  var name: String

  @Argument(help: "What the user may do from now on.")
  var role: Grant.Role

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withUsers { desk in
      try global.tell(try await desk.users.change(name, role: role, by: desk.caller))
    }
  }
}

struct UserDisableCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "disable",
    abstract: "Let a user in no more.",
    discussion: """
      At once, and the user's agents neither. Everything that is the user's stays.

        daybook user disable ann
      """)

  @Argument(help: "The name of the account.")
  var name: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withUsers { desk in
      try global.tell(try await desk.users.change(name, isDisabled: true, by: desk.caller))
    }
  }
}

struct UserEnableCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "enable",
    abstract: "Let a user in again.",
    discussion: """
      With the password from before. The tokens of the user's agents count again; `daybook user revoke` ends them.

        daybook user enable ann
      """)

  @Argument(help: "The name of the account.")
  var name: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withUsers { desk in
      try global.tell(try await desk.users.change(name, isDisabled: false, by: desk.caller))
    }
  }
}

struct UserRevokeCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "End all that a user and the user's agents came with.",
    discussion: """
      The user signs in again with the password, and makes new tokens for agents.

        daybook user revoke ann
      """)

  @Argument(help: "The name of the account.")
  var name: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withUsers { desk in
      try global.tell(try await desk.users.signOutEverywhere(name, by: desk.caller, endingAgents: true))
    }
  }
}
