import AsyncHTTPClient
import Daybook
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import DaybookServer

/// A reader that loses its connection again and again, against the history. `DAYBOOK_RECONNECTS` says how often; the long
/// form has 10,000.
struct EventReconnectTests {
  private static let reconnects = ProcessInfo.processInfo.environment["DAYBOOK_RECONNECTS"].flatMap { Int($0) } ?? 300

  @Test func nothingIsMissedAndNothingComesTwice() async throws {
    try await TestService.with { service in
      let store = service.store
      let start = store.snapshot().sequence
      let writer = Task { try await Self.write(to: store, commits: Self.reconnects) }
      var random = RepeatableRandom(seed: 42)
      var (seen, last) = ([String](), "\(start)")
      for _ in 0..<Self.reconnects {
        // Some connections end before the first event, some in the middle of a commit.
        let count = Int.random(in: 0...4, using: &random)
        let events = try await service.events(after: last, count: count, patience: .milliseconds(200))
        seen += events.map(\.id)
        last = events.last?.id ?? last
      }
      try await writer.value
      let expected = try await Self.history(of: store, after: start)
      while seen.count < expected.count {
        let events = try await service.events(after: last, count: expected.count - seen.count, patience: .seconds(20))
        if events.isEmpty { break }
        seen += events.map(\.id)
        last = events.last?.id ?? last
      }
      #expect(seen == expected)
    }
  }

  private static func write(to store: Store, commits: Int) async throws {
    for number in 0..<commits {
      try await store.transaction { transaction in
        for part in 0..<(number % 4 + 1) {
          let task: JSONValue = ["task_type": .string("\(number).\(part)"), "status": "pending"]
          _ = try transaction.create(in: "tasks", task)
        }
      }
    }
  }

  /// The ids of all events, from the commits.
  private static func history(of store: Store, after start: UInt64) async throws -> [String] {
    let snapshot = store.snapshot()
    var ids: [String] = []
    for commit in try snapshot.commits(limit: Int(snapshot.sequence - start)).reversed() {
      let count = try snapshot.changes(in: commit).count
      ids += (0..<count).map { place in
        let isLast = place == count - 1
        return EventID(sequence: commit.sequence, commit: commit.commit.short, place: isLast ? nil : place).description
      }
    }
    return ids
  }
}
