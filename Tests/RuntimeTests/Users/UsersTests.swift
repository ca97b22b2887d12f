import Daybook
import Documents
import Sodium
import Synchronization
import TestSupport
import Testing

@testable import DaybookRuntime

/// Users of a store, with a cheap password hash and clocks that the tests move.
struct UsersTests {
  let temporary: TemporaryStore
  let store: Store
  let users: Users
  let time = TestTime("2026-11-21T06:40:00Z")
  let seconds = Seconds()
  let local = Caller.owner(Author(name: "Local", email: "local@example.org"))
  static let password = Array("correct horse battery".utf8)

  final class Seconds: Sendable {
    private let count = Mutex(0)
    var now: Duration { .seconds(count.withLock { $0 }) }
    func advance(by seconds: Int) { count.withLock { $0 += seconds } }
  }

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
    var options = UsersOptions()
    options.passwordCost = .least
    let seconds = seconds
    users = Users(store, options, now: time.now, monotonic: { seconds.now })
  }

  /// The owner and Ann, with one password.
  private func registerTwo() async throws {
    _ = try await users.register("owner", password: Self.password, by: local)
    _ = try await users.register("ann", password: Self.password, displayName: "Ann Example", by: local)
  }

  private func signIn(_ name: String = "ann", _ password: [UInt8] = Self.password) async throws -> SignedIn {
    try await users.signIn(name, password: password, from: "10.0.0.1")
  }

  private func expectNotSignedIn(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
  ) async {
    let error = await #expect(throws: StoreError.self, sourceLocation: sourceLocation) { try await body() }
    #expect(error?.code == .unauthenticated, "\(error.map { "\($0)" } ?? "")", sourceLocation: sourceLocation)
  }

  // MARK: Accounts

  @Test func theFirstAccountIsTheOwnersAndOnlyWhoLooksAfterTheStoreMakesIt() async throws {
    await expectRefusal(.refused, of: store) {
      _ = try await users.register("ann", password: Self.password, by: local)
    }
    await expectRefusal(.refused, of: store) {
      _ = try await users.register("owner", password: Self.password, by: nil, from: "1")
    }
    let owner = try await users.register("owner", password: Self.password, by: local)
    #expect(owner.root["role"]?.string == "owner")
    let ann = try await users.register("Ann", password: Self.password, by: local)
    #expect(ann.address.id.text == "ann" && ann.root["role"]?.string == "member")
    await expectRefusal(.conflict, of: store) {
      _ = try await users.register("ANN", password: Self.password, by: local)
    }
    try await store.close()
  }

  @Test func strangersMakeAccountsOfMembersOnlyWhereThatIsOpen() async throws {
    try await registerTwo()
    let member = try await signIn().caller
    for caller in [nil, member] {
      await expectRefusal(.refused, of: store) {
        _ = try await users.register("eve", password: Self.password, by: caller, from: "1")
      }
    }
    var options = UsersOptions()
    options.passwordCost = .least
    options.registration = .open
    let open = Users(store, options)
    for (name, role) in [("owner", Grant.Role.member), ("eve", .owner), ("eve", .agent)] {
      await expectRefusal(.refused, of: store) {
        _ = try await open.register(name, password: Self.password, role: role, by: nil, from: "1")
      }
    }
    let eve = try await open.register("eve", password: Self.password, by: nil, from: "1")
    #expect(eve.root["role"]?.string == "member")
    try await store.close()
  }

  @Test(arguments: ["", "a/b", "../x", "a b", String(repeating: "a", count: 65)])
  func aNameThatCannotBeOneIsRefused(name: String) async throws {
    try await registerTwo()
    await expectRefusal(.refused, of: store) {
      _ = try await users.register(name, password: Self.password, by: local)
    }
    await expectNotSignedIn { _ = try await signIn(name) }
    try await store.close()
  }

  @Test(arguments: [0, 11, 1_025]) func aPasswordThatIsTooShortOrTooLongIsRefused(count: Int) async throws {
    await expectRefusal(.refused, of: store) {
      let password = [UInt8](repeating: 65, count: count)
      _ = try await users.register("owner", password: password, by: local)
    }
    try await store.close()
  }

  @Test func ofManyWhoRegisterOneNameAtOnceOneHasIt() async throws {
    try await registerTwo()
    let made = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<12 {
        group.addTask { [users, local] in
          (try? await users.register("bob", password: Self.password, by: local)) == nil ? 0 : 1
        }
      }
      return await group.reduce(0, +)
    }
    #expect(made == 1)
    try await store.close()
  }

  // MARK: Signing in

  @Test func whoSignsInIsTheCallerThatTheTokenBringsBackAlsoAfterARestart() async throws {
    try await registerTwo()
    let signedIn = try await signIn("Ann")
    #expect(signedIn.expiresInSeconds == 900)
    let caller = try users.caller(bearing: signedIn.accessToken)
    #expect(caller == signedIn.caller)
    #expect(caller.user == "ann" && caller.grant == Grant(.member))
    #expect(caller.author == Author(name: "Ann Example", email: "ann@users.\(store.id)"))
    #expect(try users.caller(bearing: try await signIn("owner").accessToken).grant.administers)
    try await store.close()
    let reopened = try temporary.open()
    let again = Users(reopened, UsersOptions(), now: time.now)
    #expect(try again.caller(bearing: signedIn.accessToken) == caller)
    _ = try await again.refresh(signedIn.refreshToken)
    try await reopened.close()
  }

  @Test func aWrongNameAndAWrongPasswordAreToldInTheSameWords() async throws {
    try await registerTwo()
    try await users.change("ann", isDisabled: true, by: local)
    var words: Set<String> = []
    for (name, password) in [
      ("owner", Array("wrong horse battery".utf8)), ("nobody", Self.password), ("ann", Self.password),
      ("a/../b", Self.password), ("owner", []), ("owner", [UInt8](repeating: 65, count: 5_000)),
    ] {
      let error = await #expect(throws: StoreError.self) { _ = try await signIn(name, password) }
      words.insert("\(error?.code.description ?? "") \(error?.message ?? "") \(error?.hint ?? "")")
    }
    #expect(words.count == 1)
    #expect(words.first?.hasPrefix("unauthenticated") == true)
    try await store.close()
  }

  @Test func whoGuessesHasToWaitAndWhoSignedInBeforeNeedNot() async throws {
    try await registerTwo()
    let before = try await signIn()
    for _ in 0..<5 { await expectNotSignedIn { _ = try await signIn("ann", Array("wrong password".utf8)) } }
    let error = await #expect(throws: StoreError.self) { _ = try await signIn() }
    #expect(error?.code == .throttled)
    #expect(error?.hint?.contains("2 s") == true)
    _ = try users.caller(bearing: before.accessToken)
    _ = try await signIn("owner")
    seconds.advance(by: 2)
    _ = try await signIn()
    _ = try await signIn()
    try await store.close()
  }

  @Test func anAccessTokenCountsForAQuarterOfAnHour() async throws {
    try await registerTwo()
    let token = try await signIn().accessToken
    time.advance(seconds: 899)
    _ = try users.caller(bearing: token)
    time.advance(seconds: 1)
    await expectNotSignedIn { _ = try users.caller(bearing: token) }
    try await store.close()
  }

  // MARK: Renewing

  @Test func eachRefreshTokenIsGoodOnceAndGivesTheNext() async throws {
    try await registerTwo()
    var signedIn = try await signIn()
    for _ in 0..<5 {
      time.advance(seconds: 20 * 86_400)
      guard let next = try? await users.refresh(signedIn.refreshToken) else { break }
      _ = try users.caller(bearing: next.accessToken)
      #expect(next.refreshToken != signedIn.refreshToken)
      signedIn = next
    }
    // Ninety days after the signing in it is over, however often it was renewed.
    #expect(time.moment.text == "2027-03-01T06:40:00.000Z")
    await expectNotSignedIn { _ = try await users.refresh(signedIn.refreshToken) }
    try await store.close()
  }

  @Test func whoStaysAwayForAMonthHasToSignInAgain() async throws {
    try await registerTwo()
    let signedIn = try await signIn()
    time.advance(seconds: 30 * 86_400)
    await expectNotSignedIn { _ = try await users.refresh(signedIn.refreshToken) }
    try await store.close()
  }

  @Test func aTokenThatIsUsedAgainEndsItsFamilyAndNoOther() async throws {
    try await registerTwo()
    let other = try await signIn()
    let first = try await signIn()
    let second = try await users.refresh(first.refreshToken)
    let third = try await users.refresh(second.refreshToken)
    _ = try users.caller(bearing: third.accessToken)
    await expectNotSignedIn { _ = try await users.refresh(first.refreshToken) }
    await expectNotSignedIn { _ = try await users.refresh(third.refreshToken) }
    for token in [first, second, third] { await expectNotSignedIn { _ = try users.caller(bearing: token.accessToken) } }
    _ = try users.caller(bearing: other.accessToken)
    _ = try await users.refresh(other.refreshToken)
    try await store.close()
  }

  /// Two windows of one browser, or a client that lost the answer.
  @Test func whoRenewsTwiceAtOnceGetsTheSameNextToken() async throws {
    try await registerTwo()
    for _ in 0..<5 {
      let token = try await signIn().refreshToken
      let given = try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<8 { group.addTask { [users] in try await users.refresh(token).refreshToken } }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      #expect(given.count == 1 && !given.contains(token))
      time.advance(seconds: 29)
      let next = try await users.refresh(token)
      #expect(given == [next.refreshToken])
      time.advance(seconds: 1)
      await expectNotSignedIn { _ = try await users.refresh(token) }
      await expectNotSignedIn { _ = try await users.refresh(next.refreshToken) }
    }
    try await store.close()
  }

  @Test func aPasswordGetsATextOfTodaysCostWhenItIsUsed() async throws {
    try await registerTwo()
    func hash() throws -> String? {
      let snapshot = store.snapshot()
      return try snapshot.document("users/ann").flatMap { try snapshot.revealed($0).root["password_hash"]?.string }
    }
    let old = try #require(try hash())
    let version = try store.snapshot().document("users/ann")?.root["token_version"]?.integer
    _ = try await signIn()
    #expect(try hash() == old)
    var options = UsersOptions()
    options.passwordCost = PasswordHash.Cost(passes: 2, memoryBytes: 16 << 10)
    let dearer = Users(store, options, now: time.now)
    for _ in 0..<2 { _ = try await dearer.signIn("ann", password: Self.password, from: "1") }
    let new = try #require(try hash())
    #expect(new != old && new.contains("m=16,t=2"))
    #expect(try store.snapshot().document("users/ann")?.root["token_version"]?.integer == version)
    _ = try await dearer.signIn("ann", password: Self.password, from: "1")
    #expect(try hash() == new)
    try await store.close()
  }

  @Test func aForgedRefreshTokenEndsNothing() async throws {
    try await registerTwo()
    let signedIn = try await signIn()
    let token = try #require(OpaqueToken(parsing: signedIn.refreshToken))
    let (one, two) = (try OpaqueToken.makeSecret(), try OpaqueToken.makeSecret())
    let before = store.snapshot().sequence
    for forged in [
      OpaqueToken(.refresh, id: token.id, secrets: [one, token.secrets[1]]),
      OpaqueToken(.refresh, id: token.id, secrets: [one, two]), OpaqueToken(.agent, id: token.id, secrets: [one]),
      OpaqueToken(.agent, id: token.id, secrets: [token.secrets[1]]),
      OpaqueToken(.refresh, id: "0190b8a0-7b3c-7def-8000-0123456789ab", secrets: token.secrets),
    ] {
      await expectNotSignedIn { _ = try await users.refresh(forged.text) }
      await expectNotSignedIn { _ = try users.caller(bearing: forged.text) }
      try await users.signOut(forged.text)
    }
    await expectNotSignedIn { _ = try users.caller(bearing: signedIn.refreshToken) }
    #expect(store.snapshot().sequence == before)
    _ = try await users.refresh(signedIn.refreshToken)
    try await store.close()
  }

  // MARK: Ending

  @Test func whoSignsOutIsOutHereAndNowhereElse() async throws {
    try await registerTwo()
    let (here, there) = (try await signIn(), try await signIn())
    try await users.signOut(here.refreshToken)
    await expectNotSignedIn { _ = try users.caller(bearing: here.accessToken) }
    await expectNotSignedIn { _ = try await users.refresh(here.refreshToken) }
    _ = try users.caller(bearing: there.accessToken)
    try await users.signOutEverywhere("ann", by: there.caller)
    await expectNotSignedIn { _ = try users.caller(bearing: there.accessToken) }
    await expectNotSignedIn { _ = try await users.refresh(there.refreshToken) }
    _ = try await signIn()
    try await store.close()
  }

  @Test func aChangedPasswordEndsWhatTheOldOneBegan() async throws {
    try await registerTwo()
    let before = try await signIn()
    let new = Array("another horse battery".utf8)
    await expectNotSignedIn {
      _ = try await users.changePassword(from: new, to: new, for: before.caller, address: "1")
    }
    let after = try await users.changePassword(from: Self.password, to: new, for: before.caller, address: "1")
    await expectNotSignedIn { _ = try users.caller(bearing: before.accessToken) }
    #expect(try users.caller(bearing: after.accessToken).user == "ann")
    await expectNotSignedIn { _ = try await signIn() }
    _ = try await signIn("ann", new)
    try await store.close()
  }

  @Test func aDisabledUserIsOutAtOnceAndAMemberDisablesNobody() async throws {
    try await registerTwo()
    let ann = try await signIn()
    let agent = try await users.makeAgentToken("a", scopes: [Grant.Scope("*", .read)], seconds: 60, for: ann.caller)
    await expectRefusal(.refused, of: store) { try await users.change("owner", isDisabled: true, by: ann.caller) }
    for name in ["owner", "OWNER"] {
      await expectRefusal(.refused, of: store) { try await users.change(name, isDisabled: true, by: local) }
    }
    await expectRefusal(.refused, of: store) { try await users.change("ann", role: .agent, by: local) }
    await expectRefusal(.notFound, of: store) { try await users.change("eve", isDisabled: true, by: local) }
    try await users.change("ann", isDisabled: true, by: local)
    for token in [ann.accessToken, agent.text] { await expectNotSignedIn { _ = try users.caller(bearing: token) } }
    await expectNotSignedIn { _ = try await users.refresh(ann.refreshToken) }
    try await users.change("ann", isDisabled: false, by: local)
    _ = try await signIn()
    try await store.close()
  }

  @Test func tokensEndWithARotationOfTheKeysAndRefreshTokensStay() async throws {
    try await registerTwo()
    let before = try await signIn()
    _ = try await store.rotateKeys()
    await expectNotSignedIn { _ = try users.caller(bearing: before.accessToken) }
    let after = try await users.refresh(before.refreshToken)
    #expect(try users.caller(bearing: after.accessToken).user == "ann")
    _ = try await signIn()
    try await store.close()
  }

  // MARK: What is kept

  @Test func noPasswordAndNoTokenIsInAnyFileOfTheStore() async throws {
    try await registerTwo()
    let signedIn = try await signIn()
    let agent = try await users.makeAgentToken("a", scopes: [], seconds: 60, for: signedIn.caller)
    let secrets =
      ["correct horse battery", "argon2id", signedIn.accessToken]
      + (OpaqueToken(parsing: signedIn.refreshToken)?.secrets ?? []) + (OpaqueToken(parsing: agent.text)?.secrets ?? [])
    #expect(secrets.count == 6)
    let document = try users.account(of: signedIn.caller)
    #expect(document.root["password_hash"]?.string?.hasPrefix("sealed:1:") == true)
    #expect(try store.snapshot().masked(document).root["password_hash"]?.string == "‹sealed›")
    try await store.close()
    let history = try temporary.git("log", "-p", "--all")
    #expect(history.contains("password_hash"))
    for secret in secrets { #expect(!history.contains(secret)) }
  }

  @Test func settingsSayWhetherThereAreUsers() async throws {
    let template = try TemporaryStore(withTemplate: true)
    let store = try template.open()
    let settings = Settings(store)
    #expect(try !settings.hasUsers())
    #expect(try settings.usersOptions().registration == .closed)
    try await store.transaction { try $0.patch("settings/system", merging: ["users": ["enabled": true]]) }
    #expect(try settings.hasUsers())
    try await store.transaction {
      try $0.patch("settings/system", merging: ["users": ["enabled": "nonsense", "registration": "open"]])
    }
    #expect(try settings.hasUsers(), "what cannot be read lets nobody in")
    #expect(try settings.usersOptions().registration == .open)
    try await store.close()
    #expect(try !Settings(self.store).hasUsers())
  }
}
