import Daybook
import Documents
import Testing

@testable import DaybookRuntime

struct GrantTests {
  @Test(arguments: Grant.guarded)
  func whatKeepsUsersApartIsReadAndWrittenByOwnersOnlyAndItsSecretsByNobody(collection: String) {
    let all = [Grant.Scope("*", .write, secrets: true), Grant.Scope(collection, .write, secrets: true)]
    for access in Grant.Access.allCases {
      #expect(Grant(.owner).allows(access, in: collection))
      #expect(!Grant(.member).allows(access, in: collection))
      #expect(!Grant(.agent, scopes: all).allows(access, in: collection))
      #expect(!Grant(.owner, scopes: all).allows(access, in: collection))
    }
    for role in Grant.Role.allCases { #expect(!Grant(role, scopes: all).opensSecrets(of: collection)) }
    #expect(!Grant(.owner).opensSecrets(of: collection))
  }

  @Test func aPersonMayDoEverythingElseWithWhatIsThePersonsOwn() {
    for role in [Grant.Role.owner, .member] {
      #expect(Grant(role).allows(.write, in: "tasks") && Grant(role).opensSecrets(of: "profiles/llm"))
    }
    #expect(Grant(.owner).administers && !Grant(.member).administers)
  }

  @Test func anAgentMayDoWhatItsScopesSay() {
    let grant = Grant(
      .agent,
      scopes: [
        Grant.Scope("tasks", .write), Grant.Scope("profiles", .read, secrets: true), Grant.Scope("sessions", .read),
      ])
    #expect(grant.allows(.write, in: "tasks") && grant.allows(.read, in: "tasks"))
    #expect(!grant.opensSecrets(of: "tasks"))
    #expect(grant.allows(.read, in: "profiles/llm") && !grant.allows(.write, in: "profiles/llm"))
    #expect(grant.opensSecrets(of: "profiles/llm"))
    #expect(!grant.allows(.read, in: "tasks2") && !grant.allows(.read, in: "inbox"))
    #expect(!grant.administers)
    #expect(throws: StoreError.self) { try grant.check(.write, in: "sessions") }
    #expect(throws: StoreError.self) { try grant.checkSecrets(of: "sessions") }
  }

  @Test func anAgentWithoutScopesMayDoNothing() {
    for grant in [Grant(.agent), Grant(.agent, scopes: [])] {
      #expect(!grant.allows(.read, in: "tasks") && !grant.opensSecrets(of: "tasks"))
    }
  }

  @Test func aCallerWithoutAGrantHasThatOfItsUser() {
    let author = Author(name: "A", email: "a@example.org")
    #expect(Caller.owner(author).grant == Grant(.owner))
    #expect(Caller(user: "ann", author: author).grant == Grant(.member))
  }
}
