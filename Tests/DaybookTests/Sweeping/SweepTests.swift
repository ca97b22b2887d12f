import Documents
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Daybook

@Suite struct SweepTests {
  private let temporary: TemporaryStore
  private let clock = TestClock()

  init() throws {
    temporary = try TemporaryStore(kinds: ExpiringKinds.all)
  }

  private func putJobs(_ count: Int, in store: Store, at seconds: Int64 = -200, state: String = "done") async throws {
    let at = clock.text(seconds)
    for start in stride(from: 0, to: count, by: 500) {
      try await store.transaction { transaction in
        for number in start..<min(start + 500, count) {
          try transaction.put("jobs/j\(number)", ["state": .string(state), "at": at])
        }
      }
    }
  }

  private func check(_ store: Store) async throws {
    let findings = try await store.check().findings
    #expect(findings == [])
    try await store.close()
    try temporary.checkGit()
    #expect(try temporary.git("status", "--porcelain") == "")
  }

  @Test func expiredDocumentsLeaveInBoundedCommitsThatSayWhy() async throws {
    let store = try temporary.open(clock)
    try await putJobs(450, in: store)
    try await store.transaction { try $0.put("notes/n", ["n": 1]) }
    let before = store.snapshot().sequence
    #expect(try store.status().expiredDocuments.map { "\($0.count) \($0.collection)" } == ["450 jobs"])
    #expect(try store.sweepAll() == [200, 200, 50])
    let commits = try store.snapshot().commits(limit: Int(store.snapshot().sequence - before))
    #expect(commits.map(\.subject) == [50, 200, 200].map { "jobs: \($0) documents expired" })
    #expect(commits.allSatisfy { $0.origin == .sweep && $0.author.name == "Daybook" })
    #expect(try store.ids("jobs").isEmpty && store.ids("notes") == ["n"])
    #expect(try store.status().expiredDocuments.isEmpty)
    #expect(try store.sweepAll() == [])
    #expect(try store.snapshot().history(of: "jobs/j7").count == 2)
    try await check(store)
  }

  @Test func onlyDocumentsInTheNamedStatesExpire() async throws {
    let store = try temporary.open(clock)
    try await putJobs(3, in: store, state: "open")
    try await store.transaction { try $0.patch("jobs/j1", merging: ["state": "failed"]) }
    #expect(try store.sweepAll() == [1])
    #expect(try store.ids("jobs") == ["j0", "j2"])
    try await check(store)
  }

  @Test func theSeriesOfADocumentLeavesWithItAndKeepsItAliveBefore() async throws {
    let store = try temporary.open(clock)
    for name in ["a", "b"] { try await store.transaction { try $0.put("drafts/\(name)", ["n": 1]) } }
    let items = [JSONValue](repeating: ["text": "x"], count: 10)
    try await store.transaction { try $0.append(items, to: "lines", of: "drafts/a") }
    clock.advance(seconds: 3_000)
    try await store.transaction { try $0.append(items, to: "lines", of: "drafts/b") }
    clock.advance(seconds: 700)
    #expect(try store.sweepAll() == [1])
    #expect(try store.ids("drafts") == ["b"])
    try await store.settle()
    #expect(!temporary.exists("drafts/a") && temporary.exists("drafts/b/lines/000003.json"))
    clock.advance(seconds: 3_000)
    #expect(try store.sweepAll() == [1])
    try await check(store)
  }

  @Test func whatIsTakenBackLivesItsWholeTimeOnceMore() async throws {
    var store = try temporary.open(clock)
    try await putJobs(2, in: store)
    try store.sweepAll()
    clock.advance(seconds: 5_000)
    let plan = try store.snapshot().planRevert(of: .newest)
    try await store.transaction { try $0.apply(plan) }
    #expect(try store.sweepAll() == [])
    clock.advance(seconds: 99)
    // Also when the index was made anew in between, and for one that changed since.
    try await store.transaction { try $0.patch("jobs/j1", merging: ["n": 1]) }
    try await store.close()
    try temporary.remove(".git/daybook/index")
    store = try temporary.open(clock)
    #expect(try store.sweepAll() == [])
    clock.advance(seconds: 1)
    #expect(try store.sweepAll() == [2])
    try await check(store)
  }

