import Daybook
import TestSupport
import Testing

@testable import DaybookServer

struct DocumentEndpointTests {
  @Test func aDocumentIsWrittenReadChangedAndDeleted() async throws {
    try await TestService.with { service in
      let path = "/v1/documents/profiles/llm/mine"
      let profile: JSONValue = ["name": "Mine", "provider": "openai", "model": "m", "api_key": "sk-secret-1234567890"]
      let created = try await service.send("PUT", path, profile)
      #expect(created.status == 201, "\(created.text)")
      let tag = try #require(created["etag"])
      #expect(created.json["document"] == "profiles/llm/mine")

      let read = try await service.send("GET", path)
      #expect(read.status == 200)
      #expect(read["etag"] == tag)
      #expect(read.json["api_key"] == "‹sealed›")
      #expect(try await service.send("GET", path, headers: ["if-none-match": tag]).status == 304)

      let changed = try await service.send(
        "PATCH", path, ["temperature": 0.5],
        headers: ["content-type": "application/merge-patch+json", "if-match": tag])
      #expect(changed.status == 200, "\(changed.text)")
      let stale = try await service.send("PATCH", path, ["temperature": 0.9], headers: ["if-match": tag])
      #expect(stale.status == 412)
      #expect(stale.json["code"] == "conflict")

      let patched = try await service.send(
        "PATCH", path, [["op": "replace", "path": "/temperature", "value": 0.7]],
        headers: ["content-type": "application/json-patch+json"])
      #expect(patched.status == 200, "\(patched.text)")
      #expect(try await service.send("GET", path).json["temperature"] == 0.7)
      #expect(try await service.send("GET", path + "?at=%231").status == 404)

      #expect(try await service.send("DELETE", path).status == 200)
      let gone = try await service.send("GET", path)
      #expect(gone.status == 404)
      #expect(gone["content-type"] == "application/problem+json")
      #expect(try await service.send("DELETE", path).status == 404)
    }
  }

  @Test func theSlashesOfACollectionMayBeEncoded() async throws {
    try await TestService.with { service in
      let profile: JSONValue = ["name": "Mine", "provider": "openai", "model": "m"]
      #expect(try await service.send("PUT", "/v1/documents/profiles%2Fllm/a%20b", profile).status == 201)
      #expect(try await service.send("GET", "/v1/documents/profiles/llm/a%20b").status == 200)
      let list = try await service.send("GET", "/v1/collections/profiles%2Fllm?prefix=a")
      #expect(list.json["documents"]?.array?.first?["document"] == "profiles/llm/a b")
    }
  }

  @Test func aCollectionWhoseIdsTheStoreMakesTakesPosts() async throws {
    try await TestService.with { service in
      let created = try await service.send(
        "POST", "/v1/collections/tasks", ["task_type": "digest", "status": "pending"])
      #expect(created.status == 201, "\(created.text)")
      let location = try #require(created["location"])
      #expect(try await service.send("GET", location).json["task_type"] == "digest")
      let named = try await service.send("POST", "/v1/collections/profiles/llm", ["name": "x"])
      #expect(named.status == 422, "\(named.text)")
    }
  }

  @Test func ifNoneMatchWithAStarWritesOnlyWhatIsNew() async throws {
    try await TestService.with { service in
      let body: JSONValue = ["name": "Mine", "provider": "openai", "model": "m"]
      let path = "/v1/documents/profiles/llm/mine"
      for status in [201, 412] {
        let reply = try await service.send("PUT", path, body, headers: ["if-none-match": "*"])
        #expect(reply.status == status)
      }
    }
  }

  @Test(arguments: [
    (#"{"task_type": "a", "status": "pending", "progress": 101}"#, 422, "/progress"),
    (#"{"task_type": "a", "status": "pending", "colour": 1}"#, 422, "/colour"),
    (#"{"task_type": "a", "task_type": "b", "status": "pending"}"#, 400, nil),
    (#"{"task_type": "a""#, 400, nil),
    (String(repeating: "[", count: 100), 400, nil),
    (#"[1]"#, 422, ""),
  ])
  func aBodyThatIsNotRightIsToldSoAndNothingIsWritten(body: String, status: Int, pointer: String?) async throws {
    try await TestService.with { service in
      let before = service.store.snapshot().sequence
      let reply = try await service.send("POST", "/v1/collections/tasks", bytes: Array(body.utf8))
      #expect(reply.status == status, "\(reply.text)")
      #expect(reply.json["code"] == "invalid")
      if let pointer { #expect(reply.json["pointer"] == .string(pointer)) }
      #expect(service.store.snapshot().sequence == before)
    }
  }

  @Test func aTransactionIsOneCommitOrNothing() async throws {
    try await TestService.with { service in
      let before = service.store.snapshot().sequence
      let good = try await service.send(
        "POST", "/v1/transactions",
        [
          "operations": [
            [
              "op": "put", "document": "profiles/llm/mine", "value": ["name": "M", "provider": "openai", "model": "m"],
            ],
            ["op": "merge", "document": "runtime/active", "value": ["llm": "mine"]],
            ["op": "create", "collection": "tasks", "value": ["task_type": "a", "status": "pending"]],
          ]
        ])
      #expect(good.status == 200, "\(good.text)")
      #expect(good.json["documents"]?.array?.count == 3)
      #expect(service.store.snapshot().sequence == before + 1)
      let bad = try await service.send(
        "POST", "/v1/transactions",
        [
          "operations": [
            ["op": "delete", "document": "profiles/llm/mine"],
            ["op": "merge", "document": "tasks/00000000-0000-7000-8000-000000000000", "value": ["progress": 1]],
          ]
        ])
      #expect(bad.status == 404, "\(bad.text)")
      #expect(service.store.snapshot().sequence == before + 1)
    }
  }

  @Test func aSeriesGrowsAndIsReadFromItsEnd() async throws {
    try await TestService.with { service in
      let session = try await service.send("POST", "/v1/collections/sessions", ["title": "T"])
      let address = try #require(session.json["document"]?.string)
      for number in 0..<3 {
        let items: [JSONValue] = (0..<50).map { ["role": "user", "content": .string("\(number * 50 + $0)")] }
        let reply = try await service.send("POST", "/v1/series/\(address)/messages", ["items": .array(items)])
        #expect(reply.status == 200, "\(reply.text)")
      }
      let tail = try await service.send("GET", "/v1/series/\(address)/messages?tail=2")
      #expect(tail.json["items"]?.array?.map { $0["content"] } == ["148", "149"])
      #expect(tail.json["count"] == 150)
      let middle = try await service.send("GET", "/v1/series/\(address)/messages?from=63&limit=2")
      #expect(middle.json["items"]?.array?.map { $0["content"] } == ["63", "64"])
    }
  }

  @Test(arguments: [("诊断", ["网络诊断报告"]), ("SWIFT 6", ["What changed in Swift 6.3?"]), ("报告 网络", ["网络诊断报告"]), ("x", [])])
  func wordsAreFoundAlsoInScriptsWithoutSpaces(words: String, titles: [String]) async throws {
    try await TestService.with { service in
      for title in ["网络诊断报告", "What changed in Swift 6.3?", "Опять"] {
        _ = try await service.send("POST", "/v1/collections/sessions", ["title": .string(title)])
      }
      let query = PercentEncoding.encode(words)
      let found = try await service.send("GET", "/v1/collections/sessions?q=\(query)")
      #expect(found.json["documents"]?.array?.compactMap { $0["excerpt"]?["title"]?.string } == titles, "\(found.text)")
    }
  }
}
