import Daybook
import DaybookRuntime
import TestSupport
import Testing

@testable import DaybookServer

/// What keeps users apart is not got around: by agents, by documents, by going back.
struct GuardTests {
  private static func write(_ collection: String) -> Grant.Scope { Grant.Scope(collection, .write) }

  // MARK: Settings

  @Test func onlyWhoLooksAfterTheStoreChangesWhoGetsIn() async throws {
    try await TestUsers.with { users in
      let service = users.service
      let agent = try await users.agent(of: "owner", [Self.write("*")])
      let before = try service.store.snapshot().revision("settings/system")
      let off: JSONValue = ["users": ["enabled": false]]
      try await service.call("PATCH", "/v1/documents/settings/system", off, headers: agent, gives: 403)
      try await service.call("PUT", "/v1/documents/settings/system", [:], headers: agent, gives: 403)
      try await service.call("DELETE", "/v1/documents/settings/system", headers: agent, gives: 403)
      let delete: JSONValue = ["operations": [["op": "delete", "document": "settings/system"]]]
      try await service.call("POST", "/v1/transactions", delete, headers: agent, gives: 403)
      try await service.call(
        "PUT", "/api/v1/users/settings/users.enabled?layer=system", ["value": false], headers: agent, gives: 403)
      try await service.call(
        "PUT", "/api/v1/users/settings/entitlements.default_tier?layer=system", ["value": "pro"], headers: agent,
        gives: 403)
      for name in ["users", "entitlements", "new"] {
        try await service.call(
          "PUT", "/v1/documents/settings/definitions/\(name)", ["name": "x", "settings": [:]], headers: agent,
          gives: 403)
      }
      try await service.call("DELETE", "/v1/documents/settings/definitions/users", headers: agent, gives: 403)
      #expect(try service.store.snapshot().revision("settings/system") == before)
      try await service.call(
        "PUT", "/api/v1/users/settings/search.max_results?layer=system", ["value": 7], headers: agent)
      let owner = try await users.signedIn("owner")
      try await service.call(
        "PUT", "/api/v1/users/settings/users.registration?layer=system", ["value": "open"], headers: owner)
    }
  }

  /// Whatever took the setting away, nobody comes in by that.
  @Test func withAccountsNothingButFalseTurnsUsersOff() async throws {
    try await TestUsers.with { users in
      let store = users.service.store
      for address in ["settings/definitions/users", "settings/system"] {
        try await store.transaction { try $0.delete(address) }
        try await users.service.call("GET", "/v1/collections", gives: 401)
      }
      _ = try await users.signedIn("ann")
    }
  }

  @Test func whatATierDoesNotGrantIsNotSetAsADocumentEither() async throws {
    try await TestUsers.with(settings: ["entitlements": ["enabled": true, "default_tier": "small"]]) { users in
      let service = users.service
      try await service.store.transaction { try $0.put("tiers/small", ["name": "Small", "settings": ["ui"]]) }
      let ann = try await users.signedIn("ann")
      let address = "/v1/documents/settings/users/ann"
      let refused: JSONValue = ["search": ["max_results": 30]]
      try await service.call("PATCH", "/api/v1/users/settings/search.max_results", headers: ann, gives: 405)
      try await service.call(
        "PUT", "/api/v1/users/settings/search.max_results", ["value": 30], headers: ann, gives: 403)
      try await service.call("PUT", address, refused, headers: ann, gives: 403)
      let merge: JSONValue = ["operations": [["op": "put", "document": "settings/users/ann", "value": refused]]]
      try await service.call("POST", "/v1/transactions", merge, headers: ann, gives: 403)
      try await service.call("PUT", address, ["ui": ["theme": "dark"]], headers: ann, gives: 201)
      try await service.call("PATCH", address, refused, headers: ann, gives: 403)
      try await service.call("PATCH", address, ["ui": ["theme": "light"]], headers: ann)
    }
  }

  // MARK: Going back

  @Test func undoPassesOverSigningInAndRenewing() async throws {
    try await TestUsers.with { users in
      let service = users.service
      for name in ["ann", "owner"] {
        let headers = try await users.signedIn(name)
        let made = try await service.call(
          "POST", "/v1/collections/tasks", ["user": .string(name), "task_type": "x", "status": "pending"],
          headers: headers, gives: 201)
        let address = try #require(made["document"]?.string)
        let reply = try await service.send(
          "POST", "/api/v1/auth/sign-in", ["name": .string(name), "password": .string(TestUsers.password)])
        let refresh = try #require(reply.json["refresh_token"])
        try await service.call("POST", "/api/v1/auth/refresh", ["refresh_token": refresh])
        let undone = try await service.call("POST", "/v1/undo", headers: try await users.signedIn(name))
        #expect(undone["documents"]?.array?.first?["document"] == .string(address), "\(name): \(undone)")
        #expect(try service.store.snapshot().document(address) == nil)
        try await service.call("POST", "/v1/redo", headers: headers)
        #expect(try service.store.snapshot().document(address) != nil)
      }
    }
  }

