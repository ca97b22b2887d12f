import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct UserCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user",
    abstract: "Look after the accounts of users.",
    discussion: """
      A store with accounts has users: whoever asks its service signs in, unless the setting users.enabled is false. The \
      first account is 'owner', to which everything belongs that the store holds. Accounts are disabled rather than \
      deleted: whoever took the name next would have all that is the user's.

        daybook user add owner
        daybook user add ann --display-name 'Ann Example'
        daybook user disable ann
        daybook user revoke ann
      """,
    subcommands: [
      UserListCommand.self, UserShowCommand.self, UserAddCommand.self, UserPasswordCommand.self,
      UserRoleCommand.self, UserDisableCommand.self, UserEnableCommand.self, UserRevokeCommand.self,
    ])
}

struct UserListCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the accounts, oldest first.",
    discussion: """
        daybook user list
        daybook user list --json
      """)

  @OptionGroup var paging: PageOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withUsers { desk in
      let page = try desk.users.accounts(limit: paging.limit, after: paging.after, for: desk.caller)
      if global.json { return try Output.json(page.json("users", \.accountJSON)) }
      try Table.accounts(page.documents).print()
      global.noteMore(behind: page)
    }
  }
}

struct UserShowCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print an account, and the tokens of its user's agents.",
    discussion: """
      Never what signs anybody in.

        daybook user show ann
      """)

  @Argument(help: "The name of the account.")
  var name: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withUsers { desk in
      let account = try desk.users.account(name, for: desk.caller)
      let tokens = try desk.users.agentTokens(
        limit: Limits.pageDocuments, for: desk.users.caller(name, by: desk.caller))
      guard global.json else { return try table(account, tokens.documents).print() }
      var json = account.accountJSON
      json["tokens"] = .array(tokens.documents.map { .object($0.tokenJSON) })
      try Output.json(json)
    }
  }

  private func table(_ account: Document, _ tokens: [Document]) -> Table {
    var table = Table(["what", "value"])
    for member in account.accountJSON where member.value != .null { table.add([member.key, member.value.plainText]) }
    for token in tokens { table.add(["token", "\(token.address.id) \(token.root["name"]?.string ?? "")"]) }
    return table
  }
}
