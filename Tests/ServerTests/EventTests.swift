import AsyncHTTPClient
import Daybook
import NIOCore
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

@testable import DaybookServer

struct EventTests {
  @Test(arguments: ["0", "4711", "4711-8f3c2d1a90", "4711-8f3c2d1a90.3", "18446744073709551615-abcd"])
  func anIDOfAnEventIsReadAsItIsWritten(text: String) throws {
    #expect(EventID(text)?.description == text)
  }

  @Test(arguments: [
    "", "-1", "4711-", "4711-8F3C2D", "4711-8f3c2d1a90.", "4711-8f3c2d1a90.-1", "4711-xyzw", "1-ab", "0-abcd",
    "0-abcd.0",
  ])
  func whatIsNoIDOfAnEventIsRefused(text: String) {
    #expect(EventID(text) == nil)
  }

  @Test func aReaderThatIsCutOffAnywhereGetsEachEventOnce() async throws {
    try await TestService.with { service in
      for number in 0..<20 {
        try await service.store.transaction { transaction in
          for part in 0..<(number % 3 + 1) {
            _ = try transaction.create(
              in: "tasks", ["task_type": .string("\(number).\(part)"), "status": "pending"])
          }
        }
      }
      let all = try await service.events(after: "0", count: 41)
      #expect(all.map(\.id).count == Set(all.map(\.id)).count)
      for event in all.dropLast() {
        let rest = try await service.events(after: event.id, count: 1)
        let next = try #require(all.firstIndex { $0.id == event.id }) + 1
        #expect(rest.first?.id == all[next].id, "after \(event.id)")
      }
    }
  }

  @Test func eventsAreNamedAndFiltered() async throws {
    try await TestService.with { service in
      let start = "\(service.store.snapshot().sequence)"
      _ = try await service.send("POST", "/v1/collections/tasks", ["task_type": "a", "status": "pending"])
      _ = try await service.send(
        "PATCH", "/v1/documents/profiles/llm/gpt-4o", ["temperature": 0.1])
      let session = try await service.send("POST", "/v1/collections/sessions", ["title": "T"])
      let address = try #require(session.json["document"]?.string)
      _ = try await service.send(
        "POST", "/v1/series/\(address)/messages", ["items": [["role": "user", "content": "hello"]]])
      let all = try await service.events(after: start, count: 4)
      #expect(all.map(\.name) == ["task", "config_updated", "change", "message"])
      #expect(all[1].data["members"]?.array == ["/temperature"])
      #expect(all[3].data["items"]?.array?.first?["content"] == "hello")
      let tasks = try await service.events(after: start, count: 1, "&event=message")
      #expect(tasks.map(\.name) == ["message"])
      let one = try await service.events(after: start, count: 1, "&collection=sessions")
      #expect(one.map(\.name) == ["change"])
    }
  }

  @Test func anIDOfAnotherHistoryIsAnsweredWithAReset() async throws {
    try await TestService.with { service in
      for id in ["1-0000000000", "999999"] {
        let events = try await service.events(after: id, count: 1)
        #expect(events.first?.name == "reset", "\(id)")
      }
      let reply = try await service.send("GET", "/v1/events?after=x")
      #expect(reply.status == 400)
    }
  }

  @Test func readersThatWaitGetWhatIsWritten() async throws {
    try await TestService.with { service in
      let start = service.store.snapshot().sequence
      try await withThrowingTaskGroup { group in
        for _ in 0..<20 {
          group.addTask { try await service.events(after: "\(start)", count: 100).map(\.id) }
        }
        group.addTask {
          for number in 0..<100 {
            try await service.store.transaction { transaction in
              _ = try transaction.create(in: "tasks", ["task_type": .string("\(number)"), "status": "pending"])
            }
          }
          return []
        }
        var seen: Set<[String]> = []
        for try await ids in group where !ids.isEmpty { seen.insert(ids) }
        #expect(seen.count == 1)
        #expect(seen.first?.count == 100)
      }
    }
  }
}

/// An event as a client reads it.
struct ReadEvent: Sendable {
  var id = ""
  var name = ""
  var data: JSONValue = .null
}

extension TestService {
  /// The first so many events behind one; fewer when no more come for a while.
  func events(
    after id: String, count: Int, _ query: String = "", headers: [String: String] = [:],
    patience: Duration = .seconds(60)
  ) async throws -> [ReadEvent] {
    let read = ReadEvents()
    try await withThrowingTaskGroup { group in
      group.addTask { try await self.read(after: id, count: count, query, headers, into: read) }
      group.addTask { try await Task.sleep(for: patience) }
      try await group.next()
      group.cancelAll()
    }
    return read.events
  }

  private func read(
    after id: String, count: Int, _ query: String, _ headers: [String: String], into read: ReadEvents
  ) async throws {
    var request = HTTPClientRequest(url: "\(address)/v1/events?after=\(id)\(query)")
    for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
    guard response.status.code == 200 else { throw StoreError(.usage, "\(response.status)") }
    var (lines, event) = ("", ReadEvent())
    if count == 0 { return }
    for try await part in response.body {
      lines += String(buffer: part)
      while let end = lines.firstIndex(of: "\n") {
        let line = lines[..<end]
        if line.isEmpty {
          if !event.name.isEmpty, read.add(event) == count { return }
          event = ReadEvent()
        }
        if line.hasPrefix("id: ") { event.id = String(line.dropFirst(4)) }
        if line.hasPrefix("event: ") { event.name = String(line.dropFirst(7)) }
        if line.hasPrefix("data: ") { event.data = try JSONText(parsing: String(line.dropFirst(6))).root.value }
        lines = String(lines[lines.index(after: end)...])
      }
    }
  }
}

/// What a reader got by now.
private final class ReadEvents: Sendable {
  private let state = Mutex<[ReadEvent]>([])

  var events: [ReadEvent] { state.withLock { $0 } }

  func add(_ event: ReadEvent) -> Int {
    state.withLock { events in
      events.append(event)
      return events.count
    }
  }
}