  /// An answer has had its effect: what was done before it can still be taken back.
  @Test func undoPassesOverWhatIsNotWrittenAsADocument() async throws {
    try await TestUsers.with { users in
      let service = users.service
      let ann = try await users.signedIn("ann")
      let task: JSONValue = ["user": "ann", "task_type": "x", "status": "pending"]
      let made = try await service.call("POST", "/v1/collections/tasks", task, headers: ann, gives: 201)
      let todos: JSONValue = ["todos": [["todo_type": "approval", "title": "Pay?"]]]
      try await service.call("POST", "/agent/sessions/t/todos", todos, headers: ann, gives: 201)
      let undone = try await service.call("POST", "/v1/undo", headers: ann)
      #expect(undone["documents"]?.array?.first?["document"] == made["document"], "\(undone)")
      try await service.call("POST", "/v1/undo", headers: ann, gives: 404)
    }
  }

  @Test func aRollbackRevivesNoTokenAndNoPassword() async throws {
    try await TestUsers.with { users in
      let service = users.service
      let owner = try await users.signedIn("owner")
      let ann = try await users.signedIn("ann")
      let agent = try await users.agent(of: "ann", [Self.write("*")])
      let point = JSONValue.string("#\(service.store.snapshot().sequence)")
      try await service.call("PATCH", "/v1/documents/settings/system", ["ui": ["theme": "dark"]], headers: owner)
      let tokens = try await service.call("GET", "/api/v1/tokens", headers: ann)["tokens"]?.array
      let id = try #require(tokens?.first?["id"]?.string)
      try await service.call("DELETE", "/api/v1/tokens/\(id)", headers: ann, gives: 204)
      let password: JSONValue = ["password": "a quite different one"]
      try await service.call("POST", "/api/v1/users/ann/password", password, headers: owner)
      let back = try await service.call("POST", "/v1/rollback", ["to": point], headers: owner)
      let stays = back["stays"]?.array?.compactMap { $0["path"]?.string } ?? []
      #expect(stays.contains { $0.hasPrefix("users/") } && stays.contains { $0.hasPrefix("tokens/") }, "\(back)")
      #expect(try service.store.snapshot().document("settings/system")?.root["ui"] == nil)
      for headers in [agent, ann] { try await service.call("GET", "/v1/collections", headers: headers, gives: 401) }
      let old: JSONValue = ["name": "ann", "password": .string(TestUsers.password)]
      try await service.call("POST", "/api/v1/auth/sign-in", old, gives: 401)
    }
  }

  // MARK: Points

  /// A commit's message holds values; whether one matches would be told by whether the point is found.
  @Test func noPointOfARequestSearchesInTheHistory() async throws {
    try await TestUsers.with { users in
      let service = users.service
      try service.temporary.git("branch", "work", "HEAD")
      let ann = try await users.signedIn("ann")
      for point in ["HEAD^{/settings}", "HEAD^", ":/settings", "work", "main", "HEAD:daybook.json", "HEAD@{0}"] {
        let escaped = point.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        for path in [
          "/v1/collections?at=\(escaped)", "/v1/collections/tasks?at=\(escaped)", "/v1/diff?from=\(escaped)",
          "/v1/history?since=\(escaped)", "/v1/history?until=\(escaped)",
          "/v1/documents/profiles/llm/gpt-4o?at=\(escaped)", "/v1/blame?document=profiles/llm/gpt-4o&at=\(escaped)",
        ] {
          let reply = try await service.send("GET", path, headers: ann)
          #expect([400, 422].contains(reply.status), "\(path): \(reply.text)")
        }
        let owner = try await users.signedIn("owner")
        let text = JSONValue.string(point)
        try await service.call("POST", "/v1/revert", ["commit": text], headers: owner, gives: 422)
        try await service.call("POST", "/v1/rollback", ["to": text], headers: owner, gives: 422)
      }
    }
  }

  // MARK: Documents that follow from names

