import Daybook
import TestSupport
import Testing

@testable import DaybookServer

struct ConflictEndpointTests {
  private let profile = "profiles/llm/gpt-4o"

  private func collide(_ service: TestService, lost: JSONValue) async throws -> String {
    let conflict: JSONValue = [
      "document": .string(profile), "pointer": "/temperature", "base": 0.1, "kept": 0.2, "lost": lost,
      "status": "open",
    ]
    let receipt = try await service.store.transaction { _ = try $0.create(in: "conflicts", conflict) }
    return try #require(receipt.documents.first?.address.id.text)
  }

  @Test func aConflictIsFoundReadAndResolved() async throws {
    try await TestService.with { service in
      let first = try await collide(service, lost: 0.5)
      let second = try await collide(service, lost: 0.6)
      #expect(try await service.call("GET", "/v1/status")["open_conflicts"] == 2)
      let page = try await service.call("GET", "/v1/conflicts?limit=1")
      #expect(page.ids == [second])
      let cursor = try #require(page["next"]?.string)
      #expect(try await service.call("GET", "/v1/conflicts?after=\(cursor)").ids == [first])
      let read = try await service.send("GET", "/v1/conflicts/\(first)")
      #expect(read.json["value"]?["lost"] == 0.5)
      let tag = try #require(read["etag"])

      let path = "/v1/conflicts/\(first)/resolve"
      try await service.call("POST", path, ["resolution": "both"], gives: 403)
      try await service.call("POST", path, ["resolution": "value"], gives: 422)
      try await service.call("POST", path, ["resolution": "value", "value": 9], gives: 422)
      try await service.call("POST", path, ["resolution": "ours"], gives: 422)
      let resolved = try await service.call("POST", path, ["resolution": "theirs"], headers: ["if-match": tag])
      #expect(resolved["value"]?["status"] == "resolved" && resolved["value"]?["resolution"] == "theirs")
      #expect(try await service.call("GET", "/v1/documents/\(profile)")["temperature"] == 0.5)

      let late = try await service.call("POST", path, ["resolution": "mine"], gives: 409)
      #expect(late["detail"]?.string?.contains("was resolved as 'theirs' at ") == true)
      try await service.call("POST", path, ["resolution": "mine"], headers: ["if-match": tag], gives: 412)
      try await service.call("GET", "/v1/conflicts/none", gives: 404)
      #expect(try await service.call("GET", "/v1/conflicts").ids == [second])
      #expect(try await service.call("GET", "/v1/conflicts?status=all").ids == [second, first])
      #expect(try await service.call("GET", "/v1/status")["open_conflicts"] == 1)
    }
  }

  @Test func aResolutionThatIsSentAgainIsMadeOnce() async throws {
    try await TestService.with { service in
      let path = "/v1/conflicts/\(try await collide(service, lost: 0.5))/resolve"
      let key = ["idempotency-key": "k1"]
      let first = try await service.call("POST", path, ["resolution": "theirs"], headers: key)
      #expect(try await service.call("POST", path, ["resolution": "theirs"], headers: key) == first)
    }
  }

  @Test func oneThatIsRecordedOrResolvedIsAnEvent() async throws {
    try await TestService.with { service in
      let start = "\(service.store.snapshot().sequence)"
      let id = try await collide(service, lost: 0.5)
      try await service.call("POST", "/v1/conflicts/\(id)/resolve", ["resolution": "theirs"])
      let events = try await service.events(after: start, count: 2, "&event=conflict")
      #expect(events.map { $0.data["change"]?.string } == ["created", "changed"])
      #expect(events.allSatisfy { $0.data["document"]?.string == "conflicts/\(id)" })
      #expect(events.map { $0.data["excerpt"]?["status"]?.string } == ["open", "resolved"])
    }
  }

  @Test func onlyOwnersSeeConflicts() async throws {
    try await TestUsers.with { users in
      let id = try await collide(users.service, lost: 0.5)
      let (ann, carol) = (try await users.signedIn("ann"), try await users.signedIn("carol"))
      for path in ["/v1/conflicts", "/v1/conflicts/\(id)"] {
        try await users.service.call("GET", path, headers: ann, gives: 403)
        try await users.service.call("GET", path, headers: carol)
      }
      let path = "/v1/conflicts/\(id)/resolve"
      try await users.service.call("POST", path, ["resolution": "theirs"], headers: ann, gives: 403)
      try await users.service.call("POST", path, ["resolution": "theirs"], headers: carol)
    }
  }
}
