import Daybook
import DaybookRuntime
import TestSupport
import Testing

@testable import DaybookServer

/// What tokens of agents, and tiers, open: just the collections that an endpoint names.
struct ScopeTests {
  private struct Agents {
    let users: TestUsers
    var service: TestService { users.service }

    /// The headers of an agent of Ann's.
    func with(_ scopes: Grant.Scope...) async throws -> [String: String] {
      let ann = Caller(user: "ann", author: Author(name: "ann", email: "ann@localhost"))
      return TestUsers.bearer(
        try await users.rules().makeAgentToken("a", scopes: scopes, seconds: 60, for: ann).text)
    }
  }

  @Test func whoMayOnlyReadMaySearch() async throws {
    try await TestUsers.with { users in
      let (agents, service) = (Agents(users: users), users.service)
      let reader = try await agents.with(Grant.Scope("threads", .read), Grant.Scope("memories", .read))
      let get: JSONValue = ["op": "get", "namespace": ["n"], "key": "k"]
      let put: JSONValue = ["op": "put", "namespace": ["n"], "key": "k", "value": [:]]
      for (path, body) in [
        ("/api/v1/checkpoints/search", [:]),
        ("/api/v1/checkpoints/history", ["thread_id": "t", "channels": ["c"]]),
        ("/api/v1/store/items/search", [:]), ("/api/v1/store/namespaces", [:]),
        ("/api/v1/store/batch", ["operations": [get]]),
      ] as [(String, JSONValue)] {
        try await service.call("POST", path, body, headers: reader)
      }
      for (method, path, body) in [
        ("POST", "/api/v1/store/batch", ["operations": [get, put]]),
        ("PUT", "/api/v1/store/items", ["namespace": ["n"], "key": "k", "value": [:]]),
        ("POST", "/api/v1/threads", [:]),
      ] as [(String, String, JSONValue)] {
        try await service.call(method, path, body, headers: reader, gives: 403)
      }
    }
  }

  @Test func readingUnderATokenThatOnlyReadsLeavesTheTimeToLiveAlone() async throws {
    try await TestUsers.with { users in
      let (agents, service) = (Agents(users: users), users.service)
      let writer = try await agents.with(Grant.Scope("memories", .write))
      try await service.call(
        "PUT", "/api/v1/store/items", ["namespace": ["n"], "key": "k", "value": [:], "ttl": 600], headers: writer,
        gives: 204)
      // As if half of its time were over.
      let half = Timestamp(milliseconds: service.store.now.milliseconds + 300 * 60_000)
      let memory = try #require(try service.store.snapshot().query(Query("memories")).documents.first)
      try await service.store.transaction {
        try $0.patch("\(memory.address)", merging: ["expires_at": .string(half.text)])
      }
      let path = "/api/v1/store/items?namespace=n&key=k"
      let reader = try await agents.with(Grant.Scope("memories", .read))
      let start = service.store.snapshot().sequence
      try await service.call("GET", path, headers: reader)
      try await service.call("POST", "/api/v1/store/items/search", [:], headers: reader)
      var ofAnotherSite = writer
      ofAnotherSite["sec-fetch-site"] = "cross-site"
      try await service.call("GET", path, headers: ofAnotherSite)
      #expect(service.store.snapshot().sequence == start)
      try await service.call("GET", path, headers: writer)
      #expect(service.store.snapshot().sequence == start + 1)
    }
  }

  @Test func whatIsTouchedBesidesMustBeCoveredToo() async throws {
    try await TestUsers.with { users in
      let (agents, service) = (Agents(users: users), users.service)
      let ann = try await users.signedIn("ann")
      let todos: JSONValue = ["todos": [["todo_type": "approval", "title": "T"]]]
      let ask: JSONValue = ["interrupts": [["value": "?"]]]
      let inbox = try await agents.with(Grant.Scope("inbox", .write))
      try await service.call("POST", "/agent/sessions/t/todos", todos, headers: inbox, gives: 403)
      try await service.call("POST", "/agent/sessions/t/interrupts", ask, headers: inbox, gives: 403)
      try await service.call("GET", "/agent/interrupts", headers: inbox)
      let both = try await agents.with(Grant.Scope("inbox/todos", .write), Grant.Scope("threads", .write))
      try await service.call("POST", "/agent/sessions/t/todos", todos, headers: both, gives: 201)
      try await service.call("GET", "/agent/sessions/t/todos", headers: both)
      try await service.call("GET", "/agent/interrupts", headers: both, gives: 403)
      try await service.call("GET", "/agent/sessions/t/state", headers: both, gives: 403)
      try await service.call("DELETE", "/api/v1/threads/t", headers: both, gives: 403)
      try await service.call("GET", "/agent/sessions/t/state", headers: ann)

      let checkpoints = try await agents.with(Grant.Scope("threads/checkpoints", .read))
      try await service.call("GET", "/api/v1/checkpoints?thread_id=t", headers: checkpoints, gives: 404)
      try await service.call("GET", "/api/v1/threads/t", headers: checkpoints, gives: 403)
      let sessions = try await agents.with(Grant.Scope("sessions", .write))
      let made = try await service.call("POST", "/api/v1/chat/sessions", [:], headers: sessions, gives: 201)
      let path = "/api/v1/chat/sessions/\(made["id"]?.string ?? "")"
      try await service.call("DELETE", path, headers: sessions, gives: 403)
      try await service.call("DELETE", path, headers: ann, gives: 204)
    }
  }

  @Test func aTierIsHeldAgainstTheKindsThatAreWritten() async throws {
    try await TestUsers.with(settings: ["entitlements": ["enabled": true]]) { users in
      let service = users.service
      try await service.store.transaction {
        try $0.put("tiers/free", ["name": "Free", "kinds": ["session", "thread", "todo"]])
      }
      let ann = try await users.signedIn("ann")
      let todos: JSONValue = ["todos": [["todo_type": "approval", "title": "T"]]]
      try await service.call("POST", "/agent/sessions/t/todos", todos, headers: ann, gives: 201)
      try await service.call(
        "POST", "/agent/sessions/t/interrupts", ["interrupts": [["value": "?"]]], headers: ann, gives: 403)
      try await service.call(
        "PUT", "/api/v1/checkpoints", ["thread_id": "t", "checkpoint_id": "1", "checkpoint": ["json": 1]],
        headers: ann, gives: 403)
      try await service.call("POST", "/api/v1/checkpoints/search", [:], headers: ann)
      try await service.call("POST", "/api/v1/tasks", ["task_type": "x"], headers: ann, gives: 403)
    }
  }
}
