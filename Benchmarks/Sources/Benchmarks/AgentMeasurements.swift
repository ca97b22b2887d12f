import Daybook
import Foundation
import Measuring
import Synchronization

/// What agents do all day, over HTTP: state saved and restored, people asked, events followed.
struct AgentMeasurements {
  private static let text = String(repeating: "What was said in this turn, and in the one before. ", count: 20)

  let address: String

  /// How long it takes to save the state of an agent and to read it back, at the 99th percentile, in milliseconds.
  func stateMilliseconds(ways: Int, rounds: Int) async throws -> Double? {
    try await times(ways: ways, rounds: rounds) { client, way, round in
      try await client.send("PUT", "/api/v1/checkpoints", Self.checkpoint(round, of: "agent-\(way)"))
      try await client.send("GET", "/agent/sessions/agent-\(way)/state")
    }
  }

  /// The same work of a peer that keeps a state as one row.
  func peerStateMilliseconds(ways: Int, rounds: Int) async throws -> Double? {
    try await times(ways: ways, rounds: rounds) { client, way, round in
      try await client.send("PUT", "/documents/agent-\(way)", Self.checkpoint(round, of: "agent-\(way)"))
      try await client.send("GET", "/documents/agent-\(way)")
    }
  }

  /// An agent that asks and is answered, so many times in a row; the first that fails or does not resume it is thrown.
  /// - Returns: rounds a second.
  func interruptRate(rounds: Int) async throws -> Double {
    let client = ServiceClient(address, connections: 1)
    let begin = ContinuousClock.now
    for round in 0..<rounds {
      let raised = try await client.send("POST", "/agent/sessions/asking/interrupts", Self.question(round))
      guard let interrupt = raised["documents"]?.array?.first, let id = interrupt["id"]?.string else {
        throw ServiceClient.Refused(description: "round \(round): no interrupt")
      }
      let answered = try await client.send(
        "POST", "/agent/interrupts/\(id)/answer",
        ["revision": interrupt["revision"] ?? .null, "answer": ["decisions": [["type": "approve"]]]])
      guard answered["resumed"] == true else {
        throw ServiceClient.Refused(description: "round \(round): the agent was not resumed")
      }
    }
    let rate = Double(rounds) / ((.now - begin) / .seconds(1))
    try await client.close()
    return rate
  }

  /// Each way has a connection of its own and does its rounds one after the other.
  private func times(
    ways: Int, rounds: Int, _ body: @escaping @Sendable (ServiceClient, _ way: Int, _ round: Int) async throws -> Void
  ) async throws -> Double? {
    let client = ServiceClient(address, connections: ways)
    let times = try await withThrowingTaskGroup(of: [Double].self) { group in
      for way in 0..<ways {
        group.addTask {
          var times: [Double] = []
          for round in 0..<rounds {
            let begin = ContinuousClock.now
            try await body(client, way, round)
            times.append((.now - begin) / .milliseconds(1))
          }
          return times
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    try await client.close()
    return Rounds.percentile(99, times)
  }

  private static func checkpoint(_ round: Int, of thread: String) -> JSONValue {
    let version = JSONValue.string("\(round).0")
    return [
      "thread_id": .string(thread), "checkpoint_ns": "", "checkpoint_id": .string(String(format: "c%06d", round)),
      "parent_checkpoint_id": round == 0 ? .null : .string(String(format: "c%06d", round - 1)),
      "checkpoint": ["json": ["v": 4]], "metadata": ["step": .number(JSONNumber(round))],
      "channel_versions": ["messages": version],
      "values": [
        ["channel": "messages", "version": version, "value": ["type": "json", "text": .string("\(round) \(text)")]]
      ],
    ]
  }

  private static func question(_ round: Int) -> JSONValue {
    [
      "interrupts": [
        [
          "id": .string("question-\(round)"),
          "value": [
            "action_requests": [["name": "send_mail", "args": ["to": "ann@example.org"]]],
            "review_configs": [["action_name": "send_mail", "allowed_decisions": ["approve", "reject"]]],
          ],
        ]
      ]
    ]
  }
}
