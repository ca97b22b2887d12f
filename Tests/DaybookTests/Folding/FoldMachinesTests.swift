import Documents
import Foundation
import Git
import Storage
import TestSupport
import Testing

@testable import Daybook

/// What folding keeps for the sake of machines that were away.
@Suite(.timeLimit(.minutes(20))) struct FoldMachinesTests {
  private let clock = TestClock()
  private let machines: SyncedMachines
  private let stores: [Store]

  /// The first two machines have the first 20 commits, the second has written something on top of them, and the first and
  /// the third went on.
  init() async throws {
    machines = try await SyncedMachines(3)
    let clock = clock
    stores = try machines.clones.map { try $0.open(clock) }
    try await write(0..<20)
    for store in stores { try machines.sync(store) }
    try stores[1].transactionBlocking { try $0.put("notes/late", ["n": 1]) }
    try await stores[1].settle()
    try await write(20..<60)
    for store in [stores[0], stores[2], stores[0]] { try machines.sync(store) }
    clock.advance(seconds: 2 * Limits.registerIntervalSeconds)
    for store in [stores[2], stores[0]] { try machines.sync(store) }
  }

  private func write(_ range: Range<Int>) async throws {
    for number in range {
      clock.advance(seconds: 1)
      try await stores[0].transaction { try $0.put("notes/n\(number % 5)", ["n": .number(JSONNumber(number))]) }
    }
    try await stores[0].settle()
  }

  private func fold(leaving: Set<String> = [], isDryRun: Bool = false) throws -> FoldReport {
    try Store.fold(
      at: machines.clones[0].path, before: clock.milliseconds / 1_000 - 2 * Limits.registerIntervalSeconds - 5,
      isDryRun: isDryRun, leaving: leaving, options: machines.clones[0].options())
  }

  private func close(_ stores: Store...) async throws {
    for store in stores { try await store.close() }
  }

  @Test func aMachineThatWasAwayKeepsWhatItGoesOnFrom() async throws {
    let away = try stores[1].place()
    let base = try #require(try stores[0].machines().first { $0.name == away }).position
    try await close(stores[0], stores[2])
    let report = try fold()
    #expect(report.commit == base.commit && report.commits > 0)
    #expect(report.holders.map { $0.machine?.name } == [away], "the others stand at the end")
    #expect(report.holders.first?.position == base)

    try machines.sync(stores[1])
    let folded = try machines.clones[0].open(clock)
    try machines.sync(folded)
    #expect(try folded.snapshot().document("notes/late") != nil)
    #expect(folded.snapshot().commit == stores[1].snapshot().commit)
    try await machines.clones[0].closeSoundly(folded)
    try await machines.clones[1].closeSoundly(stores[1])
    try machines.clones[0].checkGit()
    #expect(try fold().holders == [])
  }

  @Test func aMachineIsLeftBehind() async throws {
    let away = try stores[1].place()
    try await close(stores[0], stores[2])
    let unknown = #expect(throws: StoreError.self) { try fold(leaving: ["nobody"]) }
    #expect(unknown?.code == .notFound)
    let kept = try fold(isDryRun: true)
    let planned = try fold(leaving: [away], isDryRun: true)
    let report = try fold(leaving: [away])
    #expect(report == planned && report.holders == [])
    #expect(report.commits > kept.commits)
    // What it stands on is kept as what a tag names, and holds nothing up any more.
    try machines.clones[0].checkGit()
    #expect(try machines.clones[0].git("rev-list", "--count", "HEAD") == "6\n")
    #expect(try fold() == FoldReport())
    // So its return is not even noticed, as long as all that it has made stands on that.
    try machines.sync(stores[1])
    let folded = try machines.clones[0].open(clock)
    try machines.sync(folded)
    #expect(try folded.snapshot().document("notes/late") != nil)
    try await machines.clones[0].closeSoundly(folded)
    try machines.clones[0].checkGit()
    try await close(stores[1])
  }

  @Test func whatWasKeptForAMachineGoesOnceThatIsForgotten() async throws {
    let (away, other) = (try stores[1].place(), try stores[2].place())
    try await close(stores[0], stores[1], stores[2])
    let clone = machines.clones[0]
    _ = try fold(leaving: [away])
    let position = try clone.git("rev-parse", "refs/daybook/machines/hub/\(away)").trimmingCharacters(in: .newlines)
    for round in 0..<2 {
      let store = try clone.open(clock)
      if round == 0 {
        try store.forgetMachineBlocking(
          away, at: machines.name, by: RemoteConnector(InProcessTransport(), trust: RemoteTrust()))
      }
      for number in 0..<10 {
        try store.transactionBlocking { try $0.put("notes/\(round)", ["n": .number(JSONNumber(number))]) }
      }
      try machines.sync(store)
      try await clone.closeSoundly(store)
      let report = try Store.fold(at: clone.path, before: .max, leaving: [other], options: clone.options())
      #expect(report.commits > 0)
      try clone.checkGit()
      #expect(try !clone.read(".git/shallow").contains(position))
    }
    #expect(throws: (any Error).self) { try clone.git("cat-file", "-e", position) }
  }

  @Test func aMachineThatIsForgottenHoldsNothingBack() async throws {
    let away = try stores[1].place()
    let connector = RemoteConnector(InProcessTransport(), trust: RemoteTrust())
    let unknown = #expect(throws: StoreError.self) {
      try stores[0].forgetMachineBlocking("nobody", at: machines.name, by: connector)
    }
    #expect(unknown?.code == .notFound)
    try stores[2].forgetMachineBlocking(away, at: machines.name, by: connector)
    #expect(try stores[2].machines().count == 2)
    try machines.sync(stores[0])
    #expect(try stores[0].machines().count == 2, "it is forgotten here as well")
    try await close(stores[0], stores[2])
    let report = try fold()
    #expect(report.holders == [] && report.commits > 50)
    // It is on the register again once it has synced.
    try machines.sync(stores[1])
    try machines.sync(stores[1])
    #expect(try stores[1].machines().map(\.isThis).contains(true))
    try await close(stores[1])
  }

  @Test func aBranchThatHoldsTheHistoryBackIsNamed() async throws {
    try machines.clones[0].git("branch", "side", "HEAD~50")
    try await close(stores[0], stores[1], stores[2])
    let report = try fold(leaving: [try stores[1].place()])
    #expect(report.holders.map(\.reference) == ["refs/heads/side"])
    #expect(report.holders.first?.machine == nil)
  }
}
