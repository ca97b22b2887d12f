import Daybook

/// A user as the user's document says.
struct Account {
  static let collection = "users"

  let id: String
  let role: Grant.Role
  let isDisabled: Bool
  /// Tokens that were made under another one no longer count.
  let tokenVersion: Int
  private let displayName: String?
  /// Where its address is that commits are signed with: only the store gives such addresses.
  private let domain: String

  /// A role that only a changed schema knows is the least there is for a person.
  ///
  /// - Parameter store: the id of the store.
  init(_ document: Document, store: String) {
    let root = document.root
    domain = "users.\(store)"
    id = document.address.id.text
    role = root["role"]?.string == Grant.Role.owner.rawValue ? .owner : .member
    isDisabled = root["status"]?.string != "active"
    tokenVersion = root["token_version"]?.integer ?? 0
    displayName = root["display_name"]?.string
  }

  /// The account of this name; nil when there is none.
  init?(_ name: AccountName, in snapshot: Snapshot, store: String) throws(StoreError) {
    guard let document = try snapshot.document(Self.address(name.text)) else { return nil }
    self.init(document, store: store)
  }

  static func address(_ id: String) -> String { "\(collection)/\(id)" }

  /// What commits of the user are signed with: nobody else's are, whatever they call themselves. `ann@example.org` signs as
  /// `ann=example.org`, which no name of an account can be.
  var author: Author {
    let name = displayName.flatMap { $0.isEmpty ? nil : $0 } ?? id
    return Author(name: name, email: "\(id.replacing("@", with: "="))@\(domain)")
  }

  /// The user as a caller who has signed in.
  var caller: Caller { Caller(user: id, author: author, grant: Grant(role)) }

  /// An agent that comes with a token of the user's.
  func agent(_ name: String, scopes: [Grant.Scope]) -> Caller {
    let author = Author(name: name.isEmpty ? author.name : "\(name) for \(author.name)", email: author.email)
    return Caller(
      user: id, author: author, grant: Grant(.agent, scopes: scopes), agent: name.isEmpty ? "An agent" : name)
  }
}

extension Snapshot {
  /// Whether there is an account at all. A store that lacks the kind has none.
  func hasAccounts() throws(StoreError) -> Bool {
    guard (try? kinds.kind(of: Account.collection)) != nil else { return false }
    return try !query(Query(Account.collection).limited(to: 1)).documents.isEmpty
  }
}
