import Daybook
import DaybookRuntime
import HTTPTypes
import TestSupport
import Testing

@testable import DaybookServer

struct IdempotencyTests {
  private let task: JSONValue = ["task_type": "digest", "status": "pending"]

  @Test func aRequestThatIsSentAgainIsAnsweredAndNotDoneAgain() async throws {
    try await TestService.with { service in
      let key = ["idempotency-key": "one"]
      let first = try await service.send("POST", "/v1/collections/tasks", task, headers: key)
      let again = try await service.send("POST", "/v1/collections/tasks", task, headers: key)
      #expect(first.status == 201)
      #expect(again.json == first.json)
      #expect(again["location"] == first["location"])
      #expect(try service.store.snapshot().count(of: "tasks") == 1)
      let other = try await service.send(
        "POST", "/v1/collections/tasks", ["task_type": "b", "status": "pending"], headers: key)
      #expect(other.status == 422)
    }
  }

  @Test func itOutlivesTheService() async throws {
    let service = try await TestService()
    let key = ["idempotency-key": "two"]
    let first = try await service.send("POST", "/v1/collections/tasks", task, headers: key)
    try await service.stop()
    let second = try await TestService(over: service.temporary)
    let again = try await second.send("POST", "/v1/collections/tasks", task, headers: key)
    #expect(again.json == first.json)
    #expect(try second.store.snapshot().count(of: "tasks") == 1)
    try await second.stop()
  }

