import Daybook
import Foundation
import TestSupport
import Testing

/// The long version of `CrashTests`, run by `make campaign`: as many kills as `DAYBOOK_KILLS` says, in turn at random
/// moments and at each step of a write, over one store that lives through them all.
@Suite(.serialized) struct CrashCampaign {
  private static let kills = ProcessInfo.processInfo.environment["DAYBOOK_KILLS"].flatMap { Int($0) } ?? 0

  @Test(.enabled(if: kills > 0, "make campaign runs it"))
  func manyKillsLoseNothing() async throws {
    let steps = WriteStep.allCases
    try await CrashRun(workers: 8, seed: UInt64(Date().timeIntervalSince1970)).rounds(Self.kills) { round in
      round % 2 == 0 ? nil : (steps[round / 2 % steps.count], round % 7 + 1)
    }
  }
}
