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

  @Test func whoLooksAfterTheStoreSeesTheTokensOfAllAgentsAndEndsEach() async throws {
    let (ann, bob) = (try await member("ann"), try await member("bob"))
    let (ofAnn, text) = try await users.makeAgentToken("a", scopes: [], seconds: 60, for: ann)
    time.advance(seconds: 1)
    let ofBob = try await users.makeAgentToken("b", scopes: [], seconds: 60, for: bob).document
    let ids = [ofBob, ofAnn].map(\.address.id.text)
    #expect(try users.agentTokensOfAll(for: local).documents.map(\.address.id.text) == ids)
    let page = try users.agentTokensOfAll(limit: 1, for: local)
    #expect(page.documents.map(\.address.id.text) == [ids[0]])
    #expect(try users.agentTokensOfAll(after: page.next, for: local).documents.map(\.address.id.text) == [ids[1]])
    for caller in [ann, bob] {
      await expectRefusal(.refused, of: store) { _ = try users.agentTokensOfAll(for: caller) }
      await expectRefusal(.refused, of: store) { try await users.endToken(ids[1], by: caller) }
    }
    for id in ["", "a/b", "0190b8a0-7b3c-7def-8000-0123456789ab"] {
      await expectRefusal(.notFound, of: store) { try await users.endToken(id, by: local) }
    }
    try await users.endToken(ids[1], by: local)
    #expect(throws: StoreError.self) { try users.caller(bearing: text) }
    let session = try #require(try users.sessions(for: bob).documents.first)
    await expectRefusal(.notFound, of: store) { try await users.endToken(session.address.id.text, by: local) }
    try await store.close()
  }

  @Test func whoLooksAfterTheStoreEndsAllThatAUserAndTheUsersAgentsComeWith() async throws {
    let ann = try await member("ann")
    let signedIn = try await users.signIn("ann", password: UsersTests.password, from: "1").accessToken
    let agent = try await users.makeAgentToken("a", scopes: [], seconds: 60, for: ann).text
    try await users.signOutEverywhere("Ann", by: local)
    #expect(throws: StoreError.self) { try users.caller(bearing: signedIn) }
    _ = try users.caller(bearing: agent)
    let account = try await users.signOutEverywhere("ann", by: local, endingAgents: true)
    #expect(account.address.id.text == "ann")
    #expect(throws: StoreError.self) { try users.caller(bearing: agent) }
    #expect(try users.agentTokens(for: ann).documents.isEmpty)
    try await store.close()
  }

  @Test func whoLooksAfterTheStoreActsForEachUserAndNobodyElseDoes() async throws {
    let ann = try await member("ann")
    let acting = try users.caller("Ann", by: local)
    #expect(acting.user == "ann" && acting.grant == ann.grant && acting.author == local.author)
    #expect(try users.account("Ann", for: local).root["display_name"]?.string == "Ann")
    for name in ["eve", "a/b", ""] {
      await expectRefusal(.notFound, of: store) { _ = try users.account(name, for: local) }
    }
    await expectRefusal(.refused, of: store) { _ = try users.account("owner", for: ann) }
    await expectRefusal(.refused, of: store) { _ = try users.caller("owner", by: ann) }
    try await store.close()
  }

  @Test func aTokenThatCouldNotCountIsNotMade() async throws {
    let ann = try await member("ann")
    for name in ["taks", "task", "tasks/2026", "*x", ""] {
      await expectRefusal(.invalid, of: store) {
        _ = try await users.makeAgentToken("a", scopes: [Grant.Scope(name, .read)], seconds: 60, for: ann)
      }
    }
    try await users.change("ann", isDisabled: true, by: local)
    await expectRefusal(.refused, of: store) {
      _ = try await users.makeAgentToken("a", scopes: [Grant.Scope("profiles", .read)], seconds: 60, for: ann)
    }
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
        { _ = try users.accounts(for: agent) }, { _ = try users.agentTokensOfAll(for: agent) },
        { try await users.endToken(document.address.id.text, by: agent) },
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
