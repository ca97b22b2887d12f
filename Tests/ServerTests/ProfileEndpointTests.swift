import Daybook
import DaybookRuntime
import TestSupport
import Testing

@testable import DaybookServer

/// Profiles of the store, and of its users.
struct ProfileEndpointTests {
  private static let profile: JSONValue = [
    "name": "Mine", "provider": "openai", "model": "m", "base_url": "http://127.0.0.1:9/v1", "api_key": "sk-canary-41",
  ]

  @Test func aUsersProfileIsThatUsersAlone() async throws {
    try await TestUsers.with { users in
      let service = users.service
      let (ann, bob) = (try await users.signedIn("ann"), try await users.signedIn("bob"))
      let owner = try await users.signedIn("owner")
      let made = try await service.call(
        "POST", "/api/v1/profiles/llm", ["id": "work", "value": Self.profile], headers: ann, gives: 201)
      #expect(made["documents"]?.array?.first?["document"] == "profiles/llm/ann~work")
      let path = "/api/v1/profiles/llm/ann~work"
      let read = try await service.call("GET", path, headers: ann)
      #expect(read["value"]?["user"] == "ann" && read["value"]?["api_key"] == "‹sealed›")
      let listed = try await service.call("GET", "/api/v1/profiles/llm", headers: ann)
      #expect(listed["profiles"]?.array?.compactMap { $0["id"]?.string } == ["ann~work", "gpt-4o", "local-ollama"])
      for other in [bob, owner] {
        try await service.call("GET", path, headers: other, gives: 404)
        try await service.call("GET", "/v1/documents/profiles/llm/ann~work", headers: other, gives: 404)
        try await service.call("POST", "\(path)/activate", headers: other, gives: 404)
        try await service.call("POST", "/api/v1/profiles/llm/test?id=ann~work", headers: other, gives: 404)
        let list = try await service.call("GET", "/api/v1/profiles/llm", headers: other)
        #expect(list["profiles"]?.array?.compactMap { $0["id"]?.string } == ["gpt-4o", "local-ollama"])
        let session: JSONValue = ["llm_profile": "ann~work"]
        try await service.call("POST", "/api/v1/chat/sessions", session, headers: other, gives: 404)
      }
      try await service.call("PUT", path, ["temperature": 0.1], headers: ann)
      try await service.call("DELETE", path, headers: ann)
    }
  }

  @Test func nobodyLearnsByTryingWhichProfilesOthersHave() async throws {
    try await TestUsers.with { users in
      let service = users.service
      let (ann, bob) = (try await users.signedIn("ann"), try await users.signedIn("bob"))
      try await service.call(
        "POST", "/api/v1/profiles/llm", ["id": "work", "value": Self.profile], headers: ann, gives: 201)
      try await service.call(
        "PUT", "/v1/documents/settings/users/ann", ["ui": ["theme": "dark"]], headers: ann, gives: 201)
      var profile = Self.profile.object ?? [:]
      profile["user"] = "bob"
      var replies: [String] = []
      for id in ["ann~work", "ann~free"] {
        let reply = try await service.send("PUT", "/v1/documents/profiles/llm/\(id)", .object(profile), headers: bob)
        #expect(reply.status == 403)
        replies.append(reply.text.replacing(id, with: ""))
      }
      #expect(replies[0] == replies[1])
      for user in ["ann", "nobody"] {
        try await service.call("PUT", "/v1/documents/settings/users/\(user)", [:], headers: bob, gives: 404)
      }
      try await service.call("PUT", "/v1/documents/profiles/llm/plain", .object(profile), headers: bob, gives: 403)
      try await service.call(
        "PUT", "/v1/documents/profiles/llm/bob~work", .object(profile), headers: bob, gives: 201)
      try await service.call("PATCH", "/v1/documents/profiles/llm/bob~work", ["user": nil], headers: bob, gives: 403)
    }
  }

