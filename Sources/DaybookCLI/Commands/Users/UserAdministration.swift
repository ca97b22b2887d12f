import Daybook
import DaybookRuntime
import Documents

/// Who looks after the users of a store at a terminal: whoever is at the machine itself, since the files are theirs.
struct UserAdministration {
  let users: Users
  let settings: Settings
  let entitlements: Entitlements
  let caller: Caller
  /// The time of day, as the store has it.
  let now: Timestamp

  init(_ store: Store, author: Author) {
    let settings = Settings(store)
    self.settings = settings
    users = Users(store, settings: settings)
    entitlements = Entitlements(store) { () throws(StoreError) in try settings.entitlementsOptions() }
    var terms = WriteTerms()
    terms.origin = .command
    caller = .owner(author).writing(on: terms)
    now = store.now
  }
}

extension GlobalOptions {
  /// Opens the store for somebody who looks after its users, and closes it whatever happens.
  func withUsers<Result>(_ body: (UserAdministration) async throws -> Result) async throws -> Result {
    let author = try Author.ofThisUser(Process.environment)
    return try await withStore { try await body(UserAdministration($0, author: author)) }
  }

  /// Prints an account as it is now.
  func tell(_ account: Document) throws {
    if json { return try Output.json(account.accountJSON) }
    try Table.accounts([account]).print()
  }
}

extension Table {
  static func accounts(_ accounts: [Document]) -> Table {
    var table = Table(["name", "role", "status", "created", "called"])
    for account in accounts {
      table.add([account.address.id.text] + account.cells("role", "status", "created_at", "display_name"))
    }
    return table
  }

  static func tokens(_ tokens: [Document]) -> Table {
    var table = Table(["token", "user", "name", "until", "may"])
    for token in tokens {
      let scopes = Grant.Scope.all(in: token.root).map(\.words).joined(separator: ", ")
      table.add([token.address.id.text] + token.cells("user", "name", "expires_at") + [scopes])
    }
    return table
  }

  static func codes(_ codes: [Document]) -> Table {
    var table = Table(["batch", "tier", "days", "used", "of", "until", "code"])
    for code in codes {
      table.add(code.cells("batch", "tier", "days", "used", "uses", "expires_at") + [code.address.id.text])
    }
    return table
  }
}

extension Document {
  fileprivate func cells(_ members: String...) -> [String] { members.map { root[$0].cell } }
}
