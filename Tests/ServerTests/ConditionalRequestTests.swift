import Daybook
import HTTPTypes
import TestSupport
import Testing

@testable import DaybookServer

/// `If-Match` and `If-None-Match`: looked at, or refused.
struct ConditionalRequestTests {
  private static let stale = "\"8f3c2d1a908f3c2d1a908f3c2d1a908f3c2d1a90\""

  /// Each write, with a condition that does not hold, changes nothing.
  @Test func noWritePassesOverACondition() async throws {
    try await TestService.with { service in
      let session = try await service.make("/api/v1/chat/sessions", ["title": "T"])
      let task = try await service.make("/api/v1/tasks", ["task_type": "a"])
      let before = service.store.snapshot().sequence
      for endpoint in Endpoints.all where !SiteRule.isSafe(endpoint.method) {
        var path = endpoint.path.text
        for (name, value) in [
          "collection": "sessions", "kind": "llm", "key": "search.max_results", "series": "messages",
          "id": path.hasPrefix("/api/v1/profiles") ? "gpt-4o" : path.hasPrefix("/api/v1/tasks") ? task : session,
        ] {
          path = path.replacing("{\(name)}", with: value)
        }
        let reply = try await service.send(
          endpoint.method.rawValue, path, endpoint.body?.example, headers: ["if-match": Self.stale])
        let expected = endpoint.takes(.ifMatch) ? [404, 412, 422] : [400]
        #expect(expected.contains(reply.status), "\(endpoint.name): \(reply.text)")
      }
      #expect(service.store.snapshot().sequence == before)
    }
  }

  @Test func aProfileIsDeletedOnlyAtTheRevisionThatWasSeen() async throws {
    try await TestService.with { service in
      let path = "/api/v1/profiles/llm/local-ollama"
      let tag = try #require(try await service.send("GET", path)["etag"])
      try await service.call("DELETE", path, headers: ["if-match": Self.stale], gives: 412)
      try await service.call("DELETE", path, headers: ["if-match": "W/\(tag)"], gives: 412)
      try await service.call("DELETE", path, headers: ["if-match": "\(Self.stale), \(tag)"])
    }
  }

  @Test func whateverHasATagIsNotSentTwice() async throws {
    try await TestService.with { service in
      let task = try await service.make("/api/v1/tasks", ["task_type": "a"])
      for path in [
        "/api/v1/tasks/\(task)", "/v1/documents/profiles/llm/gpt-4o", "/api/v1/profiles/llm/gpt-4o",
      ] {
        let tag = try #require(try await service.send("GET", path)["etag"])
        for known in [tag, "W/\(tag)", "\(Self.stale), \(tag)", "*"] {
          let reply = try await service.send("GET", path, headers: ["if-none-match": known])
          #expect(reply.status == 304 && reply.bytes.isEmpty && reply["etag"] == tag, "\(path) \(known)")
        }
        try await service.call("GET", path, headers: ["if-none-match": Self.stale])
        try await service.call("GET", path, headers: ["if-match": tag], gives: 400)
      }
    }
  }

  /// What is in the way is not a revision, so it is no 412.
  @Test func onlyAnotherRevisionIsAFailedPrecondition() async throws {
    try await TestService.with { service in
      let task = try await service.make("/api/v1/tasks", ["task_type": "a"])
      let done = try await service.send("POST", "/api/v1/tasks/\(task)/cancel")
      let tag = try #require(done["etag"])
      try await service.call("POST", "/api/v1/tasks/\(task)/start", headers: ["if-match": tag], gives: 409)
      try await service.call("POST", "/api/v1/tasks/\(task)/start", headers: ["if-match": Self.stale], gives: 412)
    }
  }

  @Test func ofTwoWhoMakeADocumentOneDid() async throws {
    try await TestService.with { service in
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<20 {
          group.addTask {
            try await service.send(
              "PUT", "/v1/documents/profiles/llm/new",
              ["name": .string("\(number)"), "provider": "openai", "model": "m"]
            ).status
          }
        }
        return try await group.reduce(into: [Int]()) { $0.append($1) }
      }
      #expect(statuses.count { $0 == 201 } == 1 && statuses.count { $0 == 200 } == 19, "\(statuses)")
    }
  }

  @Test func twoSettingsThatAreSetAtOnceAreBothSet() async throws {
    try await TestService.with { service in
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<20 {
          let (key, value): (String, JSONValue) =
            number % 2 == 0 ? ("search.max_results", .number(JSONNumber(number + 1))) : ("ui.theme", "dark")
          group.addTask {
            try await service.send("PUT", "/api/v1/users/settings/\(key)", ["value": value]).status
          }
        }
        return try await group.reduce(into: [Int]()) { $0.append($1) }
      }
      #expect(Set(statuses) == [200], "\(statuses)")
      let theme = try await service.call("GET", "/api/v1/users/settings/ui.theme")
      #expect(theme["value"] == "dark")
    }
  }
}