  @Test func aDocumentThatIsEditedByHandStays() async throws {
    let store = try temporary.open(clock)
    try await putJobs(3, in: store)
    try await store.settle()
    let paths = try (0..<3).map { try store.kinds.path(of: store.kinds.address("jobs/j\($0)")) }
    try temporary.write(#"{"state": "open"}"#, to: paths[0])
    try temporary.write("{ half", to: paths[1])
    #expect(try store.sweepAll() == [1])
    #expect(try store.ids("jobs") == ["j0", "j1"])
    #expect(try store.snapshot().document("jobs/j0")?.root["state"]?.string == "open")
    #expect(try temporary.read(paths[1]) == "{ half")
    #expect(try store.status().fileProblems.map(\.path) == [paths[1]])
    try await store.close()
  }

  /// The batch was judged and prepared, and waits for the writer, when one of its documents changes, and a series of another.
  @Test func whatChangesAfterItWasJudgedIsPassedOver() async throws {
    let store = try temporary.open(clock)
    try await putJobs(3, in: store)
    for name in ["a", "b"] {
      try await store.transaction { transaction in
        try transaction.put("drafts/\(name)", ["n": 1])
        try transaction.append([["text": "x"]], to: "lines", of: "drafts/\(name)")
      }
    }
    clock.advance(seconds: 4_000)
    var walk = store.parts.sweep.begin()
    var operations: [Daybook.Operation] = []
    while let batch = try walk.nextBatch(in: store.snapshot()) {
      operations += batch.documents.map { .expire($0.address, lastChange: $0.lastChange, schema: $0.schema) }
    }
    #expect(operations.count == 5)
    let prepared = try store.parts.writes.prepare(operations)
    try await store.transaction { try $0.patch("jobs/j1", merging: ["n": 1]) }
    try await store.transaction { try $0.append([["text": "y"]], to: "lines", of: "drafts/b") }
    let sweep = PreparedTransaction(
      operations: operations, changes: prepared.changes, kinds: prepared.kinds, author: .store, message: nil,
      origin: .sweep, commitPolicy: .each)
    let receipt = try await Blocking.run { try store.parts.writes.submitBlocking(sweep, .durable) }
    #expect(receipt.documents.count { $0.revision == nil } == 3)
    #expect(try store.ids("jobs") == ["j1"] && store.ids("drafts") == ["b"])
    #expect(try store.snapshot().seriesCount("lines", of: "drafts/b") == 2)
    try await check(store)
  }

  @Test func aTimeToLiveThatIsTakenAwayDuringAWalkHoldsNoMore() async throws {
    let store = try temporary.open(clock)
    try await putJobs(450, in: store)
    var walk = store.parts.sweep.begin()
    #expect(try store.parts.sweep.step(&walk)?.documents == 200)
    // The second batch is judged, and waits for the writer, when the schema changes.
    let batch = try #require(try walk.nextBatch(in: store.snapshot()))
    let operations = batch.documents.map {
      Daybook.Operation.expire($0.address, lastChange: $0.lastChange, schema: $0.schema)
    }
    let prepared = try store.parts.writes.prepare(operations)
    try temporary.write(SampleKinds.kind("jobs", partition: "hash"), to: "schemas/job.schema.json")
    try await store.takeInHandEdits()
    let sweep = PreparedTransaction(
      operations: operations, changes: prepared.changes, kinds: prepared.kinds, author: .store, message: nil,
      origin: .sweep, commitPolicy: .each)
    let receipt = try await Blocking.run { try store.parts.writes.submitBlocking(sweep, .durable) }
    #expect(!receipt.documents.contains { $0.revision == nil })
    #expect(try store.parts.sweep.step(&walk) == nil)
    #expect(try store.ids("jobs").count == 250)
    try await check(store)
  }

  /// Whoever is told that a write was made finds the document, whatever is swept meanwhile.
  @Test func aDocumentThatIsWrittenInBetweenStays() async throws {
    let store = try temporary.open(clock)
    let count = 600
    try await putJobs(count, in: store)
    for start in 0..<60 { try await store.transaction { try $0.put("drafts/d\(start)", ["n": 1]) } }
    clock.advance(seconds: 4_000)
    let alive = clock.text(1_000)
    let written = try await withThrowingTaskGroup(of: [String].self) { group in
      group.addTask {
        for _ in 0..<20 { _ = try await Blocking.run { try store.sweepAll() } }
        return []
      }
      for writer in 0..<4 {
        group.addTask {
          var written: [String] = []
          for number in stride(from: writer, to: count, by: 4) {
            let address = "jobs/j\(count - 1 - number)"
            let outcome = try? await store.transaction { try $0.patch(address, merging: ["at": alive]) }
            if outcome != nil { written.append(address) }
            if number < 60 {
              let draft = "drafts/d\(59 - number)"
              let appended = try? await store.transaction { try $0.append([["text": "x"]], to: "lines", of: draft) }
              if appended != nil { written.append(draft) }
            }
          }
          return written
        }
      }
      return try await group.reduce(into: Set<String>()) { $0.formUnion($1) }
    }
    try store.sweepAll()
    let found = try store.ids("jobs").map { "jobs/\($0)" } + store.ids("drafts").map { "drafts/\($0)" }
    #expect(Set(found) == written)
    for address in written where address.hasPrefix("drafts") {
      #expect(try store.snapshot().seriesCount("lines", of: address) == 1)
    }
    try await check(store)
  }

  @Test func anOpenStoreSweepsByItself() async throws {
    var options = temporary.options()
    options.sweepInterval = .milliseconds(20)
    let store = try StoreOpening(
      root: temporary.path, options: options, fileSystem: LocalFileSystem(), clock: clock.clock
    ).open()
    try await putJobs(3, in: store)
    try await store.settled { try store.ids("jobs").isEmpty }
    // What comes back lives its time again.
    try await putJobs(2, in: store, at: -99)
    clock.advance(seconds: 100)
    try await store.settled { try store.ids("jobs").isEmpty }
    try await check(store)
  }

  @Test func aStoreThatIsNotAskedToDoesNotSweepByItself() throws {
    let plain = try TemporaryStore(kinds: SampleKinds.all)
    var options = plain.options()
    options.sweepInterval = nil
    let store = try Store.openBlocking(at: plain.path, options: options)
    #expect(store.parts.sweeper == nil)
    try store.closeBlocking()
  }

  @Test func aTimeToLiveThatComesWhileTheStoreIsOpenCounts() async throws {
    let plain = try TemporaryStore(kinds: [("pad", SampleKinds.kind("pads"))])
    var options = plain.options()
    options.sweepInterval = .milliseconds(1)
    let store = try Store.openBlocking(at: plain.path, options: options)
    try await store.transaction { try $0.put("pads/a", ["n": 1, "at": "2020-01-01T00:00:00Z"]) }
    try plain.write(ExpiringKinds.kind("pads", #"{"days": 30, "from": "/at"}"#), to: "schemas/pad.schema.json")
    try await store.takeInHandEdits()
    try await store.settled { try store.snapshot().document("pads/a") == nil }
    try store.closeBlocking()
  }

  @Test func aKindThatGetsATimeToLiveLaterCountsForOldDocumentsToo() async throws {
    try temporary.write(ExpiringKinds.kind("pads", #"{"days": 9000}"#), to: "schemas/pad.schema.json")
    var store = try temporary.open(clock)
    try await store.transaction { try $0.put("pads/a", ["n": 1, "at": "2020-01-01T00:00:00Z"]) }
    #expect(try store.sweepAll() == [])
    try await store.close()
    try temporary.write(ExpiringKinds.kind("pads", #"{"days": 1, "from": "/at"}"#), to: "schemas/pad.schema.json")
    store = try temporary.open(clock)
    #expect(try store.sweepAll() == [1])
    try await check(store)
  }
}

extension Store {
  /// Waits until a condition holds that somebody else brings about.
  fileprivate func settled(_ condition: () throws -> Bool) async throws {
    for _ in 0..<1_000 {
      if try condition() { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("It did not come about.")
  }
}
