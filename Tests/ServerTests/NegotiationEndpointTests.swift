import Daybook
import DaybookRuntime
import TestSupport
import Testing

@testable import DaybookServer

struct NegotiationEndpointTests {
  private let path = "/api/v1/negotiations"

  @Test func aDemandIsNegotiatedToItsEnd() async throws {
    try await TestService.with { service in
      let id = try await service.make(
        path, ["demand_text": "Somebody for the hardware", "demand_mode": "polish", "scene_id": "spring"])
      try await service.call("PUT", "\(path)/\(id)/formulated-text", ["text": "Wanted: a partner"])
      try await service.call("PUT", "\(path)/\(id)/assist-output", ["text": "A partner, perhaps."])
      try await service.call("POST", "\(path)/\(id)/offers", ["offers": [["agent_id": "a"]]], gives: 409)
      #expect(try await service.call("POST", "\(path)/\(id)/begin")["value"]?["status"] == "negotiating")
      try await service.call("POST", "\(path)/\(id)/begin", gives: 409)
      try await service.call(
        "POST", "\(path)/\(id)/offers",
        ["offers": [["agent_id": "a", "text": "one"], ["agent_id": "b", "text": "two"]]])
      try await service.call("POST", "\(path)/\(id)/exit", ["agent_id": "a"])
      try await service.call("POST", "\(path)/\(id)/exit", ["agent_id": "c"], gives: 404)
      try await service.call("PATCH", "\(path)/\(id)/outcome", ["rounds": 2, "plan_json": ["weekends": 2]])

      let state = try await service.call("GET", "\(path)/\(id)")
      #expect(state["offers"]?["items"]?.array?.count == 3)
      #expect(state["current_offers"]?.array?.map { $0["state"] } == ["exited", "offered"])
      let some = try await service.call("GET", "\(path)/\(id)/offers?from=1&limit=1")
      #expect(some["items"]?.array?.map { $0["agent_id"] } == ["b"])

      let completed = try await service.call(
        "POST", "\(path)/\(id)/complete", ["plan_text": "April.", "chain_ref": "0x1"])
      #expect(completed["value"]?["rounds"] == 2)
      #expect(completed["value"]?["plan_text"] == "April.")
      try await service.call("POST", "\(path)/\(id)/fail", ["error": "late"], gives: 409)

      let other = try await service.make(path, ["demand_text": "Something else", "scene_id": "autumn"])
      try await service.call("POST", "\(path)/\(other)/fail", ["error": "Nobody made an offer."])
      #expect(try await service.call("GET", "/store/api/history").ids == [other, id])
      #expect(try await service.call("GET", "/store/api/history?scene_id=spring").ids == [id])
      #expect(try await service.call("GET", "/store/api/history?status=failed").ids == [other])
      let history = try await service.call("GET", "/store/api/history/\(id)")
      #expect(history["value"]?["formulated_text"] == "Wanted: a partner")
      #expect(history["offers"] == state["offers"])
      try await service.call("DELETE", "\(path)/\(id)", gives: 204)
      try await service.call("GET", "/store/api/history/\(id)", gives: 404)
    }
  }

  @Test func anAssistantsTextIsKeptWhenItHasComeWhole() async throws {
    try await TestService.with { service in
      let id = try await service.make(path, ["demand_text": "d"])
      let text = try await service.send(
        "POST", "\(path)/\(id)/assist", bytes: Array("Zwei \"Wochenenden\"\nim Frühling".utf8),
        headers: ["content-type": "text/plain; charset=utf-8"])
      #expect(text.json["value"]?["assist_output"] == "Zwei \"Wochenenden\"\nim Frühling", "\(text.text)")
      let json = try await service.call("POST", "\(path)/\(id)/assist", ["text": "again"])
      #expect(json["value"]?["assist_output"] == "again")
      let broken = try await service.send(
        "POST", "\(path)/\(id)/assist", bytes: [0xFF], headers: ["content-type": "text/plain"])
      #expect(broken.status == 400)
      try await service.call("POST", "\(path)/nothing/assist", ["text": "x"], gives: 404)
    }
  }

  @Test(.timeLimit(.minutes(20))) func aTextThatIsWrittenWhileItIsSentTakesLongerThanABodyMay() async throws {
    var patience = Patience()
    patience.body = BodyPace.Rule(silence: .seconds(2), start: .seconds(2), bytesPerSecond: 1 << 20)
    try await TestService.with({ [patience] in $0.patience = patience }) { service in
      let id = try await service.make(path, ["demand_text": "hardware"])
      let answer = try await RawConnection.with(service) { connection in
        try await connection.ask(
          "POST", "\(path)/\(id)/assist", of: service, "Content-Type: text/plain", "Transfer-Encoding: chunked")
        for word in ["Two ", "weekends ", "in ", "spring"] {
          try await Task.sleep(for: .milliseconds(700))
          try await connection.send("\(String(word.utf8.count, radix: 16))\r\n\(word)\r\n")
        }
        try await connection.send("0\r\n\r\n")
        return try await connection.answer(through: "}")
      }
      #expect(answer.hasPrefix("HTTP/1.1 200"), "\(answer)")
      let kept = try await service.call("GET", "\(path)/\(id)")["value"]?["assist_output"]
      #expect(kept == "Two weekends in spring")
    }
  }

