import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct TokenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: "Look after the tokens with which agents act for users.",
    discussion: """
      An agent shows its token with each request, as `Authorization: Bearer`, and may do what the token's scopes say, with \
      what belongs to its user.

        daybook token create --name digest --user ann --collections tasks sessions --access write
        daybook token list
        daybook token revoke 01934b2c-7d5e-7f00-8000-000000000001
      """,
    subcommands: [TokenCreateCommand.self, TokenListCommand.self, TokenRevokeCommand.self])
}

struct TokenCreateCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Make a token for an agent, and print it, once.",
    discussion: """
      Nothing but the token goes to standard output; the store keeps a digest of it only.

        daybook token create --name reader
        daybook token create --name digest --user ann --collections tasks sessions --access write
        daybook token create --name caller --collections profiles --secrets --expires 90d > token
      """)

  @Option(help: ArgumentHelp("What the agent is called.", valueName: "text"))
  var name: String

  @Option(help: ArgumentHelp("The account for which it acts.", valueName: "name"))
  var user = Caller.ownerID

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("The collections that it is good for, each with those below it.", valueName: "collection"))
  var collections = ["*"]

  @Option(help: "What it may do there; each has those before it in it.")
  var access = Grant.Access.read

  @Flag(help: "Whether it may open secrets there.")
  var secrets = false

  @Option(
    help: ArgumentHelp("When it ends, as a time or a span from now; by default in 30 days.", valueName: "time|span"))
  var expires: Expiry?

  @OptionGroup var global: GlobalOptions

  private static let usualExpiry = Expiry.after(.seconds(30 * 86_400))

  func run() async throws {
    try await global.withUsers { desk in
      let end = try (expires ?? Self.usualExpiry).moment(after: desk.now)
      let (document, text) = try await desk.users.makeAgentToken(
        name, scopes: collections.map { Grant.Scope($0, access, secrets: secrets) },
        seconds: (end.milliseconds - desk.now.milliseconds + 999) / 1_000,
        for: desk.users.caller(user, by: desk.caller))
      try tell(document, text)
    }
  }

  private func tell(_ document: Document, _ text: String) throws {
    guard global.json else {
      try Output.line(text)
      return global.note("It is not shown again. `daybook token revoke \(document.address.id)` ends it.")
    }
    var json = document.tokenJSON
    json["token"] = .string(text)
    try Output.json(json)
  }
}

struct TokenListCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the tokens of agents, newest first.",
    discussion: """
      Not the tokens themselves: nobody has them but the agents.

        daybook token list
        daybook token list --user ann --json
      """)

  @Option(help: ArgumentHelp("Only those for this account.", valueName: "name"))
  var user: String?

  @OptionGroup var paging: PageOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withUsers { desk in
      let page = try page(desk)
      if global.json { return try Output.json(page.json("tokens", Self.json)) }
      try Table.tokens(page.documents).print()
      global.noteMore(behind: page)
    }
  }

  private func page(_ desk: UserAdministration) throws(StoreError) -> Page {
    guard let user else {
      return try desk.users.agentTokensOfAll(limit: paging.limit, after: paging.after, for: desk.caller)
    }
    let caller = try desk.users.caller(user, by: desk.caller)
    return try desk.users.agentTokens(limit: paging.limit, after: paging.after, for: caller)
  }

  /// As a user sees it, and whose it is.
  private static func json(_ token: Document) -> JSONObject {
    var json = token.tokenJSON
    json["user"] = token.root["user"]?.value
    return json
  }
}

struct TokenRevokeCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "End a token, at once.",
    discussion: """
        daybook token revoke 01934b2c-7d5e-7f00-8000-000000000001
      """)

  @Argument(help: "The id of the token, as `daybook token list` shows it.")
  var id: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withUsers { desk in
      try await desk.users.endToken(id, by: desk.caller)
      if global.json { try Output.json(["revoked": .string(id)]) } else { try Output.line(id) }
    }
  }
}
