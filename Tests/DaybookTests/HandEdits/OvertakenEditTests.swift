import Daybook
import Documents
import Foundation
import TestSupport
import Testing

/// Writes that are made between the moment at which edits are looked at and the one at which they are taken in.
@Suite(.timeLimit(.minutes(20))) struct OvertakenEditTests {
  private let temporary: TemporaryStore
  private let gate = Gate()
  private let store: Store

  init() throws {
    temporary = try TemporaryStore(kinds: SampleKinds.all)
    let gate = gate
    store = try temporary.open { gate.pass($0) }
  }

  /// `write` comes first, and what `edit` does to files is seen by nobody before it was prepared.
  private func overtake(_ edit: @escaping @Sendable () -> Void, by write: @escaping @Sendable () -> Void) throws {
    let store = store
    try gate.gather(
      in: store,
      [
        write,
        {
          edit()
          _ = try? store.takeInHandEditsBlocking()
        },
      ])
  }

  @Test func noEditOfManyIsLostWhenAWriteOvertakesOne() async throws {
    try await store.transaction { transaction in
      for number in 0..<60 { try transaction.put("notes/n\(number)", text: try text("{\"n\": -1, \"s\": \"\"}\n")) }
    }
    try await store.settle()
    try overtake {
      for number in 0..<60 { try? temporary.write("{\"n\": \(number), \"s\": \"\"}\n", to: "notes/n\(number).json") }
    } by: {
      _ = try? store.transactionBlocking { try $0.put("notes/n7", ["n": -1, "s": "w"]) }
    }
    let snapshot = store.snapshot()
    for number in 0..<60 { #expect(try snapshot.document("notes/n\(number)")?.root["n"]?.integer == number) }
    #expect(try snapshot.document("notes/n7")?.root["s"]?.string == "w")
    try await temporary.closeSoundly(store)
  }

  /// With items that have ids, and with some that have none.
  @Test(arguments: [#"{"id": "a", "n": 1}, {"id": "b", "n": 1}"#, #"{"n": 1}, {"n": 1}"#])
  func whatIsAppendedBehindAnEditedSegmentStays(items: String) async throws {
    try await store.transaction { try $0.put("threads/t", ["n": 1]) }
    try await store.settle()
    let file = "threads/t/events/000001.json"
    try temporary.write("[\(items)]\n", to: file)
    try await store.takeInHandEdits()
    try await store.settle()
    try overtake {
      try? temporary.write("[\(items)]\n".replacing("\"n\": 1}]", with: "\"n\": 2}]"), to: file)
    } by: {
      _ = try? store.transactionBlocking { try $0.append([["id": "c", "n": 3]], to: "events", of: "threads/t") }
    }
    let found = try store.snapshot().series("events", of: "threads/t").map { $0.object?["n"]?.integer }
    #expect(found == [1, 2, 3])
    try await temporary.closeSoundly(store)
  }

  @Test func whatCollidesInASegmentIsKeptAsAConflict() async throws {
    try await store.transaction { transaction in
      try transaction.put("threads/t", ["n": 1])
      try transaction.append([["id": "a", "n": 1]], to: "events", of: "threads/t")
    }
    try await store.settle()
    let file = "threads/t/events/000001.json"
    try temporary.write("[{\"id\": \"a\", \"n\": 2}]\n", to: file)
    try await store.takeInHandEdits()
    let plan = try store.snapshot().planRevert(of: .newest)
    try overtake {
      try? temporary.write("[{\"id\": \"a\", \"n\": 3}]\n", to: file)
    } by: {
      _ = try? store.transactionBlocking { try $0.apply(plan) }
    }
    #expect(try store.snapshot().series("events", of: "threads/t").map { $0.object?["n"]?.integer } == [3])
    let conflict = try #require(try store.snapshot().query(Query("conflicts")).documents.first?.root)
    #expect(conflict["lost"]?.integer == 1 && conflict["document"]?.string == file)
    try await temporary.closeSoundly(store)
  }

  @Test func aPreconditionOnADocumentThatIsNotChangedIsCheckedAgain() async throws {
    let guarded = try #require(
      try await store.transaction { try $0.put("notes/guard", ["n": 1]) }.documents.first?.revision)
    let store = store
    try gate.gather(
      in: store,
      [
        { _ = try? store.transactionBlocking { try $0.patch("notes/guard", merging: ["n": 2]) } },
        {
          let error = #expect(throws: StoreError.self) {
            try store.transactionBlocking { transaction in
              try transaction.patch("notes/guard", merging: [:], if: .revision(guarded))
              try transaction.put("notes/b", ["n": 1])
            }
          }
          #expect(error?.code == .conflict)
        },
      ])
    #expect(try store.snapshot().document("notes/b") == nil)
    try await temporary.closeSoundly(store)
  }
}
