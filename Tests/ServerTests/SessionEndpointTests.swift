import Daybook
import TestSupport
import Testing

@testable import DaybookServer

struct SessionEndpointTests {
  private let path = "/api/v1/chat/sessions"

  private func message(_ text: String) -> JSONValue { ["role": "user", "content": .string(text)] }

  @Test func aConversationGrowsEndsAndGoesOn() async throws {
    try await TestService.with { service in
      let id = try await service.make(path, ["title": "Feeds", "messages": [message("0")]])
      let appended = try await service.call(
        "POST", "\(path)/\(id)/messages", ["messages": .array((1..<100).map { message("\($0)") })])
      #expect(appended["messages"]?.array?.allSatisfy { $0["id"] != nil && $0["timestamp"] != nil } == true)

      let last = try await service.call("GET", "\(path)/\(id)?limit=2")
      #expect(last["messages"]?["items"]?.array?.map { $0["content"] } == ["98", "99"])
      #expect(last["messages"]?["first"] == 98)
      let middle = try await service.call("GET", "\(path)/\(id)?from=10&limit=2")
      #expect(middle["messages"]?["items"]?.array?.map { $0["content"] } == ["10", "11"])

      try await service.call("PATCH", "\(path)/\(id)", ["title": "News"])
      #expect(try await service.call("POST", "\(path)/\(id)/complete")["value"]?["status"] == "completed")
      #expect(try await service.call("GET", "\(path)?status=completed").ids == [id])
      let failed = try await service.call("POST", "\(path)/\(id)/fail", ["error": "The model does not answer."])
      #expect(failed["value"]?["status"] == "error")
      try await service.call("POST", "\(path)/\(id)/messages", ["messages": [message("again")]])
      let session = try await service.call("GET", "\(path)/\(id)")
      #expect(session["value"]?["status"] == "active")
      #expect(session["value"]?["title"] == "News")

      let statistics = try await service.call("GET", "/api/v1/chat/statistics")
      #expect(statistics["messages"] == 101)
      #expect(statistics["by_status"]?["active"] == 1)

      try await service.call("DELETE", "\(path)/\(id)", gives: 204)
      try await service.call("GET", "\(path)/\(id)", gives: 404)
    }
  }

  @Test func oneBadMessageKeepsAllOut() async throws {
    try await TestService.with { service in
      let id = try await service.make(path, [:])
      let messages: JSONValue = ["messages": [message("good"), ["role": "nobody", "content": "bad"]]]
      try await service.call("POST", "\(path)/\(id)/messages", messages, gives: 422)
      #expect(try await service.call("GET", "\(path)/\(id)")["messages"]?["items"] == [])
    }
  }

  @Test func theModelInForceIsKeptByRevision() async throws {
    try await TestService.with { service in
      try await service.call(
        "PUT", "/v1/documents/profiles/llm/mine",
        ["name": "Mine", "provider": "openai", "model": "m", "api_key": "sk-secret-1234567890"], gives: 201)
      let id = try await service.make(path, [:])
      let session = try await service.call("PUT", "\(path)/\(id)/profile", ["llm_profile": "mine"])
      #expect(session["value"]?["llm"]?["profile"] == "mine")
      #expect(!session.compactText.contains("sk-secret"))
      try await service.call("PUT", "\(path)/\(id)/profile", ["llm_profile": "nobody"], gives: 404)
      try await service.call("POST", path, ["llm_profile": "nobody"], gives: 404)
    }
  }

