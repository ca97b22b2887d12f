import Documents
import Foundation
import Git
import TestSupport
import Testing

@testable import Daybook

/// Machines that write by themselves, and sync over a hub that they cannot always reach, in any order, with crashes between
/// any two steps of a sync and clocks that jump. All in memory: what `StoreMerge` and the steps of a sync come to.
///
/// `DAYBOOK_SEEDS` says how many runs there are, `DAYBOOK_FIRST_SEED` the first; see `make merges`. What a single run came to
/// is printed.
@Suite(.timeLimit(.minutes(600))) struct MergingMachinesTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let seeds = environment["DAYBOOK_SEEDS"].flatMap { UInt64($0) } ?? 2_000
  private static let first = environment["DAYBOOK_FIRST_SEED"].flatMap { UInt64($0) } ?? 1
  /// Of so many runs the commits are kept together.
  private static let runsOfStore: UInt64 = 50

  @Test func machinesComeToOneCommitAndLoseNothing() throws {
    var store = try MergedStore()
    for seed in Self.first..<Self.first + Self.seeds {
      if seed % Self.runsOfStore == 0 { store = try MergedStore() }
      var machines = try SyncingMachines(seed: seed, in: store)
      for _ in 0..<40 { try machines.step() }
      try machines.bringTogether()
      #expect(machines.areTogether, "seed \(seed)")
      if Self.seeds == 1 { print(try machines.account()) }
      for write in try machines.lostWrites() { Issue.record("seed \(seed): \(write.text) at \(write.place)") }
    }
  }
}
