import Daybook
import Documents
import Foundation
import TestSupport
import Testing

/// Paths of documents at which something stands that is no file of ours, and folders that come and go.
@Suite(.timeLimit(.minutes(20))) struct OddPathTests {
  private let temporary: TemporaryStore

  init() throws {
    let books = SampleKinds.kind("books", series: #"{"events": {"items": {"type": "object"}, "segment": 4}}"#)
    temporary = try TemporaryStore(kinds: SampleKinds.all + [(name: "book", schema: books)])
    let store = try temporary.open()
    try store.transactionBlocking { transaction in
      try transaction.put("notes/a", ["n": 1])
      try transaction.put("notes/b", ["n": 1])
      try transaction.put("books/x", ["n": 1])
      try transaction.append([["id": "1"], ["id": "2"]], to: "events", of: "books/x")
    }
    try store.closeBlocking()
  }

  private func number(_ store: Store, _ address: String) throws -> Int? {
    try store.snapshot().document(address)?.root["n"]?.integer
  }

  enum Obstacle: CaseIterable {
    case link, folder
  }

  private func put(_ obstacle: Obstacle, at file: String) throws {
    try temporary.remove(file)
    let path = "\(temporary.path)/\(file)"
    switch obstacle {
    case .link: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/etc/hostname")
    case .folder: try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
  }

  @Test(arguments: Obstacle.allCases) func whatCannotBeReadHoldsNobodyUp(obstacle: Obstacle) async throws {
    let store = try temporary.openWatching()
    try await store.settle()
    try put(obstacle, at: "notes/a.json")
    try await eventually { try store.status().fileProblems.map(\.path) == ["notes/a.json"] }
    #expect(try number(store, "notes/a") == 1)
    for address in ["notes/a", "notes/c"] {
      try await store.transaction(durability: .committed) { try $0.put(address, ["n": 2]) }
    }
    try await store.settle()
    try temporary.write("{\"n\": 5}\n", to: "notes/b.json")
    try await eventually { try number(store, "notes/b") == 5 }
    #expect(try store.status().failure == nil)
    // It is still there for whoever opens the store.
    try await store.close()
    let again = try temporary.openWatching()
    try await eventually { try again.status().fileProblems.map(\.path) == ["notes/a.json"] }
    try temporary.remove("notes/a.json")
    try temporary.git("checkout", "--", "notes/a.json")
    try await eventually { try again.status().fileProblems.isEmpty }
    #expect(try number(again, "notes/a") == 2)
    try await temporary.closeSoundly(again)
  }

  @Test func aCommitIsFollowedBesideAFileThatCannotBeRead() async throws {
    let store = try temporary.open()
    try await store.settle()
    try temporary.write("{ oops\n", to: "notes/a.json")
    try temporary.git("commit", "-q", "-m", "by hand", "--", "notes/a.json")
    try put(.link, at: "notes/a.json")
    for number in 2...3 {
      try await store.transaction(durability: .committed) { try $0.put("notes/b", ["n": .number(JSONNumber(number))]) }
    }
    #expect(try number(store, "notes/a") == 1)
    let crashed = try temporary.copy()
    let reopened = try crashed.open()
    #expect(try number(reopened, "notes/b") == 3)
    try await reopened.close()
    try await store.settle()
    try temporary.remove("notes/a.json")
    try temporary.git("checkout", "--", "notes/a.json")
    try await store.takeInHandEdits()
    try await temporary.closeSoundly(store)
  }

  /// What the commit held is no JSON to join with.
  @Test(arguments: [true, false]) func aFileThatIsMendedBehindItsCommitIsTakenIn(isAhead: Bool) async throws {
    let store = try temporary.open()
    try await store.settle()
    try temporary.write("{ oops\n", to: "notes/a.json")
    try temporary.git("commit", "-q", "-m", "by hand", "--", "notes/a.json")
    try temporary.write("{\"n\": 4}\n", to: "notes/a.json")
    if !isAhead { try await store.transaction(durability: .committed) { try $0.put("notes/b", ["n": 2]) } }
    try await store.takeInHandEdits()
    #expect(try number(store, "notes/a") == 4)
    try await temporary.closeSoundly(store)
  }

  @Test func aDocumentGoesWithItsSeriesWhenItsFolderGoes() async throws {
    try temporary.remove("books/x")
    var options = temporary.options()
    options.handEdits = .whenOpened
    let store = try await Store.open(at: temporary.path, options: options)
    #expect(try store.snapshot().document("books/x") == nil)
    try await temporary.closeSoundly(store)
  }

  @Test(arguments: [true, false]) func aDocumentComesWithItsSeriesWhenItsFolderIsCopied(isAtOnce: Bool) async throws {
    let store = try temporary.open()
    let (from, to) = ("\(temporary.path)/books/x", "\(temporary.path)/books/y")
    try FileManager.default.createDirectory(atPath: to, withIntermediateDirectories: false)
    try FileManager.default.copyItem(atPath: from + "/events", toPath: to + "/events")
    // Whatever comes first.
    if !isAtOnce { try await store.takeInHandEdits() }
    try FileManager.default.copyItem(atPath: from + "/book.json", toPath: to + "/book.json")
    try await store.takeInHandEdits()
    #expect(try store.snapshot().seriesCount("events", of: "books/y") == 2)
    try await temporary.closeSoundly(store)
  }
}
