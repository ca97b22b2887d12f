import Daybook
import TestSupport
import Testing

@testable import DaybookServer

struct ResearchEndpointTests {
  private let path = "/api/v1/research"

  @Test func aQuestionIsPlannedWorkedOnAndReopened() async throws {
    try await TestService.with { service in
      let id = try await service.make(path, ["query": "Who keeps history?", "title": "History"])
      try await service.call("PUT", "\(path)/\(id)/plan", ["plan": ["steps": 2]])
      try await service.call("POST", "\(path)/\(id)/items", ["steps": [["title": "early"]]], gives: 409)
      #expect(try await service.call("POST", "\(path)/\(id)/start")["value"]?["status"] == "running")
      for number in 0..<3 {
        let items: JSONValue = [
          "steps": [["title": .string("step \(number)")]], "panels": [["title": "p"]], "analyses": [["text": "t"]],
        ]
        try await service.call("POST", "\(path)/\(id)/items", items)
      }
      let state = try await service.call("GET", "\(path)/\(id)")
      #expect(state["value"]?["plan"] == ["steps": 2])
      #expect(state["steps"]?["items"]?.array?.map { $0["title"] } == ["step 0", "step 1", "step 2"])
      #expect(state["analyses"]?["items"]?.array?.count == 3)
      #expect(state["value"]?["panel_count"] == 3)
      let some = try await service.call("GET", "\(path)/\(id)/items/steps?from=1&limit=1")
      #expect(some["items"]?.array?.map { $0["title"] } == ["step 1"])
      try await service.call("GET", "\(path)/\(id)/items/colours", gives: 400)

      let completed = try await service.call("POST", "\(path)/\(id)/complete", ["report": "Few do."])
      #expect(completed["value"]?["report"] == "Few do.")
      try await service.call("PUT", "\(path)/\(id)/plan", ["plan": .null], gives: 409)
      #expect(try await service.call("GET", "\(path)/search?q=few").ids == [id])
      #expect(try await service.call("GET", "\(path)/search?q=few&status=failed").ids == [])
      #expect(try await service.call("POST", "\(path)/\(id)/reopen")["value"]?["status"] == "running")
      try await service.call("POST", "\(path)/\(id)/fail", ["error": "No answer."])
      try await service.call("POST", "\(path)/\(id)/cancel", gives: 409)

      let other = try await service.make(path, ["query": "And why?"])
      try await service.call("POST", "\(path)/\(other)/cancel")
      #expect(try await service.call("GET", path).ids == [other, id])
      #expect(try await service.call("GET", "\(path)?status=failed").ids == [id])
      try await service.call("DELETE", "\(path)/\(id)", gives: 204)
      try await service.call("GET", "\(path)/\(id)", gives: 404)
    }
  }

  @Test func somebodyElsesResearchIsNotThere() async throws {
    try await TestService.with { service in
      let time: JSONValue = "2026-11-21T06:40:00Z"
      let foreign = try await service.makeForeign(
        "research", ["query": "q", "status": "planned", "created_at": time, "updated_at": time])
      try await service.call("GET", "\(path)/\(foreign)", gives: 404)
      try await service.call("GET", "\(path)/\(foreign)/items/steps", gives: 404)
      try await service.call("POST", "\(path)/\(foreign)/start", gives: 404)
      #expect(try await service.call("GET", path).ids == [])
    }
  }
}
