import Daybook
import TestSupport
import Testing

@testable import DaybookServer

struct ThreadEndpointTests {
  @Test func aThreadIsMadeReadChangedListedAndDeleted() async throws {
    try await TestService.with { service in
      let made = try await service.send(
        "POST", "/api/v1/threads", ["thread_id": "a/b", "agent_name": "researcher", "metadata": ["tenant": "acme"]])
      #expect(made.status == 201, "\(made.text)")
      #expect(made["location"] == "/api/v1/threads/a%2Fb")
      let again = try await service.send("POST", "/api/v1/threads", ["thread_id": "a/b"])
      #expect(again.status == 409)

      let read = try await service.send("GET", "/api/v1/threads/a%2Fb")
      #expect(read.json["value"]?["status"] == "running")
      let tag = try #require(read["etag"])
      let changed = try await service.send(
        "PATCH", "/api/v1/threads/a%2Fb", ["status": "error", "error": "No key.", "config": ["limit": 5]],
        headers: ["if-match": tag])
      #expect(changed.status == 200, "\(changed.text)")
      #expect(changed.json["value"]?["error"] == "No key.")
      #expect(changed.json["value"]?["config"] == ["limit": 5])
      let late = try await service.send(
        "PATCH", "/api/v1/threads/a%2Fb", ["status": "running"], headers: ["if-match": tag])
      #expect(late.status == 412)
      let impossible = try await service.send("PATCH", "/api/v1/threads/a%2Fb", ["status": "completed"])
      #expect(impossible.status == 403)
      let unasked = try await service.send("PATCH", "/api/v1/threads/a%2Fb", ["error": "None."])
      #expect(unasked.status == 422)

      let gone = try await service.send("DELETE", "/api/v1/threads/a%2Fb")
      #expect(gone.json["deleted"] == 1)
      let missing = try await service.send("GET", "/api/v1/threads/a%2Fb")
      #expect(missing.status == 404)
      let nothing = try await service.send("DELETE", "/api/v1/threads/a%2Fb")
      #expect(nothing.json["deleted"] == 0)
    }
  }

  @Test func theListIsFilteredByStatusAgentAndMetadata() async throws {
    try await TestService.with { service in
      for number in 0..<4 {
        let thread: JSONValue = [
          "thread_id": .string("thread-\(number)"), "agent_name": number < 2 ? "a" : "b",
          "metadata": ["number": .number(JSONNumber(number)), "tenant": number % 2 == 0 ? "acme" : "other"],
        ]
        let made = try await service.send("POST", "/api/v1/threads", thread)
        #expect(made.status == 201, "\(made.text)")
      }
      _ = try await service.send("PATCH", "/api/v1/threads/thread-3", ["status": "interrupted"])
      func listed(_ query: String) async throws -> Set<String> {
        let reply = try await service.send("GET", "/api/v1/threads\(query)")
        #expect(reply.status == 200, "\(reply.text)")
        return Set(reply.json["documents"]?.array?.compactMap { $0["excerpt"]?["thread_id"]?.string } ?? [])
      }
      let all = try await listed("")
      #expect(all.count == 4)
      let interrupted = try await listed("?status=interrupted")
      #expect(interrupted == ["thread-3"])
      let ofAgent = try await listed("?agent=a")
      #expect(ofAgent == ["thread-0", "thread-1"])
      let numbered = try await listed("?metadata=number%3D2&metadata=tenant%3Dacme")
      #expect(numbered == ["thread-2"])
      let none = try await listed("?metadata=number%3D2&metadata=tenant%3Dother")
      #expect(none == [])

      let first = try await service.send("GET", "/api/v1/threads?limit=3")
      let next = try #require(first.json["next"]?.string)
      let second = try await service.send("GET", "/api/v1/threads?limit=3&after=\(PercentEncoding.encode(next))")
      #expect(second.json["documents"]?.array?.count == 1)
    }
  }

