import Daybook
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
}
