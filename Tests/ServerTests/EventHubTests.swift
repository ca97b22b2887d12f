import Daybook
import DaybookRuntime
import HTTPTypes
import NIOCore
import TestSupport
import Testing

@testable import DaybookServer

/// What is kept for readers of events, and which of it each gets.
struct EventHubTests {
  private static let ann = Caller(user: "ann", author: Author(name: "Ann", email: "ann@example.org"))

  private static func event(_ sequence: UInt64, bytes: Int = 10, of owner: Caller.Ownership = .shared) -> Event {
    Event(
      position: EventPosition(sequence, place: 0), document: "tasks/\(sequence)", name: .task,
      concern: Event.Concern(ownership: owner, collection: "tasks"), besides: [],
      bytes: ByteBuffer(repeating: 0x78, count: bytes), guardedBytes: nil)
  }

  @Test(arguments: [10, 60 << 10]) func theNewestEventsTakeABoundedPartOfTheMemory(bytes: Int) throws {
    var recent = RecentEvents(after: EventID(sequence: 1))
    var kept = 0
    for sequence in 2..<UInt64(20_000) {
      recent.add([Self.event(sequence, bytes: bytes)], of: EventID(sequence: sequence))
      guard sequence % 500 == 0 else { continue }
      kept = (1...sequence).count {
        if case .older = recent.events(behind: EventPosition(after: $0)) { false } else { true }
      }
      #expect(kept <= Limits.recentEvents + 1 && (kept - 1) * bytes <= Limits.recentEventBytes)
      #expect(kept > 200)
    }
    guard case .events(let events) = recent.events(behind: EventPosition(after: 19_990)) else {
      Issue.record("They are gone.")
      return
    }
    #expect(events.map(\.position.sequence) == Array(19_991...19_999))
  }

  @Test func aPageIsBoundedByItsBytesAndGoesOnWhereItEnded() {
    let events = (1...20).map { Self.event(UInt64($0), bytes: 100 << 10) }
    var page = EventPage(behind: EventPosition(after: 0))
    let areAllTaken = page.add(events, EventFilter(reader: Self.ann))
    #expect(!areAllTaken)
    #expect(page.bytes.readableBytes == 300 << 10)
    #expect(page.end == EventPosition(3, place: 0))
    var rest = EventPage(behind: page.end)
    _ = rest.add(events, EventFilter(reader: Self.ann))
    #expect(rest.end == EventPosition(6, place: 0))
  }

  @Test func whoMayNotKnowOfAllOfACommitDoesNotReadItsSubject() async throws {
    try await TestService.with { service in
      let before = service.store.snapshot().sequence
      try await service.store.transaction { transaction in
        try transaction.patch("profiles/llm/gpt-4o", merging: ["temperature": 0.1])
        _ = try transaction.create(in: "tasks", ["task_type": "secret", "status": "pending"])
      }
      let snapshot = service.store.snapshot()
      let events = EventMaker(snapshot: snapshot).events(of: EventID(sequence: before + 1))
      #expect(events.count == 2)
      let filter = EventFilter(reader: Self.ann)
      let seen = events.filter(filter.admits)
      #expect(seen.map(\.concern.collection) == ["profiles/llm"])
      for event in seen {
        #expect(String(buffer: filter.bytes(of: event)).contains("several documents"))
        #expect(!String(buffer: event.bytes).contains("several documents"))
      }
      let local = EventFilter(reader: TestUsers.local)
      for event in events { #expect(local.admits(event) && local.bytes(of: event) == event.bytes) }
    }
  }

  @Test func theSubjectOfACommitOfOneCollectionIsForThoseWhoMayReadIt() async throws {
    try await TestService.with { service in
      try await service.store.transaction { transaction in
        try transaction.patch("profiles/llm/gpt-4o", merging: ["temperature": 0.1])
      }
      let snapshot = service.store.snapshot()
      for event in EventMaker(snapshot: snapshot).events(of: EventID(sequence: snapshot.sequence)) {
        #expect(!String(buffer: EventFilter(reader: Self.ann).bytes(of: event)).contains("several documents"))
      }
    }
  }

  @Test func whatMakesAnEventLargeIsLeftOutOfIt() async throws {
    try await TestService.with { service in
      let session = try await service.call("POST", "/v1/collections/sessions", ["title": "T"], gives: 201)
      let address = try #require(session["document"]?.string)
      let start = "\(service.store.snapshot().sequence)"
      let long = JSONValue.string(String(repeating: "x", count: 100 << 10))
      try await service.call("POST", "/v1/series/\(address)/messages", ["items": [["role": "user", "content": long]]])
      try await service.call(
        "PATCH", "/v1/documents/\(address)", ["title": .string(String(repeating: "t", count: 300))])
      let events = try await service.events(after: start, count: 2)
      #expect(events.first?.name == "message")
      #expect(events.first?.data["items"] == .null)
    }
  }

  @Test func aCommitThatCannotBeReadTellsReadersToReadAnew() async throws {
    try await TestService.with { service in
      let id = EventID(sequence: 999, commit: "abcdef0123")
      let events = EventMaker(snapshot: service.store.snapshot()).events(of: id)
      #expect(events.map(\.name) == [.reset])
      var filter = EventFilter(reader: Self.ann)
      filter.names = [.interrupt]
      #expect(events.allSatisfy(filter.admits))
      #expect(events.first.map { String(buffer: $0.bytes) }?.hasPrefix("id: 999-abcdef0123\nevent: reset\n") == true)
    }
  }

  @Test(.timeLimit(.minutes(20))) func aReaderForWhomThereIsNothingLearnsHowFarItHasCome() async throws {
    try await TestService.with { service in
      for number in 0..<3 {
        try await service.call(
          "POST", "/v1/collections/tasks", ["task_type": .string("\(number)"), "status": "pending"], gives: 201)
      }
      let snapshot = service.store.snapshot()
      let newest = EventID(sequence: snapshot.sequence, commit: snapshot.commit?.short)
      let answer = try await RawConnection.with(service) { connection in
        try await connection.ask("GET", "/v1/events?after=0&event=interrupt", of: service)
        return try await connection.answer(through: "id: \(newest)\n")
      }
      #expect(answer.contains("id: \(newest)\n"))
    }
  }

  @Test func aUserHasAShareOfThePlacesOfReaders() throws {
    let seats = Seats(5, ofUser: 2)
    let held = [try seats.take(for: Self.ann), try seats.take(for: Self.ann)]
    #expect(throws: Problem.self) { try seats.take(for: Self.ann) }
    let others = try (0..<3).map { try seats.take(for: Caller(user: "user\($0)", author: Self.ann.author)) }
    let problem = #expect(throws: Problem.self) { try seats.take(for: TestUsers.local) }
    #expect(problem?.status == .serviceUnavailable)
    held[0].leave()
    held[0].leave()
    #expect(seats.count == 4)
    let again = try seats.take(for: Self.ann)
    withExtendedLifetime((others, again)) { #expect(seats.count == 5) }
  }
}