  @Test func aThreadMayBearTheEmptyName() async throws {
    try await TestService.with { service in
      let made = try await service.send("POST", "/api/v1/threads", ["thread_id": "", "agent_name": "nameless"])
      #expect(made.status == 201, "\(made.text)")
      #expect(made["location"] == "/api/v1/threads/")
      let read = try await service.send("GET", "/api/v1/threads/")
      #expect(read.json["value"]?["agent_name"] == "nameless")
    }
  }

  @Test func aCopyHasTheSameCheckpointsUnderTheirIDs() async throws {
    try await TestService.with { service in
      try await Saver(service).put("c1", in: "source", values: ["messages": "hello"])
      let copied = try await service.send("POST", "/api/v1/threads/source/copy", ["thread_id": "target"])
      #expect(copied.status == 201, "\(copied.text)")
      let source = try await Saver(service).checkpoint(in: "source")
      var expected = try #require(source.object)
      expected["thread_id"] = "target"
      let target = try await Saver(service).checkpoint(in: "target")
      #expect(target == .object(expected))

      let unnamed = try await service.send("POST", "/api/v1/threads/source/copy", [:])
      #expect(unnamed.json["value"]?["thread_id"]?.string?.isEmpty == false)
      let itself = try await service.send("POST", "/api/v1/threads/source/copy", ["thread_id": "source"])
      #expect(itself.status == 422)
      let missing = try await service.send("POST", "/api/v1/threads/nobody/copy", ["thread_id": "x"])
      #expect(missing.status == 404)
    }
  }
}

/// A saver of checkpoints as an application has it, with the fewest words.
struct Saver {
  let service: TestService

  init(_ service: TestService) { self.service = service }

  /// Values are bytes of the type `bytes`, given as text.
  @discardableResult
  func put(
    _ id: String, in thread: String, namespace: String = "", parent: String? = nil, metadata: JSONObject = [:],
    values: [String: String] = [:]
  ) async throws -> JSONValue {
    let versions = values.keys.sorted().map { (key: $0, value: JSONValue.string("\(id).0")) }
    let reply = try await service.send(
      "PUT", "/api/v1/checkpoints",
      [
        "thread_id": .string(thread), "checkpoint_ns": .string(namespace), "checkpoint_id": .string(id),
        "parent_checkpoint_id": parent.map { .string($0) } ?? .null, "checkpoint": ["json": ["v": 4]],
        "metadata": .object(metadata), "channel_versions": .object(JSONObject(versions)),
        "values": .array(
          versions.map {
            [
              "channel": .string($0.key), "version": $0.value,
              "value": ["type": "bytes", "text": .string(values[$0.key] ?? "")],
            ]
          }),
      ])
    #expect(reply.status == 200, "\(reply.text)")
    return reply.json
  }

  func putWrites(
    _ texts: [String], channel: String = "messages", task: String, path: String = "", to checkpoint: String,
    in thread: String, namespace: String = ""
  ) async throws {
    let writes = texts.map { text -> JSONValue in
      ["channel": .string(channel), "value": ["type": "bytes", "text": .string(text)]]
    }
    let reply = try await service.send(
      "POST", "/api/v1/checkpoints/writes",
      [
        "thread_id": .string(thread), "checkpoint_ns": .string(namespace), "checkpoint_id": .string(checkpoint),
        "task_id": .string(task), "task_path": .string(path), "writes": .array(writes),
      ])
    #expect(reply.status == 204, "\(reply.text)")
  }

  /// Null when there is none.
  func checkpoint(_ id: String? = nil, in thread: String, namespace: String = "") async throws -> JSONValue {
    var query = "?thread_id=\(PercentEncoding.encode(thread))&checkpoint_ns=\(PercentEncoding.encode(namespace))"
    if let id { query += "&checkpoint_id=\(PercentEncoding.encode(id))" }
    let reply = try await service.send("GET", "/api/v1/checkpoints\(query)")
    return reply.status == 404 ? .null : reply.json
  }

  func search(_ filter: JSONValue) async throws -> [String] {
    let reply = try await service.send("POST", "/api/v1/checkpoints/search", filter)
    #expect(reply.status == 200, "\(reply.text)")
    return reply.json["checkpoints"]?.array?.compactMap { $0["checkpoint_id"]?.string } ?? []
  }
}
