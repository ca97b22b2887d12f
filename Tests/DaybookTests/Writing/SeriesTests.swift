import Daybook
import Documents
import TestSupport
import Testing

@Suite struct SeriesTests {
  private func events(_ numbers: Range<Int>) -> [JSONValue] {
    numbers.map { ["id": .string("e\($0)"), "n": .number(JSONNumber($0))] }
  }

  @Test func itemsFillSegmentsAndAreReadInOrder() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await store.transaction { try $0.put("threads/t", ["n": 1]) }
    try await store.transaction { try $0.append(events(0..<3), to: "events", of: "threads/t") }
    try await store.transaction { try $0.append(events(3..<10), to: "events", of: "threads/t") }
    let snapshot = store.snapshot()
    #expect(try snapshot.series("events", of: "threads/t") == events(0..<10))
    #expect(try snapshot.series("events", of: "threads/t", from: 3, limit: 4) == events(3..<7))
    #expect(try snapshot.seriesCount("events", of: "threads/t") == 10)
    try await store.close()
    #expect(temporary.exists("threads/t/thread.json"))
    for segment in 1...3 { #expect(temporary.exists("threads/t/events/00000\(segment).json")) }
    #expect(!temporary.exists("threads/t/events/000004.json"))
  }

  @Test func aPageOfASeriesEndsWithTheItemThatBringsItToItsBytes() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await store.transaction { try $0.put("threads/t", ["n": 1]) }
    try await store.transaction { try $0.append(events(0..<10), to: "events", of: "threads/t") }
    let snapshot = store.snapshot()
    func page(from first: Int, bytes: Int) throws -> [JSONValue] {
      try snapshot.seriesPage("events", of: "threads/t", from: first, limit: 9, bytes: bytes)
    }
    #expect(try page(from: 3, bytes: 1) == events(3..<4))
    let two = try page(from: 2, bytes: 40)
    #expect(two.count > 1 && two.count < 8 && two == events(2..<2 + two.count))
    #expect(try page(from: 0, bytes: .max) == events(0..<9))
    func end(limit: Int, bytes: Int) throws -> [JSONValue] {
      let end = try snapshot.seriesEnd("events", of: "threads/t", limit: limit, bytes: bytes)
      #expect(end.first == 10 - end.items.count)
      return end.items
    }
    #expect(try end(limit: 20, bytes: 1) == events(9..<10))
    #expect(try end(limit: 6, bytes: .max) == events(4..<10))
    #expect(try end(limit: 20, bytes: .max) == events(0..<10))
    #expect(try end(limit: 0, bytes: 1) == [])
    try await store.close()
  }

  @Test func appendsByManyWritersAreAllKept() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await store.transaction { try $0.put("threads/t", ["n": 1]) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<10 {
        group.addTask {
          for number in 0..<10 {
            try await store.transaction {
              try $0.append(events((writer * 10 + number)..<(writer * 10 + number + 1)), to: "events", of: "threads/t")
            }
          }
        }
      }
      try await group.waitForAll()
    }
    let ids = try store.snapshot().series("events", of: "threads/t").map { "\($0)" }
    #expect(Set(ids).count == 100)
    try await store.close()
    let reopened = try temporary.open()
    #expect(try reopened.snapshot().seriesCount("events", of: "threads/t") == 100)
    #expect(try await reopened.check().findings == [])
    try await reopened.close()
  }

  @Test func deletingADocumentDeletesItsSeriesAndAppendingToNoneIsRefused() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await store.transaction { transaction in
      try transaction.put("threads/t", ["n": 1])
      try transaction.append(events(0..<6), to: "events", of: "threads/t")
    }
    try await store.transaction { try $0.delete("threads/t") }
    let error = await #expect(throws: StoreError.self) {
      try await store.transaction { try $0.append(events(0..<1), to: "events", of: "threads/t") }
    }
    #expect(error?.code == .notFound)
    try await store.close()
    #expect(!temporary.exists("threads"))
  }

  @Test func anItemWithoutAnIDGetsOne() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await store.transaction { try $0.put("threads/t", ["n": 1]) }
    try await store.transaction { try $0.append([["n": 1]], to: "events", of: "threads/t") }
    guard case .object(let item) = try #require(try store.snapshot().series("events", of: "threads/t").first),
      case .string(let id) = item["id"]
    else {
      Issue.record("the item has no id")
      return
    }
    #expect(UUIDv7(parsing: id) != nil)
    try await store.close()
  }
}
