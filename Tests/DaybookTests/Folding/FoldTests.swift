import Documents
import Foundation
import Git
import Storage
import TestSupport
import Testing

@testable import Daybook

/// Histories whose beginning went.
@Suite(.timeLimit(.minutes(20))) struct FoldTests {
  private let clock = TestClock()

  /// Writes the same few documents again and again, a second apart.
  private func write(_ range: Range<Int>, in store: Store) async throws {
    for number in range {
      clock.advance(seconds: 1)
      try await store.transaction {
        try $0.put("notes/n\(number % 5)", ["n": .number(JSONNumber(number)), "s": "a text that is written often"])
      }
    }
    try await store.settle()
  }

  /// - Parameter ago: How many of the newest commits stay.
  private func fold(_ temporary: TemporaryStore, ago: Int64, isDryRun: Bool = false) throws -> FoldReport {
    try Store.fold(
      at: temporary.path, before: clock.milliseconds / 1_000 - ago, isDryRun: isDryRun, options: temporary.options())
  }

  private func commits(_ temporary: TemporaryStore) throws -> Int {
    Int(try temporary.git("rev-list", "--count", "--all").trimmingCharacters(in: .newlines)) ?? 0
  }

  @Test func aFoldedStoreHoldsAllThatItHeldButTheOldHistory() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open(clock)
    try await write(0..<200, in: store)
    try await store.close()
    let files = try temporary.git("ls-tree", "-r", "HEAD")
    let head = try temporary.git("rev-parse", "HEAD")
    let before = try commits(temporary)

    let planned = try fold(temporary, ago: 20, isDryRun: true)
    #expect(try commits(temporary) == before, "a dry run writes nothing")
    let report = try fold(temporary, ago: 20)
    #expect(report == planned)
    #expect(try commits(temporary) == 21)
    #expect(report.commits == before - 21 && report.objects > 0)
    #expect(try temporary.git("rev-parse", "HEAD") == head, "the commits that stay are the same")
    #expect(try temporary.git("ls-tree", "-r", "HEAD") == files)
    #expect(try temporary.git("rev-list", "--max-parents=0", "HEAD").contains(try #require(report.commit).description))
    try temporary.checkGit()

    let reopened = try temporary.open(clock)
    #expect(try reopened.snapshot().document("notes/n4")?.root["n"]?.integer == 199)
    #expect(try reopened.snapshot().history(of: "notes/n4", limit: 100).count == 5)
    try await write(200..<210, in: reopened)
    try await temporary.closeSoundly(reopened)
    #expect(try commits(temporary) == 31)
    #expect(try fold(temporary, ago: 1_000) == FoldReport(), "nothing is old enough any more")
  }

  @Test func aHistoryIsFoldedOnceMore() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    for round in 0..<3 {
      let store = try temporary.open(clock)
      try await write((round * 50)..<(round * 50 + 50), in: store)
      try await temporary.closeSoundly(store)
      let report = try fold(temporary, ago: 10)
      #expect(report.commits > 30)
      #expect(try commits(temporary) == 11)
      try temporary.checkGit()
    }
  }

  @Test func whatATagNamesStaysReadable() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open(clock)
    try await write(0..<20, in: store)
    try temporary.git("tag", "-m", "words", "v1")
    let tree = try temporary.git("ls-tree", "-r", "v1")
    try await write(20..<60, in: store)
    try await store.close()
    _ = try fold(temporary, ago: 5)
    #expect(try temporary.git("ls-tree", "-r", "v1") == tree)
    #expect(try commits(temporary) == 7)
    try temporary.checkGit()
    let again = try temporary.open(clock)
    try await write(60..<80, in: again)
    try await temporary.closeSoundly(again)
    #expect(try fold(temporary, ago: 5).commits == 20)
    #expect(try temporary.git("ls-tree", "-r", "v1") == tree)
    #expect(try commits(temporary) == 7)
    try temporary.checkGit()
  }

  @Test func whatHasNothingToDoWithTheStoresHistoryHoldsNothingUp() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open(clock)
    try await write(0..<20, in: store)
    try await store.close()
    try temporary.git("-c", "user.name=P", "-c", "user.email=p@example.org", "notes", "add", "-m", "a note")
    #expect(try fold(temporary, ago: 5).commits > 0)
    #expect(try temporary.git("notes", "show") == "a note\n")
    try temporary.checkGit()
  }

  /// What a process that was killed left is put right first: its log names commits that are to go.
  @Test func aStoreThatWasNotClosedIsFolded() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let gate = Gate(at: .packed)
    let store = try temporary.open(clock) { gate.pass($0) }
    try await write(0..<20, in: store)
    var copy: TemporaryStore?
    try await gate.held {
      try await store.transaction { try $0.put("notes/last", ["n": 1]) }
      // A file that is renamed meanwhile lets a copy fail.
      try await eventually {
        copy = try? temporary.copy()
        return copy != nil
      }
    }
    let killed = try #require(copy)
    try await store.close()
    let report = try Store.fold(at: killed.path, before: .max, options: killed.options())
    #expect(report.commits > 20)
    let reopened = try killed.open(clock)
    #expect(try reopened.snapshot().document("notes/last") != nil)
    #expect(reopened.snapshot().commit == store.snapshot().commit)
    try await killed.closeSoundly(reopened)
  }

  @Test func aFoldingThatWasKilledIsFinishedByTheNext() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open(clock)
    try await write(0..<40, in: store)
    try await store.close()
    let whole = try temporary.copy()
    _ = try fold(temporary, ago: 5)
    // Everything but the packs' removal.
    try whole.write(try temporary.read(".git/shallow"), to: ".git/shallow")
    let report = try fold(whole, ago: 5)
    #expect(report.commits == 0 && report.bytesFreed > 0)
    #expect(try whole.git("rev-list", "--count", "--all") == temporary.git("rev-list", "--count", "--all"))
    #expect(try whole.git("count-objects", "-v") == temporary.git("count-objects", "-v"))
    try whole.checkGit()
    #expect(try fold(whole, ago: 5) == FoldReport())
  }

  @Test func theFirstCommitOfAFoldedHistoryIsNotTakenBack() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open(clock)
    try await write(0..<20, in: store)
    try await store.close()
    let report = try fold(temporary, ago: 0)
    let folded = try temporary.open(clock)
    let first = try #require(report.sequence)
    let undo = #expect(throws: StoreError.self) {
      try folded.snapshot().planUndo(by: temporary.options().author, origin: .library)
    }
    #expect(undo?.code == .refused, "\(undo as Any)")
    let revert = #expect(throws: StoreError.self) {
      try folded.snapshot().planRevert(of: Point(parsing: "\(first)"))
    }
    #expect(revert?.code == .refused)
    #expect(!folded.snapshot().hasHistory(after: first - 1) && folded.snapshot().hasHistory(after: first))
    try await folded.close()
  }

  @Test func aBranchThatIsNotMergedKeepsWhereItBegan() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open(clock)
    try await write(0..<20, in: store)
    let fork = try temporary.git("rev-parse", "HEAD").trimmingCharacters(in: .newlines)
    try temporary.git("branch", "side")
    try await write(20..<60, in: store)
    try await store.close()
    let report = try fold(temporary, ago: 5)
    #expect(report.commit?.description == fork)
    #expect(try temporary.git("merge-base", "side", "main").trimmingCharacters(in: .newlines) == fork)
  }

  @Test func unfinishedWorkIsRefused() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open(clock)
    try await write(0..<20, in: store)
    #expect(throws: StoreError.self) { try fold(temporary, ago: 5) }
    try await store.close()
    let before = try commits(temporary)
    try temporary.git("worktree", "add", "-q", "--detach", "\(temporary.folder)/other")
    let worktree = #expect(throws: StoreError.self) { try fold(temporary, ago: 5) }
    #expect(worktree?.code == .refused)
    try temporary.git("worktree", "remove", "\(temporary.folder)/other")
    try temporary.git("checkout", "-q", "--detach")
    let detached = #expect(throws: StoreError.self) { try fold(temporary, ago: 5) }
    #expect(detached?.code == .refused)
    try temporary.git("checkout", "-q", "main")
    try temporary.write("{}", to: ".git/MERGE_HEAD")
    let merge = #expect(throws: StoreError.self) { try fold(temporary, ago: 5) }
    #expect(merge?.code == .busy)
    #expect(try commits(temporary) == before)
  }

  @Test func foldedAndWholeMachinesSync() async throws {
    let machines = try await SyncedMachines(2)
    let stores = try machines.clones.map { try $0.open(clock) }
    try await write(0..<40, in: stores[0])
    for store in stores { try machines.sync(store) }
    try await stores[0].close()
    _ = try fold(machines.clones[0], ago: 10)
    let folded = try machines.clones[0].open(clock)
    for round in 0..<3 {
      try await write((100 + 10 * round)..<(105 + 10 * round), in: folded)
      try stores[1].transactionBlocking { try $0.put("notes/other", ["n": .number(JSONNumber(round))]) }
      // A value comes back that only the history held which went.
      try stores[1].transactionBlocking {
        try $0.put("notes/n1", ["n": .number(JSONNumber(1)), "s": "a text that is written often"])
      }
      for store in [folded, stores[1], folded] { try machines.sync(store) }
      #expect(folded.snapshot().commit == stores[1].snapshot().commit)
    }
    try await machines.clones[0].closeSoundly(folded)
    try await machines.clones[1].closeSoundly(stores[1])
  }

  /// As `git clone --depth` makes one.
  @Test func aShallowCloneOfGitsIsAStoreThatSyncs() async throws {
    let machines = try await SyncedMachines(1)
    let store = try machines.clones[0].open(clock)
    try await write(0..<40, in: store)
    try machines.sync(store)
    let other = try machines.clones[0].copy()
    try FileManager.default.removeItem(atPath: other.path)
    _ = try Command.run("/usr/bin/git", ["clone", "-q", "--depth", "5", "file://\(machines.hub)", other.path])
    try other.git("remote", "add", "hub", machines.hub)
    let shallow = try other.open(clock)
    #expect(shallow.snapshot().commit == store.snapshot().commit)
    #expect(shallow.snapshot().sequence == store.snapshot().sequence)
    try await write(40..<45, in: shallow)
    try machines.sync(shallow)
    try machines.sync(store)
    #expect(try store.snapshot().document("notes/n4")?.root["n"]?.integer == 44)
    try await other.closeSoundly(shallow)
    try other.git("fetch", "-q", "--unshallow", "hub")
    let whole = try other.open(clock)
    #expect(try whole.snapshot().history(of: "notes/n4", limit: 100).count == 9)
    try await other.closeSoundly(whole)
    try await machines.clones[0].closeSoundly(store)
  }

  @Test func anEmptyRemoteDoesNotGetAHistoryWithoutItsBeginning() async throws {
    let machines = try await SyncedMachines(1)
    let store = try machines.clones[0].open(clock)
    try await write(0..<40, in: store)
    try await store.close()
    _ = try fold(machines.clones[0], ago: 10)
    let folded = try machines.clones[0].open(clock)
    let error = #expect(throws: StoreError.self) { try machines.sync(folded) }
    #expect(error?.code == .refused, "\(error as Any)")
    try await machines.clones[0].closeSoundly(folded)
  }

  @Test func aBackupOfAFoldedStoreIsRestored() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open(clock)
    try await write(0..<40, in: store)
    try temporary.git("tag", "v1", "HEAD~20")
    try await store.close()
    _ = try fold(temporary, ago: 10)
    let folded = try temporary.open(clock)
    let file = "\(temporary.folder)/folded.bundle"
    let backup = try await folded.backup(to: file)
    #expect(backup.manifest.horizon.count == 2)
    try await folded.close()
    #expect(try await Store.verifyBackup(at: file).manifest == backup.manifest)

    let other = try temporary.copy()
    try FileManager.default.removeItem(atPath: other.path)
    _ = try await Store.restore(file, to: other.path, options: other.options())
    let restored = try other.open(clock)
    #expect(restored.snapshot().commit == folded.snapshot().commit)
    #expect(try restored.snapshot().history(of: "notes/n4", limit: 100).count == 3)
    try await other.closeSoundly(restored)
    #expect(try commits(other) == 12)
  }

  @Test func whoeverAsksForWhatWentIsToldWhereTheHistoryBegins() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open(clock)
    try await write(0..<40, in: store)
    try await store.close()
    let report = try fold(temporary, ago: 10)
    let folded = try temporary.open(clock)
    let first = try #require(report.sequence)
    let past = #expect(throws: StoreError.self) {
      try folded.snapshot().commit(at: Point(parsing: "\(first - 5)"))
    }
    #expect(past?.hint?.contains("begins at #\(first)") == true, "\(past as Any)")
    let back = #expect(throws: StoreError.self) { try folded.snapshot().commit(at: Point(parsing: "\(first)~1")) }
    #expect(back?.hint?.contains("begins at #\(first)") == true, "\(back as Any)")
    await #expect(throws: StoreError.self) {
      for try await _ in folded.changes(after: first - 1) { break }
    }
    for after in [0, first] {
      for try await change in folded.changes(after: after) {
        #expect(change.commit.sequence == (after == 0 ? first : first + 1))
        break
      }
    }
    try await folded.close()
  }

  /// Somebody of whom nobody knew, and who was away since before the horizon, comes back with work of their own.
  @Test func whatComesFromBeforeTheHorizonBringsItsHistoryAlong() async throws {
    let machines = try await SyncedMachines(2)
    let stores = try machines.clones.map { try $0.open(clock) }
    try await write(0..<20, in: stores[0])
    for store in stores { try machines.sync(store) }
    try stores[1].transactionBlocking { try $0.put("notes/late", ["n": 1]) }
    try await write(20..<40, in: stores[0])
    try machines.sync(stores[0])
    try stores[0].forgetMachineBlocking(
      stores[1].place(), at: machines.name, by: RemoteConnector(InProcessTransport(), trust: RemoteTrust()))
    try await stores[0].close()
    _ = try fold(machines.clones[0], ago: 5)
    let few = try commits(machines.clones[0])
    try machines.sync(stores[1])

    let folded = try machines.clones[0].open(clock)
    try machines.sync(folded)
    #expect(try folded.snapshot().document("notes/late") != nil)
    #expect(folded.snapshot().commit == stores[1].snapshot().commit)
    #expect(try commits(machines.clones[0]) > few + 20)
    try await write(40..<50, in: folded)
    try machines.sync(folded)
    try machines.sync(stores[1])
    #expect(folded.snapshot().commit == stores[1].snapshot().commit)
    try await machines.clones[0].closeSoundly(folded)
    try await machines.clones[1].closeSoundly(stores[1])
    #expect(try fold(machines.clones[0], ago: 5).commits > 20, "and goes again")
    try machines.clones[0].checkGit()
  }
}
