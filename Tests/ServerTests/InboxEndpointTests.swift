import Daybook
import TestSupport
import Testing

@testable import DaybookServer

struct InboxEndpointTests {
  private static let request: JSONValue = [
    "action_requests": [["name": "send_mail", "args": ["to": "ann@example.org"]]],
    "review_configs": [["action_name": "send_mail", "allowed_decisions": ["approve", "reject"]]],
  ]
  private static let approval: JSONValue = ["decisions": [["type": "approve"]]]

  /// Raises an interrupt; returns its id and its revision.
  private func raise(
    _ name: String, in session: String, _ service: TestService
  ) async throws -> (id: String, revision: JSONValue) {
    let reply = try await service.send(
      "POST", "/agent/sessions/\(session)/interrupts",
      ["interrupts": [["id": .string(name), "value": Self.request]]])
    #expect(reply.status == 201, "\(reply.text)")
    let document = try #require(reply.json["documents"]?.array?.first)
    return (try #require(document["id"]?.string), try #require(document["revision"]))
  }

  private func add(_ todo: JSONValue, in session: String, _ service: TestService) async throws -> JSONValue {
    let reply = try await service.send("POST", "/agent/sessions/\(session)/todos", ["todos": [todo]])
    #expect(reply.status == 201, "\(reply.text)")
    return reply.json["documents"]?.array?.first ?? .null
  }

  @Test func anInterruptWaitsThroughARestartAndIsAnswered() async throws {
    let service = try await TestService()
    try await Saver(service).put("c1", in: "t", values: ["messages": "hello"])
    let (id, revision) = try await raise("i1", in: "t", service)
    try await service.stop()

    let second = try await TestService(over: service.temporary)
    let open = try await second.send("GET", "/agent/interrupts?thread_id=t")
    #expect(open.json["documents"]?.array?.first?["value"]?["request"] == Self.request)
    let state = try await second.send("GET", "/agent/sessions/t/state")
    #expect(state.json["thread"]?["value"]?["status"] == "interrupted", "\(state.text)")
    #expect(state.json["interrupts"]?.array?.count == 1)
    #expect(state.json["checkpoints"]?.array?.first?["values"]?.array?.first?["value"]?["text"] == "hello")

    let refused = try await second.send(
      "POST", "/agent/interrupts/\(id)/answer",
      ["revision": revision, "answer": ["decisions": [["type": "respond", "message": "No."]]]])
    #expect(refused.status == 403)
    let answered = try await second.send(
      "POST", "/agent/interrupts/\(id)/answer", ["revision": revision, "answer": Self.approval])
    #expect(answered.status == 200, "\(answered.text)")
    #expect(answered.json["resumed"] == true)
    #expect(answered.json["thread"]?["value"]?["status"] == "running")
    let read = try await second.send("GET", "/agent/interrupts/\(id)")
    #expect(read.json["value"]?["answer"] == Self.approval)
    let none = try await second.send("GET", "/agent/interrupts")
    #expect(none.json["documents"] == [])
    try await second.stop()
  }

  @Test func ofTwoWhoDecideAtOnceOneIsToldWhoWasFirst() async throws {
    try await TestService.with { service in
      for round in 0..<5 {
        let (id, revision) = try await raise("i\(round)", in: "t", service)
        let replies = try await withThrowingTaskGroup(of: TestService.Reply.self) { group in
          for _ in 0..<2 {
            group.addTask {
              try await service.send(
                "POST", "/agent/interrupts/\(id)/answer", ["revision": revision, "answer": Self.approval])
            }
          }
          return try await group.reduce(into: [TestService.Reply]()) { $0.append($1) }
        }
        #expect(replies.map(\.status).sorted() == [200, 409])
        let late = try #require(replies.first { $0.status == 409 })
        #expect(late.json["detail"]?.string?.contains("owner has decided this already at ") == true, "\(late.text)")
      }
      let thread = try await service.send("GET", "/api/v1/threads/t")
      #expect(thread.json["value"]?["resumptions"] == 5)
    }
  }

  @Test func theLastTodoResumesItsSession() async throws {
    try await TestService.with { service in
      let first = try await add(["todo_type": "approval", "title": "Send it?"], in: "t", service)
      let second = try await add(
        ["todo_type": "selection", "title": "Which?", "options": [["id": "a"], ["id": "b"]]], in: "t", service)
      let third = try await add(["todo_type": "input", "title": "Why?"], in: "t", service)
      let listed = try await service.send("GET", "/agent/sessions/t/todos?status=open&limit=2")
      #expect(listed.json["documents"]?.array?.count == 2)
      #expect(listed.json["next"]?.string != nil)

      func finish(_ todo: JSONValue, _ action: String, _ result: JSONValue?) async throws -> TestService.Reply {
        var body: JSONObject = ["revision": todo["revision"] ?? .null]
        body["result"] = result
        return try await service.send("POST", "/agent/todos/\(todo["id"]?.string ?? "")/\(action)", .object(body))
      }
      let approved = try await finish(first, "complete", ["approved": true])
      #expect(approved.json["resumed"] == false, "\(approved.text)")
      let foreign = try await finish(second, "complete", "c")
      #expect(foreign.status == 403)
      let given = try await finish(third, "cancel", nil)
      #expect(given.json["resumed"] == false)
      let chosen = try await finish(second, "complete", "b")
      #expect(chosen.json["resumed"] == true, "\(chosen.text)")
      let again = try await finish(second, "complete", "b")
      #expect(again.status == 409)
      let read = try await service.send("GET", "/agent/todos/\(second["id"]?.string ?? "")")
      #expect(read.json["value"]?["result"] == "b")
    }
  }

  @Test func anInterruptThatIsTakenBackWaitsNoLonger() async throws {
    try await TestService.with { service in
      let (id, revision) = try await raise("i", in: "t", service)
      let gone = try await service.send("POST", "/agent/interrupts/\(id)/withdraw", ["revision": revision])
      #expect(gone.json["resumed"] == true, "\(gone.text)")
      let withdrawn = try await service.send("GET", "/agent/interrupts?status=withdrawn")
      #expect(withdrawn.json["documents"]?.array?.count == 1)
    }
  }

  @Test func aThreadDoesNotWaitForWhatWasDeletedOtherwise() async throws {
    try await TestService.with { service in
      let (id, _) = try await raise("i", in: "t", service)
      try await service.call("DELETE", "/v1/documents/inbox/interrupts/\(id)")
      var thread = JSONValue.null
      repeat {
        thread = try await service.call("GET", "/api/v1/threads/t")["value"] ?? .null
      } while thread["status"] != "running"
      #expect(thread["resumptions"] == 1 && thread["open_interrupts"] == 0)
    }
  }

  @Test func aThreadDoesNotGoOnPastAQuestion() async throws {
    try await TestService.with { service in
      let (id, revision) = try await raise("i", in: "t", service)
      for status in ["running", "completed"] as [JSONValue] {
        try await service.call("PATCH", "/api/v1/threads/t", ["status": status], gives: 403)
      }
      let answered = try await service.call(
        "POST", "/agent/interrupts/\(id)/answer", ["revision": revision, "answer": Self.approval])
      #expect(answered["resumed"] == true)
    }
  }

  @Test func aSessionIsTakenUpAgainFromAnOlderCheckpoint() async throws {
    try await TestService.with { service in
      for number in 1...2 { try await Saver(service).put("c\(number)", in: "t") }
      _ = try await service.send("PATCH", "/api/v1/threads/t", ["status": "error", "error": "Gone."])
      let restored = try await service.send("POST", "/agent/sessions/t/restore?checkpoint_id=c1")
      #expect(restored.status == 200, "\(restored.text)")
      #expect(restored.json["thread"]?["value"]?["status"] == "running")
      #expect(restored.json["checkpoints"]?.array?.compactMap { $0["checkpoint_id"]?.string } == ["c1"])
      let missing = try await service.send("POST", "/agent/sessions/t/restore?checkpoint_id=c9")
      #expect(missing.status == 404)
      let nobody = try await service.send("GET", "/agent/sessions/nobody/state")
      #expect(nobody.status == 404)
    }
  }
}