  @Test func aQuestionIsAnsweredAfterARestartWithAllThatWasSaid() async throws {
    let service = try await TestService()
    let id = try await service.make(path, ["messages": [message("What is new?")]])
    let asked = try await service.call(
      "POST", "\(path)/\(id)/ask",
      [
        "question": "Which of the two feeds?", "options": ["Blog", "Forums"], "metadata": ["call": "c1"],
        "messages": [["role": "assistant", "content": "There are two."]],
      ])
    #expect(asked["value"]?["status"] == "waiting_user")
    try await service.call("POST", "\(path)/\(id)/ask", ["question": "And which?"], gives: 409)
    try await service.stop()

    let second = try await TestService(over: service.temporary)
    let waiting = try await second.call("GET", "\(path)?status=waiting_user")
    #expect(waiting.ids == [id])
    let question = try await second.call("GET", "\(path)/\(id)")["value"]?["pending_question"]
    #expect(question?["metadata"] == ["call": "c1"])
    let answer: JSONValue = ["session_id": .string(id), "answer": "Blog", "question_id": question?["id"] ?? .null]
    let view = try await second.call("POST", "/api/v1/chat/answer", answer)
    #expect(view["value"]?["status"] == "active")
    #expect(
      view["messages"]?["items"]?.array?.map { $0["content"] } == ["What is new?", "There are two.", "Blog"])
    let late = try await second.call("POST", "/api/v1/chat/answer", answer, gives: 409)
    #expect(late["detail"]?.string?.contains("answered by owner") == true)
    try await second.call("POST", "/api/v1/chat/answer", ["session_id": "nothing", "answer": "x"], gives: 404)
    try await second.stop()
  }

  @Test func aConversationGoesOutAndComesInAgain() async throws {
    try await TestService.with { service in
      let id = try await service.make(path, ["title": "Feeds", "messages": [message("a"), message("b")]])
      let export = try await service.call("GET", "\(path)/\(id)/export")
      let again = try await service.call("POST", "/api/v1/chat/import", export, gives: 201)
      let copy = try #require(again["id"]?.string)
      #expect(copy != id)
      let view = try await service.call("GET", "\(path)/\(copy)")
      #expect(view["messages"]?["items"] == export["messages"])
      #expect(view["value"]?["title"] == "Feeds")
      try await service.call("POST", "/api/v1/chat/import", ["session": ["colour": 1], "messages": []], gives: 422)
    }
  }

  @Test func anAgentAddsItemsAndTakesThemAway() async throws {
    try await TestService.with { service in
      let items = "\(path)/\(try await service.make(path, [:]))/items"
      let call: JSONValue = ["type": "function_call", "call_id": "c1", "name": "read", "arguments": "{}"]
      try await service.call("POST", items, ["items": [message("a"), call, message("c")]], gives: 204)
      #expect(try await service.call("GET", items)["items"] == [message("a"), call, message("c")])
      #expect(try await service.call("GET", "\(items)?last=2")["items"] == [call, message("c")])
      #expect(try await service.call("POST", "\(items)/pop")["item"] == message("c"))

      let replacing: JSONValue = ["expected": [call], "items": [message("d"), message("e")]]
      #expect(try await service.call("POST", "\(items)/replace-suffix", replacing)["replaced"] == true)
      #expect(try await service.call("POST", "\(items)/replace-suffix", replacing)["replaced"] == false)
      #expect(try await service.call("GET", items)["items"] == [message("a"), message("d"), message("e")])

      try await service.call("POST", "\(items)/clear", gives: 204)
      #expect(try await service.call("GET", items)["items"] == [])
      #expect(try await service.call("POST", "\(items)/pop")["item"] == .null)
    }
  }

  @Test func somebodyElsesConversationIsNotThere() async throws {
    try await TestService.with { service in
      let foreign = try await service.makeForeign("sessions", ["title": "T"])
      for sub in ["", "/export", "/items"] { try await service.call("GET", "\(path)/\(foreign)\(sub)", gives: 404) }
      let answer: JSONValue = ["session_id": .string(foreign), "answer": "x"]
      try await service.call("POST", "/api/v1/chat/answer", answer, gives: 404)
      try await service.call("POST", "\(path)/\(foreign)/messages", ["messages": [message("x")]], gives: 404)
      #expect(try await service.call("GET", path).ids == [])
    }
  }
}
