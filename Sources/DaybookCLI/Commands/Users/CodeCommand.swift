import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct CodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "code",
    abstract: "Look after the codes that give users a tier.",
    discussion: """
      A tier says how much a user may use; `daybook list tiers` shows them. Users redeem codes over HTTP. What they give \
      counts while the setting entitlements.enabled is on.

        daybook code make --tier pro --days 30 --count 10 > codes
        daybook code list
      """,
    subcommands: [CodeMakeCommand.self, CodeListCommand.self])
}

struct CodeMakeCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "make",
    abstract: "Make codes, and print them, once.",
    discussion: """
      All or none. One a line goes to standard output, and nothing else; the store keeps their digests only.

        daybook code make --tier pro
        daybook code make --tier pro --days 30 --count 10 --batch autumn --expires 2027-01-01 > codes
        daybook code make --tier pro --days 7 --uses 100 --note 'For the readers of the newsletter'
      """)

  @Option(help: ArgumentHelp("The tier that they give.", valueName: "id"))
  var tier: String

  @Option(help: "How many codes.")
  var count = 1

  @Option(help: "How many users may redeem each.")
  var uses = 1

  @Option(help: "For how many days each gives the tier; by default for ever.")
  var days: Int?

  @Option(help: ArgumentHelp("Until when they can be redeemed; by default for ever.", valueName: "time|span"))
  var expires: Expiry?

  @Option(help: ArgumentHelp("What they are called together; by default the time.", valueName: "text"))
  var batch: String?

  @Option(help: ArgumentHelp("What you want to remember of them.", valueName: "text"))
  var note: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withUsers { desk in
      let batch = CodeBatch(
        batch ?? desk.now.text, tier: tier, count: count, days: days, uses: uses,
        expiresAt: try expires?.moment(after: desk.now), note: note)
      try tell(try await desk.entitlements.makeCodes(batch, by: desk.caller), batch.name)
    }
  }

  private func tell(_ codes: [String], _ batch: String) throws {
    guard !global.json else {
      return try Output.json(["batch": .string(batch), "codes": .array(codes.map { .string($0) })])
    }
    for code in codes { try Output.line(code) }
    global.note("\(codes.count.of("code")) in the batch '\(batch)', not shown again")
  }
}

struct CodeListCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the codes, and how often each was used.",
    discussion: """
      Not the codes themselves, but the ids of their documents: `daybook delete redeem-codes/ID` takes one back.

        daybook code list
        daybook code list --batch autumn --json
      """)

  @Option(help: ArgumentHelp("Only those that were made together.", valueName: "text"))
  var batch: String?

  @OptionGroup var paging: PageOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withUsers { desk in
      let page = try desk.entitlements.codes(
        batch: batch, limit: paging.limit, after: paging.after, for: desk.caller)
      if global.json { return try Output.json(page.json("codes", \.codeJSON)) }
      try Table.codes(page.documents).print()
      global.noteMore(behind: page)
    }
  }
}
