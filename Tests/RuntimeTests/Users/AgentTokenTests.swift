import Daybook
import Documents
import Sodium
import TestSupport
import Testing

@testable import DaybookRuntime

/// What agents come with: tokens that their users make.
struct AgentTokenTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let users: Users
  private let time = TestTime("2026-11-21T06:40:00Z")
  private let local = Caller.owner(Author(name: "Local", email: "local@example.org"))

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
    var options = UsersOptions()
    options.passwordCost = .least
    users = Users(store, options, now: time.now)
  }

  private func member(_ name: String) async throws -> Caller {
    if try store.snapshot().revision("users/owner") == nil {
      _ = try await users.register("owner", password: UsersTests.password, by: local)
    }
    _ = try await users.register(name, password: UsersTests.password, displayName: "Ann", by: local)
    return try await users.signIn(name, password: UsersTests.password, from: "1").caller
  }

  @Test func anAgentActsForItsUserWithinItsScopes() async throws {
    let ann = try await member("ann")
    let scopes = [Grant.Scope("tasks", .write), Grant.Scope("profiles", .read, secrets: true)]
    let (document, text) = try await users.makeAgentToken("Digest", scopes: scopes, seconds: 60, for: ann)
    #expect(document.root["user"]?.string == "ann")
    let agent = try users.caller(bearing: text)
    #expect(agent.user == "ann" && agent.grant == Grant(.agent, scopes: scopes))
    #expect(agent.author == Author(name: "Digest for Ann", email: "ann@users.\(store.id)") && agent.agent == "Digest")
    time.advance(seconds: 60)
    #expect(throws: StoreError.self) { try users.caller(bearing: text) }
    try await store.close()
  }

  @Test func aUserSeesAndEndsTheUsersOwnTokensOnly() async throws {
    let (ann, bob) = (try await member("ann"), try await member("bob"))
    let (document, text) = try await users.makeAgentToken("a", scopes: [], seconds: 60, for: ann)
    let id = document.address.id.text
    #expect(try users.agentTokens(for: ann).documents.map(\.address.id.text) == [id])
    #expect(try users.agentTokens(for: bob).documents.isEmpty)
    #expect(try users.sessions(for: bob).documents.count == 1)
    await expectRefusal(.notFound, of: store) { try await users.deleteToken(id, for: bob) }
    _ = try users.caller(bearing: text)
    try await users.deleteToken(id, for: ann)
    #expect(throws: StoreError.self) { try users.caller(bearing: text) }
    try await store.close()
  }

  @Test func anAgentMakesSeesAndEndsNoTokensAndLooksAfterNothing() async throws {
    let ann = try await member("ann")
    let all = Grant.Scope("*", .write, secrets: true)
    let (document, text) = try await users.makeAgentToken("a", scopes: [all], seconds: 60, for: ann)
    let owner = try await users.signIn("owner", password: UsersTests.password, from: "1").caller
    let ofOwner = try await users.makeAgentToken("o", scopes: [all], seconds: 60, for: owner).text
    for agent in [try users.caller(bearing: text), try users.caller(bearing: ofOwner)] {
      let calls: [() async throws -> Void] = [
        { _ = try await users.makeAgentToken("b", scopes: [all], seconds: 60, for: agent) },
        { _ = try users.agentTokens(for: agent) }, { _ = try users.sessions(for: agent) },
        { try await users.deleteToken(document.address.id.text, for: agent) },
        { _ = try users.accounts(for: agent) },
        { try await users.change("bob", isDisabled: true, by: agent) },
        { try await users.signOutEverywhere(agent.user, by: agent) },
        { try await users.resetPassword(of: "ann", to: UsersTests.password, by: agent) },
        { _ = try await users.register("eve", password: UsersTests.password, by: agent) },
        {
          let password = UsersTests.password
          _ = try await users.changePassword(from: password, to: password, for: agent, address: "1")
        },
      ]
      for call in calls { await expectRefusal(.refused, of: store) { try await call() } }
    }
    try await store.close()
  }

  @Test func tokensHaveBounds() async throws {
    let ann = try await member("ann")
    for seconds in [0, -1, 367 * 86_400] as [Int64] {
      await expectRefusal(.refused, of: store) {
        _ = try await users.makeAgentToken("a", scopes: [], seconds: seconds, for: ann)
      }
    }
    await expectRefusal(.invalid, of: store) {
      let scopes = [Grant.Scope("", .read)]
      _ = try await users.makeAgentToken("a", scopes: scopes, seconds: 60, for: ann)
    }
    for _ in 0..<100 { _ = try await users.makeAgentToken("a", scopes: [], seconds: 60, for: ann) }
    await expectRefusal(.limit, of: store) {
      _ = try await users.makeAgentToken("a", scopes: [], seconds: 60, for: ann)
    }
    try await store.close()
  }
}
