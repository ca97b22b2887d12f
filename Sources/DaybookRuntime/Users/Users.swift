package import Daybook
package import Documents
import Synchronization

/// The users of a store: who they are, how they sign in, and what they come with afterwards.
///
/// ```swift
/// let users = Users(store)
/// try await users.register("owner", password: password, by: .owner(author))
/// let signedIn = try await users.signIn("owner", password: password, from: "127.0.0.1")
/// let caller = try users.caller(bearing: signedIn.accessToken)
/// ```
///
/// Signing in gives two tokens. The access token is shown with each request and counts for a quarter of an hour. The refresh
/// token gets the next two, once: whoever comes with one that was used before shows that it was stolen, and all that
/// followed from the same signing in end. Agents come with tokens of their own, which their users make and revoke.
///
/// What belonged to the store's one owner before belongs to the account `owner`, so that is the first, and only who looks
/// after the store can make it. Accounts are disabled rather than deleted: whoever took the name next would have all of
/// the documents.
package final class Users: Sendable {
  let store: Store
  let options: UsersOptions
  let now: @Sendable () -> Timestamp
  let tokens: OwnDocuments
  let keys: AccessTokenKeys
  let passwords: PasswordChecks
  private let throttle = Mutex(SignInThrottle())
  private let monotonic: @Sendable () -> Duration
  private let settings: Settings?

  /// - Parameters:
  ///   - settings: asked each time who makes accounts, so that a change counts at once; the options say when left out.
  ///   - now: the time of day; the store's own when left out.
  ///   - monotonic: how long some moment is past, by a clock that never goes back.
  package init(
    _ store: Store, _ options: UsersOptions = UsersOptions(), settings: Settings? = nil,
    now: (@Sendable () -> Timestamp)? = nil, monotonic: (@Sendable () -> Duration)? = nil
  ) {
    self.settings = settings
    let start = ContinuousClock.now
    self.store = store
    self.options = options
    self.now = now ?? { store.now }
    self.monotonic = monotonic ?? { ContinuousClock.now - start }
    tokens = OwnDocuments("tokens", in: store, now: now)
    keys = AccessTokenKeys(store)
    passwords = PasswordChecks(cost: options.passwordCost)
  }

  // MARK: Accounts

  /// Whether a caller who was let in before would be let in again: there is the account, and it was not disabled.
  package func admits(_ caller: Caller, hasUsers: Bool) -> Bool {
    if !hasUsers { return true }
    // The owner may come from the machine itself, without an account.
    guard let document = try? store.snapshot().document(Account.address(caller.user)) else {
      return caller.user == Caller.ownerID
    }
    return !Account(document, store: store.id).isDisabled
  }

  /// - Throws: `.refused` for what cannot be the name of an account.
  package static func check(name: String) throws(StoreError) {
    if AccountName(name) == nil { throw AccountError.badName }
  }

  /// Makes an account.
  ///
  /// - Parameters:
  ///   - caller: who makes it; nil for a stranger, whom `UsersOptions.registration` must let in.
  ///   - address: where a stranger comes from, for the throttle.
  /// - Throws: `.conflict` when the name is taken, `.refused` for a name or password that cannot be one, or who may not,
  ///   `.throttled`, `.busy`.
  package func register(
    _ name: String, password: [UInt8], displayName: String? = nil, role: Grant.Role = .member, by caller: Caller?,
    from address: String = ""
  ) async throws -> Document {
    guard let name = AccountName(name) else { throw AccountError.badName }
    try checkMayRegister(name, role, by: caller)
    if caller == nil { try begin(account: nil, address) }
    let role = name.text == Caller.ownerID ? .owner : role
    let hash = try await passwords.text(for: password)
    let moment = JSONValue.string(now().text)
    var content: JSONObject = [:]
    content["display_name"] = displayName.map { .string($0) }
    for (member, value) in [
      ("role", .string(role.rawValue)), ("status", "active"), ("password_hash", .string(hash)), ("token_version", 1),
      ("created_at", moment), ("updated_at", moment),
    ] as [(String, JSONValue)] { content[member] = value }
    do {
      let receipt = try await store.change(for: caller ?? .service) { [content] _, transaction in
        try transaction.put(Account.address(name.text), .object(content), if: .absent)
      }
      return try store.document(writtenBy: receipt)
    } catch let error as StoreError where error.code == .conflict {
      throw StoreError(.conflict, "The name '\(name.text)' is taken.", hint: "Choose another one.")
    }
  }

  private func checkMayRegister(_ name: AccountName, _ role: Grant.Role, by caller: Caller?) throws(StoreError) {
    let administers = caller?.grant.administers ?? false
    let registration = try settings?.usersOptions().registration ?? options.registration
    let isOpen = registration == .open && caller == nil
    guard administers || isOpen && role == .member, role != .agent else {
      throw StoreError(.refused, "You may not make this account.", hint: "An owner of the store can.")
    }
    let isOwner = name.text == Caller.ownerID
    if isOwner, !administers { throw AccountError.isReserved }
    if !isOwner, try store.snapshot().revision(Account.address(Caller.ownerID)) == nil { throw AccountError.lacksOwner }
  }

  // MARK: The throttle

  func begin(account: String?, _ address: String) throws(StoreError) {
    let now = monotonic()
    guard let wait = throttle.withLock({ $0.begin(account: account, address: address, at: now) }) else { return }
    let seconds = wait.components.seconds + 1
    var error = StoreError(.throttled, "There were too many tries.", hint: "Try again in \(seconds) s.")
    error.retrySeconds = seconds
    throw error
  }

  func succeed(account: String?, _ address: String) {
    throttle.withLock { $0.succeed(account: account, address: address) }
  }

  func takeBack(account: String?, _ address: String) {
    throttle.withLock { $0.takeBack(account: account, address: address) }
  }
}

enum AccountError {
  static let badName = StoreError(
    .refused, "This cannot be the name of an account.",
    hint: "A name has 1 to 64 letters, digits and . _ - @ +, and begins with a letter or a digit.")
  static func missing(_ name: String) -> StoreError {
    StoreError(
      .notFound, "There is no account '\(name)'.",
      hint: "`daybook user list` shows those there are, `daybook user add` makes one.")
  }
  static let isReserved = StoreError(
    .refused, "The name '\(Caller.ownerID)' belongs to the owner of the store.", hint: "Choose another one.")
  static let lacksOwner = StoreError(
    .refused, "The store has no owner's account yet.",
    hint: "Make the account '\(Caller.ownerID)' first: what the store holds belongs to it.")
  /// The same for every reason, so that nobody learns which accounts there are.
  static let notSignedIn = StoreError(
    .unauthenticated, "The name or the password is wrong.", hint: "Passwords are told apart to the letter.")
  static let badToken = StoreError(.unauthenticated, "The token does not count.", hint: "Sign in again.")
  static let expiredToken = StoreError(
    .unauthenticated, "The token's time is over.", hint: "Renew it, or sign in again.")
}
