import Daybook
import Documents
import Foundation
import TestSupport
import Testing

/// Kills a writing process and holds the store against the outside record of what it acknowledged. A short run; the
/// `campaign` make target runs a thousand and more.
@Suite(.serialized) struct CrashTests {
  @Test(arguments: WriteStep.allCases)
  func aKillAtAnyStepOfAWriteLosesNothing(step: WriteStep) async throws {
    try await CrashRun(workers: 4, seed: UInt64(step.rawValue.utf8.count)).rounds(2) { round in
      (step, [.packsMerged, .packsCondensed, .condensedPackRemoved].contains(step) ? 1 : round * 3 + 1)
    }
  }

  @Test func aKillAtARandomMomentLosesNothing() async throws {
    try await CrashRun(workers: 4, seed: 42).rounds(6) { _ in nil }
  }
}