  @Test func theUsersActiveProfileComesBeforeTheStores() async throws {
    try await TestUsers.with { users in
      let service = users.service
      let (ann, bob) = (try await users.signedIn("ann"), try await users.signedIn("bob"))
      func active(_ headers: [String: String]) async throws -> JSONValue? {
        try await service.call("GET", "/api/v1/profiles/llm/resolve", headers: headers)["profile"]
      }
      let body: JSONValue = ["id": "work", "value": Self.profile, "activate": true]
      try await service.call("POST", "/api/v1/profiles/llm", body, headers: ann, gives: 201)
      #expect(try await active(ann) == "llm/ann~work")
      #expect(try await active(bob) == "llm/gpt-4o")
      let session = try await service.call("POST", "/api/v1/chat/sessions", [:], headers: ann, gives: 201)
      #expect(session["value"]?["llm"]?["profile"] == "ann~work")
      try await service.call("POST", "/api/v1/profiles/llm/local-ollama/activate", headers: bob)
      #expect(try await active(bob) == "llm/local-ollama")
      try await service.call("POST", "/api/v1/profiles/llm/gpt-4o/activate?layer=store", headers: bob, gives: 403)
      let owner = try await users.signedIn("owner")
      #expect(try await active(owner) == "llm/gpt-4o")
      try await service.call("GET", "/v1/documents/runtime/users/bob", headers: owner, gives: 404)
      // What is gone is not in use: what lies behind it is.
      try await service.call("DELETE", "/api/v1/profiles/llm/local-ollama", headers: owner)
      #expect(try await active(bob) == "llm/gpt-4o")
      try await service.call("DELETE", "/api/v1/profiles/llm/ann~work", headers: ann)
      #expect(try await active(ann) == "llm/gpt-4o")
      #expect(try service.store.snapshot().document("runtime/users/ann")?.root.value == [:])
    }
  }

  @Test func onlyWhoseKeyItIsSpendsIt() async throws {
    try await TestUsers.with { users in
      let service = users.service
      let (ann, owner) = (try await users.signedIn("ann"), try await users.signedIn("owner"))
      try await service.call(
        "PUT", "/api/v1/profiles/llm/gpt-4o", ["base_url": "http://127.0.0.1:9/v1"], headers: owner)
      for path in ["/api/v1/profiles/llm/test", "/api/v1/profiles/llm/test?id=gpt-4o"] {
        try await service.call("POST", path, headers: ann, gives: 403)
        try await service.call("POST", path, headers: owner)
      }
      let body: JSONValue = ["id": "work", "value": Self.profile, "activate": true]
      try await service.call("POST", "/api/v1/profiles/llm", body, headers: ann, gives: 201)
      for path in ["/api/v1/profiles/llm/test", "/api/v1/profiles/llm/test?id=ann~work"] {
        try await service.call("POST", path, headers: ann)
      }
    }
  }

  /// One activates what the other deletes: whoever comes second sees what the first did.
  @Test func whatIsActiveIsThere() async throws {
    try await TestService.with { service in
      for round in 0..<20 {
        let id = "p\(round)"
        let profile: JSONValue = ["name": "N", "provider": "openai", "model": "m"]
        try await service.call("POST", "/api/v1/profiles/llm", ["id": .string(id), "value": profile], gives: 201)
        async let used = service.send("POST", "/api/v1/profiles/llm/\(id)/activate")
        async let deleted = service.send("DELETE", "/api/v1/profiles/llm/\(id)?successor=gpt-4o")
        async let plain = service.send("DELETE", "/api/v1/profiles/llm/\(id)")
        let statuses = [try await used.status, try await deleted.status, try await plain.status]
        let active = try #require(try service.store.snapshot().document("runtime/active")?.root["llm"]?.string)
        #expect(try service.store.snapshot().revision("profiles/llm/\(active)") != nil, "\(statuses)")
        try await service.call("POST", "/api/v1/profiles/llm/gpt-4o/activate")
      }
    }
  }
}