  @Test(.timeLimit(.minutes(20))) func ofATextThatBreaksOffWhatCameIsKept() async throws {
    var patience = Patience()
    patience.stream = BodyPace.Rule(silence: .milliseconds(300), start: .seconds(60), bytesPerSecond: 1)
    try await TestService.with({ [patience] in $0.patience = patience }) { service in
      func send(_ id: String, _ connection: RawConnection) async throws {
        try await connection.ask(
          "POST", "\(path)/\(id)/assist", of: service, "Content-Type: text/plain", "Transfer-Encoding: chunked")
        try await connection.send("9\r\nTwo weeke\r\n")
      }
      let (silent, gone) = (
        try await service.make(path, ["demand_text": "a"]), try await service.make(path, ["demand_text": "b"])
      )
      let answer = try await RawConnection.with(service) { connection in
        try await send(silent, connection)
        return await connection.answer()
      }
      #expect(answer.hasPrefix("HTTP/1.1 408"), "\(answer)")
      try await RawConnection.with(service) { try await send(gone, $0) }
      for id in [silent, gone] {
        while try await service.call("GET", "\(path)/\(id)")["value"]?["assist_output"] != "Two weeke" {
          try await Task.sleep(for: .milliseconds(20))
        }
      }
    }
  }

  private func settled(_ ticket: String, _ service: TestService) async throws -> JSONValue {
    while true {
      let state = try await service.call("GET", ticket)
      if state["state"] != "waiting" { return state }
      await Task.yield()
    }
  }

  @Test func aWriteThatCannotBeMadeNowIsMadeLaterForWhoPrefersThat() async throws {
    try await TestService.with { service in
      let prefer = ["prefer": "respond-async, wait=10"]
      let now = try await service.send("POST", path, ["demand_text": "now"], headers: prefer)
      #expect(now.status == 201)
      let id = try #require(now.json["id"]?.string)

      service.obstacle.set(true)
      let later = try await service.send("POST", "\(path)/\(id)/begin", headers: prefer)
      #expect(later.status == 202, "\(later.text)")
      let impossible = try await service.send("POST", "\(path)/\(id)/begin", headers: prefer)
      #expect(impossible.status == 202)
      let ticket = try #require(later["location"])
      #expect(try await service.call("GET", ticket)["state"] == "waiting")
      #expect(try await service.call("GET", "/v1/status")["deferred"]?["waiting"] == 2)
      #expect(try await service.figure("daybook_deferred_writes_waiting") == 2)
      #expect(try await service.figure("daybook_deferred_write_bytes") ?? 0 > 0)
      #expect(try await service.call("GET", "/store/api/history/\(id)")["value"]?["status"] == "pending")

      service.obstacle.set(false)
      let state = try await settled(ticket, service)
      #expect(state["state"] == "done")
      #expect(state["documents"]?.array?.first?["document"]?.string == "negotiations/\(id)")
      #expect(try await service.call("GET", "/store/api/history/\(id)")["value"]?["status"] == "negotiating")
      let failed = try await settled(try #require(impossible["location"]), service)
      #expect(failed["state"] == "failed")
      #expect(failed["problem"]?["status"] == 409)
      #expect(try await service.figure("daybook_deferred_writes_waiting") == 0)
      #expect(try await service.figure(#"daybook_deferred_writes_total{outcome="made"}"#) == 1)
      #expect(try await service.figure(#"daybook_deferred_writes_total{outcome="refused"}"#) == 1)
      #expect(try await service.figure("daybook_deferred_retries_total") ?? 0 > 0)
      try await service.call("GET", "/api/v1/tickets/nothing", gives: 404)
    }
  }

  @Test func theBytesOfBodiesAndAnswersAreCounted() async throws {
    try await TestService.with { service in
      let body: JSONValue = ["demand_text": .string(String(repeating: "x", count: 10_000))]
      let made = try await service.send("POST", path, body)
      let received = try #require(try await service.figure("daybook_request_body_bytes_total"))
      #expect(received >= body.compactText.utf8.count && received < 2 * body.compactText.utf8.count)
      let answered = try await service.figure(#"daybook_answer_body_bytes_total{endpoint="post_api_v1_negotiations"}"#)
      #expect(answered == made.bytes.count)
      #expect(try await service.figure("daybook_request_bodies_held_bytes") == 0)
    }
  }

  @Test func whatWasAcceptedIsMadeWhenTheServiceRunsAgain() async throws {
    let service = try await TestService()
    let prefer = ["prefer": "respond-async"]
    service.obstacle.set(true)
    let accepted = try await service.send("POST", path, ["demand_text": "later"], headers: prefer)
    #expect(accepted.status == 202)
    try await service.stop()
    let second = try await TestService(over: service.temporary)
    #expect(try await settled(try #require(accepted["location"]), second)["state"] == "done")
    #expect(try await second.call("GET", "/store/api/history").ids.count == 1)
    try await second.stop()
  }

  @Test func somebodyElsesNegotiationIsNotThere() async throws {
    try await TestService.with { service in
      let time: JSONValue = "2026-11-21T06:40:00Z"
      let foreign = try await service.makeForeign(
        "negotiations", ["demand_text": "d", "status": "pending", "created_at": time, "updated_at": time])
      try await service.call("GET", "/store/api/history/\(foreign)", gives: 404)
      try await service.call("GET", "\(path)/\(foreign)", gives: 404)
      try await service.call("POST", "\(path)/\(foreign)/assist", ["text": "x"], gives: 404)
      try await service.call("DELETE", "\(path)/\(foreign)", gives: 404)
      #expect(try await service.call("GET", "/store/api/history").ids == [])
    }
  }
}
