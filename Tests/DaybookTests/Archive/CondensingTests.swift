import Daybook
import Documents
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

@Suite struct CondensingTests {
  /// Commits one document each; texts are large enough for deltas to pay.
  private func write(_ count: Int, to store: Store, seed: Int = 0, words: Int = 40) async throws {
    for number in seed..<(seed + count) {
      let text = (0..<words).map { "word \(($0 * 7 + number / 20) % 1_000)" }.joined(separator: " ")
      let value: JSONValue = ["n": .number(JSONNumber(number)), "s": .string(text)]
      try await store.transaction { try $0.put("notes/n\(number % 20)", value) }
      if number % 25 == 24 { try await store.settle() }
    }
    try await store.settle()
  }

  private func objects(_ temporary: TemporaryStore) throws -> Set<Substring> {
    Set(
      try temporary.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype) %(objectsize)")
        .split(separator: "\n"))
  }

  private func packFiles(_ temporary: TemporaryStore) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: temporary.path + "/.git/objects/pack").sorted()
  }

  private func check(_ temporary: TemporaryStore) async throws {
    let store = try temporary.open()
    let findings = try await store.check().findings
    #expect(findings == [])
    try await store.close()
    try temporary.checkGit()
  }

  @Test func condensingKeepsEverythingInOneSmallPack() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await write(200, to: store)
    let before = try objects(temporary)
    let report = try await store.condense()
    #expect(report.packsBefore > 1)
    #expect(report.packsAfter == 1)
    #expect(report.bytesAfter * 2 < report.bytesBefore)
    #expect(try objects(temporary) == before)
    #expect(try packFiles(temporary).count == 2)
    // The open store reads on, and writes on.
    #expect(try store.snapshot().history(of: "notes/n3", limit: 100).count == 10)
    try await write(30, to: store, seed: 200)
    try await store.close()
    try await check(temporary)
    try temporary.git("gc", "-q")
    try await check(temporary)
  }

  @Test func condensingTwiceChangesNothing() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await write(60, to: store)
    try await store.condense()
    let files = try packFiles(temporary)
    let again = try await store.condense()
    #expect(again.bytesBefore == again.bytesAfter)
    #expect(try packFiles(temporary) == files)
    // Without the list of what is condensed it is done again, with the same outcome.
    try await store.close()
    try temporary.remove(".git/daybook/condensed")
    let reopened = try temporary.open()
    try await reopened.condense()
    #expect(try packFiles(temporary) == files)
    #expect(temporary.exists(".git/daybook/condensed"))
    try await reopened.close()
    try await check(temporary)
  }

  @Test func packsOfGitAreTakenInAndKeptOnesAreNot() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    var store = try temporary.open()
    try await write(50, to: store)
    try await store.close()
    try temporary.git("gc", "-q")
    let gits = try #require(try packFiles(temporary).first { $0.hasSuffix(".pack") })
    // Opening clears away what a crash left, which an empty file of a person's is not.
    let keep = ".git/objects/pack/" + gits.dropLast(5) + ".keep"
    try temporary.write("", to: keep)
    store = try temporary.open()
    try await write(50, to: store, seed: 50)
    try await store.condense()
    #expect(try packFiles(temporary).contains(gits))
    try temporary.remove(keep)
    let before = try objects(temporary)
    let report = try await store.condense()
    #expect(report.packsAfter == 1)
    #expect(try objects(temporary) == before)
    try await store.close()
    try await check(temporary)
  }

  @Test func whatGitKeepsBesideAPackGoesWithIt() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    try temporary.git("config", "pack.writeReverseIndex", "true")
    try temporary.git("gc", "-q")
    #expect(try packFiles(temporary).contains { $0.hasSuffix(".rev") })
    let store = try temporary.open()
    try await write(10, to: store)
    try await store.condense()
    #expect(try packFiles(temporary).count == 2)
    try await store.close()
    try await check(temporary)
  }

  @Test func aPackThatCannotBeReadIsLeftAlone() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    try temporary.git("config", "pack.indexVersion", "1")
    try temporary.git("gc", "-q")
    let theirs = try packFiles(temporary)
    let store = try temporary.open()
    try await write(60, to: store)
    let report = try await store.condense()
    #expect(report.packsBefore > 2)
    #expect(report.packsAfter == 2)
    #expect(try Set(packFiles(temporary)).isSuperset(of: theirs))
    try await store.close()
    try await check(temporary)
  }

  @Test func writersAndReadersGoOnWhileItCondenses() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await write(50, to: store)
    try await withThrowingTaskGroup(of: Void.self) { group in
      let isDone = Flag()
      group.addTask {
        for _ in 0..<4 {
          try await store.condense()
          try await Task.sleep(for: .milliseconds(30))
        }
        isDone.isSet.withLock { $0 = true }
      }
      for writer in 0..<3 {
        group.addTask {
          var number = 0
          while !isDone.isSet.withLock({ $0 }) {
            let value: JSONValue = ["n": .number(JSONNumber(number)), "s": "x"]
            try await store.transaction { try $0.put("notes/w\(writer)", value) }
            number += 1
            try await Task.sleep(for: .milliseconds(2))
            #expect(try store.snapshot().document("notes/w\(writer)")?.root["n"]?.integer == number - 1)
            if number % 20 == 0 {
              #expect(try !store.snapshot().history(of: "notes/n\(number % 20)", limit: 1_000).isEmpty)
              try await store.settle()
            }
          }
        }
      }
      try await group.waitForAll()
    }
    try await store.close()
    try await check(temporary)
  }

  @Test func anIdleStoreCondensesByItself() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let condensed = Flag()
    let store = try temporary.open { step in if step == .condensedPackRemoved { condensed.isSet.withLock { $0 = true } }
    }
    try await write(120, to: store, words: 6_000)
    // The first of the condensed packs is gone, and soon the others.
    func isSmall() throws -> Bool { try condensed.isSet.withLock { $0 } && store.status().packBytes < 4 << 20 }
    for _ in 0..<200 where try !isSmall() { try await Task.sleep(for: .milliseconds(100)) }
    #expect(try isSmall())
    try await store.close()
    try await check(temporary)
  }

  @Test func closingEndsWhatIsUnderWay() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await write(100, to: store, words: 2_000)
    let before = try objects(temporary)
    async let asked = store.condense()
    try await Task.sleep(for: .milliseconds(20))
    try await store.close()
    do {
      // It may have been quick.
      _ = try await asked
    } catch let error as StoreError {
      #expect(error.code == .unavailable)
    }
    await #expect(throws: StoreError.self) { try await store.condense() }
    #expect(try objects(temporary) == before)
    try await check(temporary)
  }

  @Test func thereAreNeverManySmallPacks() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    for number in 0..<60 {
      let durability: Durability = .committed
      try await store.transaction(durability: durability) {
        try $0.put("notes/n\(number % 7)", ["n": .number(JSONNumber(number)), "s": "x"])
      }
      if number % 20 == 19 { try await store.condense() }
      // A pack that is being taken away may be seen with its successor.
      #expect(try store.status().packs <= 12 + 8)
    }
    try await store.settle()
    #expect(try store.status().packs <= 12)
    try await store.close()
  }

  @Test func aFailingCallLosesNothingAndTheStoreGoesOn() async throws {
    let plan = FaultPlan()
    let counted = try TemporaryStore(kinds: SampleKinds.all)
    let first = try counted.open(fileSystem: FaultInjecting(plan))
    try await write(30, to: first)
    plan.plan(nil)
    try await first.condense()
    let calls = plan.calls.count
    try await first.close()
    #expect(calls > 30)
    for forever in [false, true] {
      for call in stride(from: forever ? 1 : 0, to: calls, by: 7) {
        let temporary = try TemporaryStore(kinds: SampleKinds.all)
        let plan = FaultPlan()
        let store = try temporary.open(fileSystem: FaultInjecting(plan))
        try await write(30, to: store)
        let before = try objects(temporary)
        plan.plan(FaultPlan.Fault(call: call, forever: forever))
        // A call that only tidies up may fail unnoticed.
        _ = try? await store.condense()
        plan.plan(nil)
        #expect(try objects(temporary) == before, "call \(call)")
        try await write(10, to: store, seed: 30)
        try await store.condense()
        #expect(try objects(temporary).isSuperset(of: before), "call \(call)")
        try await store.close()
        try await check(temporary)
        let stray = try packFiles(temporary).filter { !$0.hasSuffix(".pack") && !$0.hasSuffix(".idx") }
        #expect(stray == [], "call \(call)")
      }
    }
  }
}

/// Set on one thread and seen on another.
private final class Flag: Sendable {
  let isSet = Mutex(false)
}