  @Test func nobodyPlantsWhatAnotherUserWouldFind() async throws {
    try await TestUsers.with { users in
      let service = users.service
      let (ann, bob) = (try await users.signedIn("ann"), try await users.signedIn("bob"))
      let agent = try await users.agent(of: "bob", [Grant.Scope("*", .decide)])
      // Bob knows the names, since they follow from words that everybody knows.
      let put: JSONValue = ["value": ["likes": "soup"], "namespace": ["users", "ann"], "key": "food"]
      try await service.call("PUT", "/api/v1/store/items", put, headers: ann, gives: 204)
      let address = "\(try #require(try service.store.snapshot().addresses(Query("memories")).first))"
      let planted: JSONValue = [
        "user": "bob", "namespace": ["users", "ann"], "path": "users.ann.", "key": "food", "value": ["likes": "poison"],
        "created_at": "2026-11-21T06:40:00Z", "updated_at": "2026-11-21T06:40:00Z",
      ]
      try await service.call(
        "DELETE", "/api/v1/store/items", ["namespace": ["users", "ann"], "key": "food"], headers: ann, gives: 204)
      let thread: JSONValue = ["user": "bob", "thread_id": "x", "status": "running"]
      for headers in [bob, agent] {
        try await service.call("PUT", "/v1/documents/\(address)", planted, headers: headers, gives: 403)
        try await service.call("PUT", "/v1/documents/threads/thread-1", thread, headers: headers, gives: 403)
        let operation: JSONValue = ["op": "put", "document": "threads/thread-1", "value": thread]
        try await service.call("POST", "/v1/transactions", ["operations": [operation]], headers: headers, gives: 403)
      }
      // And if it lies there all the same, it is not Ann's.
      try await service.store.transaction { try $0.put(address, planted) }
      let reply = try await service.send("GET", "/api/v1/store/items?namespace=users.ann&key=food", headers: ann)
      #expect(!reply.text.contains("poison"), "\(reply.text)")
    }
  }

  // MARK: Deciding

  @Test func anAgentApprovesNothingUnlessItsTokenSaysSo() async throws {
    try await TestUsers.with { users in
      let service = users.service
      let asking = try await users.agent(of: "ann", [Self.write("*")])
      let made = try await service.call(
        "POST", "/agent/sessions/t/todos", ["todos": [["todo_type": "approval", "title": "Pay?"]]], headers: asking,
        gives: 201)
      let todo = try #require(made["documents"]?.array?.first)
      let (id, revision) = (try #require(todo["id"]?.string), try #require(todo["revision"]))
      let body: JSONValue = ["revision": revision, "result": true]
      try await service.call("POST", "/agent/todos/\(id)/complete", body, headers: asking, gives: 403)
      try await service.call(
        "PATCH", "/v1/documents/inbox/todos/\(id)", ["status": "completed", "decided_by": "ann"], headers: asking,
        gives: 403)
      let deciding = try await users.agent(of: "ann", [Grant.Scope("inbox", .decide), Self.write("threads")])
      try await service.call("POST", "/agent/todos/\(id)/complete", body, headers: deciding)
      let decided = try #require(try service.store.snapshot().document("inbox/todos/\(id)")).root
      #expect(decided["decided_by"]?.string == "ann" && decided["decided_through"]?.string == "Helper")
      let late = try await service.send("POST", "/agent/todos/\(id)/complete", body, headers: users.signedIn("ann"))
      #expect(late.status == 409 && late.text.contains("Helper, for ann,"), "\(late.text)")
    }
  }

  @Test func noAgentWritesAMemberThatIsReadOnly() async throws {
    let schema = """
      {
        "x-daybook": {"collection": "orders", "ids": "uuid7"}, "type": "object",
        "properties": {
          "user": {"readOnly": true}, "paid": {"type": "boolean", "readOnly": true}, "title": {"type": "string"}
        }
      }
      """
    try await TestUsers.with(kinds: [("order", schema)]) { users in
      let service = users.service
      let (ann, agent) = (try await users.signedIn("ann"), try await users.agent(of: "ann", [Self.write("orders")]))
      let path = "/v1/collections/orders"
      try await service.call("POST", path, ["user": "ann", "paid": true], headers: agent, gives: 403)
      let made = try await service.call("POST", path, ["user": "ann", "title": "x"], headers: agent, gives: 201)
      let address = "/v1/documents/\(try #require(made["document"]?.string))"
      try await service.call("PATCH", address, ["paid": true], headers: agent, gives: 403)
      try await service.call("PATCH", address, ["paid": true], headers: ann)
      try await service.call("PATCH", address, ["title": "y"], headers: agent)
      try await service.call("PUT", address, ["user": "ann", "title": "y"], headers: agent, gives: 403)
    }
  }
}
