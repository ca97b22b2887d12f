import Daybook
import Foundation
import TestSupport
import Testing

@testable import DaybookServer

/// Rounds of an agent that saves where it is, asks, is answered and goes on, over HTTP without an error. Two hundred by
/// default; `DAYBOOK_ROUNDS` says another number.
struct InterruptRoundsTests {
  private static let rounds = ProcessInfo.processInfo.environment["DAYBOOK_ROUNDS"].flatMap { Int($0) } ?? 200

  @Test func manyRoundsOfAskingAndAnsweringLeaveNoError() async throws {
    try await TestService.with { service in
      for round in 1...Self.rounds {
        try await Self.save(round, service)
        let (id, revision) = try await Self.ask(round, service)
        let answered = try await service.call(
          "POST", "/agent/interrupts/\(id)/answer", ["revision": revision, "answer": .number(JSONNumber(round))])
        #expect(answered["resumed"] == true)
        let thread = answered["thread"]?["value"]
        #expect(thread?["status"] == "running" && thread?["resumptions"]?.integer == round)
        let state = try await service.call("GET", "/agent/sessions/t/state")
        #expect(state["checkpoints"]?.array?.first?["checkpoint_id"]?.string == Self.checkpoint(round))
        if round % 100 == 0 { try await Self.prune(service) }
      }
    }
  }

  private static func checkpoint(_ round: Int) -> String { "c\(1_000_000 + round)" }

  private static func save(_ round: Int, _ service: TestService) async throws {
    try await service.call(
      "PUT", "/api/v1/checkpoints",
      [
        "thread_id": "t", "checkpoint_id": .string(checkpoint(round)), "checkpoint": ["json": ["v": 4]],
        "parent_checkpoint_id": round == 1 ? .null : .string(checkpoint(round - 1)),
        "channel_versions": ["messages": .number(JSONNumber(round))],
        "values": [
          [
            "channel": "messages", "version": .number(JSONNumber(round)),
            "value": ["type": "msgpack", "base64": "gaVzdGF0ZQE="],
          ]
        ],
      ])
  }

  private static func ask(_ round: Int, _ service: TestService) async throws -> (id: String, revision: JSONValue) {
    let raised = try await service.call(
      "POST", "/agent/sessions/t/interrupts",
      ["interrupts": [["id": "i", "value": "Go on?", "checkpoint_id": .string(checkpoint(round))]]], gives: 201)
    let interrupt = try #require(raised["documents"]?.array?.first)
    #expect(interrupt["value"]?["status"] == "open")
    return (try #require(interrupt["id"]?.string), try #require(interrupt["revision"]))
  }

  private static func prune(_ service: TestService) async throws {
    try await service.call("POST", "/api/v1/checkpoints/prune", ["thread_ids": ["t"], "strategy": "keep_latest"])
  }
}