  @Test func manyAtOnceAreDoneOnce() async throws {
    try await TestService.with { service in
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<20 {
          group.addTask {
            try await service.send("POST", "/v1/collections/tasks", task, headers: ["idempotency-key": "three"]).status
          }
        }
        return try await group.reduce(into: [Int]()) { $0.append($1) }
      }
      #expect(Set(statuses).isSubset(of: [201, 409]))
      #expect(try service.store.snapshot().count(of: "tasks") == 1)
    }
  }

  @Test func takingBackTwiceTakesBackOnce() async throws {
    try await TestService.with { service in
      for number in 0..<3 {
        _ = try await service.send(
          "PATCH", "/v1/documents/profiles/llm/gpt-4o", ["max_tokens": .number(JSONNumber(number + 1))])
      }
      for _ in 0..<2 {
        let undone = try await service.send("POST", "/v1/undo", headers: ["idempotency-key": "four"])
        #expect(undone.status == 200, "\(undone.text)")
      }
      let profile = try await service.send("GET", "/v1/documents/profiles/llm/gpt-4o")
      #expect(profile.json["max_tokens"] == 2)
    }
  }

  // MARK: Every write

  @Test func everythingThatChangesSomethingTakesAKeyAndNothingElseDoes() {
    for endpoint in Endpoints.all {
      #expect(endpoint.takes(.idempotencyKey) == !endpoint.reads, "\(endpoint.name)")
    }
    let reading = Endpoints.all.filter { $0.reads && $0.method == .post }.map(\.path.text)
    #expect(
      Set(reading) == [
        "/api/v1/checkpoints/search", "/api/v1/checkpoints/history", "/api/v1/store/items/search",
        "/api/v1/store/namespaces", "/api/v1/profiles/{kind}/test",
      ])
  }

  /// Requests of each form of answer, each of which would do something else the second time.
  private static func requests(_ service: TestService) async throws -> [TestRequest] {
    let session = try await service.make("/api/v1/chat/sessions", ["title": "T"])
    let asking = try await service.make("/api/v1/chat/sessions", ["title": "Q"])
    try await service.call("POST", "/api/v1/chat/sessions/\(asking)/ask", ["question": "Which?"])
    let items: JSONValue = ["items": [["role": "user", "content": "a"], ["role": "user", "content": "b"]]]
    try await service.call("POST", "/api/v1/chat/sessions/\(session)/items", items, gives: 204)
    let todo: JSONValue = ["todo_type": "approval", "title": "Send it?"]
    let made = try await service.call("POST", "/agent/sessions/t/todos", ["todos": [todo]], gives: 201)
    let document = made["documents"]?.array?.first ?? .null
    let (id, revision) = (document["id"]?.string ?? "", document["revision"] ?? .null)
    let message: JSONValue = ["role": "user", "content": "c"]
    let profile: JSONValue = ["name": "N", "provider": "openai", "model": "m"]
    let chat = "/api/v1/chat/sessions/\(session)"
    return [
      TestRequest("PUT", "/v1/documents/profiles/llm/new", profile),
      TestRequest("PATCH", "/v1/documents/profiles/llm/new", ["temperature": 0.3]),
      TestRequest("POST", "/v1/collections/tasks", ["task_type": "a", "status": "pending"]),
      TestRequest("POST", "/v1/series/sessions/\(session)/messages", ["items": [message]]),
      TestRequest("POST", "/api/v1/profiles/llm", ["id": "other", "value": profile]),
      TestRequest("DELETE", "/api/v1/profiles/llm/local-ollama"),
      TestRequest("PUT", "/api/v1/users/settings/search.max_results", ["value": 21]),
      TestRequest("POST", "/api/v1/tasks", ["task_type": "b"]),
      TestRequest("POST", "\(chat)/messages", ["messages": [message]]),
      TestRequest("POST", "\(chat)/items", items), TestRequest("POST", "\(chat)/items/pop"),
      TestRequest("POST", "/api/v1/chat/answer", ["session_id": .string(asking), "answer": "This."]),
      TestRequest("POST", "/api/v1/panels", ["layout": [:]]),
      TestRequest("POST", "/api/v1/threads", ["agent_name": "a"]),
      TestRequest("POST", "/agent/sessions/t/todos", ["todos": [todo]]),
      TestRequest(
        "POST", "/agent/todos/\(id)/complete", ["revision": revision, "result": ["approved": true]]),
      TestRequest(
        "PUT", "/api/v1/checkpoints",
        ["thread_id": "t", "checkpoint_id": "1", "checkpoint": ["json": 1], "values": []]),
      TestRequest(
        "POST", "/api/v1/store/batch",
        [
          "operations": [
            ["op": "put", "namespace": ["n"], "key": "k", "value": ["x": 1]],
            ["op": "get", "namespace": ["n"], "key": "k"],
          ]
        ]),
      TestRequest("DELETE", chat),
    ]
  }

  private struct TestRequest {
    let method: String
    let path: String
    let body: JSONValue?

    init(_ method: String, _ path: String, _ body: JSONValue? = nil) {
      (self.method, self.path, self.body) = (method, path, body)
    }
  }

  @Test func anyWriteThatIsSentAgainIsAnsweredAsItWasAlsoAfterARestart() async throws {
    let first = try await TestService()
    var answers: [(request: TestRequest, key: String, reply: TestService.Reply)] = []
    for (number, request) in try await Self.requests(first).enumerated() {
      let key = "key-\(number)"
      let send = { (service: TestService) in
        try await service.send(request.method, request.path, request.body, headers: ["idempotency-key": key])
      }
      let reply = try await send(first)
      #expect(reply.status / 100 == 2, "\(request): \(reply.text)")
      let sequence = first.store.snapshot().sequence
      let again = try await send(first)
      #expect(again.status == reply.status && again.bytes == reply.bytes, "\(request): \(again.text)")
      #expect(first.store.snapshot().sequence == sequence, "\(request)")
      answers.append((request, key, reply))
    }
    let sequence = first.store.snapshot().sequence
    try await first.stop()
    let second = try await TestService(over: first.temporary)
    let start = second.store.snapshot().sequence
    #expect(start >= sequence)
    for (request, key, reply) in answers {
      let again = try await second.send(
        request.method, request.path, request.body, headers: ["idempotency-key": key])
      #expect(again.status == reply.status, "\(request): \(again.text)")
      #expect(again["location"] == reply["location"], "\(request)")
      #expect(again.json.object?.keys.sorted() == reply.json.object?.keys.sorted(), "\(request): \(again.text)")
      for member in ["id", "messages", "item", "documents", "resumed", "results", "value"]
      where !request.path.hasSuffix("batch") && !request.path.hasSuffix("answer") {
        #expect(again.json[member] == reply.json[member], "\(request): \(again.text)")
      }
      #expect(second.store.snapshot().sequence == start, "\(request)")
    }
    try await second.stop()
  }

  @Test func aKeyThatStoodForSomethingElseIsRefusedAlsoAfterARestart() async throws {
    let first = try await TestService()
    let key = ["idempotency-key": "five"]
    try await first.call("POST", "/api/v1/tasks", ["task_type": "a"], headers: key, gives: 201)
    try await first.call("POST", "/api/v1/tasks", ["task_type": "b"], headers: key, gives: 422)
    try await first.stop()
    let second = try await TestService(over: first.temporary)
    try await second.call("POST", "/api/v1/tasks", ["task_type": "b"], headers: key, gives: 422)
    try await second.call("POST", "/api/v1/tasks", ["task_type": "a"], headers: key, gives: 201)
    #expect(try second.store.snapshot().count(of: "tasks") == 1)
    try await second.stop()
  }

  @Test func whatFailedMayBeSentAgain() async throws {
    try await TestService.with { service in
      let key = ["idempotency-key": "six"]
      let profile: JSONValue = ["name": "N", "provider": "openai"]
      try await service.call("PUT", "/v1/documents/profiles/llm/new", profile, headers: key, gives: 422)
      try await service.call(
        "PUT", "/v1/documents/profiles/llm/new", ["name": "N", "provider": "openai", "model": "m"], headers: key,
        gives: 201)
    }
  }

  @Test func whatACommitKeepsOfARequestTellsNothingOfItsContent() throws {
    let stores = try [TemporaryStore(), TemporaryStore()].map { try $0.open() }
    let names = try stores.map { try RequestName("one", of: "ann", asking: Array("hunter2".utf8), in: $0) }
    #expect(names[0].content != names[1].content && names[0].key != names[1].key)
    #expect(try RequestName("one", of: "ann", asking: Array("hunter2".utf8), in: stores[0]) == names[0])
    #expect(try RequestName("one", of: "bob", asking: Array("hunter2".utf8), in: stores[0]).key != names[0].key)
    #expect(RequestName(trailer: names[0].trailer) == names[0])
  }

  // MARK: The record

  @Test func answersAreKeptForADayAndUpToTheirBytes() throws {
    var record = RequestRecord()
    let now = Timestamp(milliseconds: 1_700_000_000_000)
    let name = { (number: Int) in RequestName(trailer: "\(number)-x")! }
    let answer = Answer.bytes([UInt8](repeating: 0, count: Limits.keptAnswerBytes), mediaType: MediaTypes.json)
    record.keep(
      Answer.bytes([UInt8](repeating: 0, count: Limits.keptAnswerBytes + 1), mediaType: ""), to: name(0), at: now)
    #expect(record.answer(to: "0", at: now) == nil)
    for number in 1...200 {
      record.keep(answer, to: name(number), at: now)
      #expect(record.answersBytes <= Limits.keptAnswersBytes)
    }
    #expect(record.answer(to: "1", at: now) == nil && record.answer(to: "200", at: now) != nil)
    let later = Timestamp(milliseconds: now.milliseconds + (Limits.idempotencySeconds + 1) * 1_000)
    #expect(record.answer(to: "200", at: later) == nil)
    record.keep(answer, to: name(201), at: later)
    #expect(record.answersBytes < 2 * Limits.keptAnswerBytes)
  }

  @Test func theNewestRequestsAreKnownByTheirCommits() {
    var record = RequestRecord()
    let count = UInt64(2 * Limits.knownRequests) + 1
    for mark in 1...count { record.note(mark, mark...mark) }
    #expect(record.ranges.count <= 2 * Limits.knownRequests)
    #expect(record.ranges[1] == nil)
    #expect(record.ranges[count - UInt64(Limits.knownRequests) + 1] != nil && record.ranges[count] == count...count)
  }
}
