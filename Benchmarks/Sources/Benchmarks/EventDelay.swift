import Daybook
import Foundation
import Measuring
import NIOCore
import Synchronization

/// Many readers of events beside one writer: how long after a write was sent each of them has its event.
final class EventDelay: Sendable {
  private struct State {
    var sent: [String: ContinuousClock.Instant] = [:]
    var milliseconds: [Double] = []
    var connected = 0
  }

  private static let pause = Duration.milliseconds(100)
  private let state = Mutex(State())
  private let client: ServiceClient
  private let readers: Int

  init(_ address: String, readers: Int) {
    self.readers = readers
    client = ServiceClient(address, connections: readers + 1)
  }

  /// Runs `whileConnected` when all readers are there, then writes.
  /// - Returns: the 99th percentile, in milliseconds.
  func measure(writes: Int, whileConnected: @Sendable () throws -> Void) async throws -> Double? {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<readers { group.addTask { try await self.read(until: writes) } }
      while state.withLock({ $0.connected }) < readers { try await Task.sleep(for: Self.pause) }
      try whileConnected()
      for number in 0..<writes {
        let id = "event-\(number)-"
        state.withLock { $0.sent[id] = .now }
        try await client.send("PUT", "/v1/documents/documents/\(id)", ["title": .string(id)])
        try await Task.sleep(for: Self.pause)
      }
      try await group.waitForAll()
    }
    try await client.close()
    return Rounds.percentile(99, state.withLock { $0.milliseconds })
  }

  /// Ends when all events have come.
  private func read(until writes: Int) async throws {
    var (rest, seen) = (Substring(), 0)
    var isFirst = true
    for try await piece in try await client.stream("/v1/events?collection=documents") {
      let now = ContinuousClock.now
      if isFirst { state.withLock { $0.connected += 1 } }
      isFirst = false
      rest += String(buffer: piece)
      while let end = rest.firstRange(of: "\n\n") {
        if note(rest[..<end.lowerBound], at: now) { seen += 1 }
        rest = rest[end.upperBound...]
      }
      if seen == writes { return }
    }
    throw ServiceClient.Refused(description: "A stream of events ended after \(seen) of \(writes).")
  }

  /// False for what is no event of the writes: the greeting, a heartbeat.
  private func note(_ event: Substring, at now: ContinuousClock.Instant) -> Bool {
    guard let begin = event.firstRange(of: "event-") else { return false }
    let number = event[begin.upperBound...].prefix { $0.isNumber }
    return state.withLock { state in
      guard let sent = state.sent["event-\(number)-"] else { return false }
      state.milliseconds.append((now - sent) / .milliseconds(1))
      return true
    }
  }
}
