import Daybook
import TestSupport
import Testing

/// Kills a writing process and holds the store against the outside record of what it acknowledged. A short run; the
/// `campaign` make target kills a thousand times.
@Suite(.serialized) struct CrashTests {
  @Test func aKillAtAnyStepOfAWriteLosesNothing() async throws {
    let run = try CrashRun(workers: 4)
    for (round, step) in WriteStep.allCases.enumerated() {
      let kill = try await run.kill(at: .step(step, count: step.comesOften ? 4 : 1), seed: UInt64(round))
      #expect(kill.hitItsStep, "\(step) did not come")
    }
  }

  @Test func aKillAtARandomMomentLosesNothing() async throws {
    let run = try CrashRun(workers: 4)
    var plan = KillPlan(seed: .random(in: 0..<1_000_000))
    for _ in 0..<9 {
      let (moment, seed) = plan.next()
      plan.note(try await run.kill(at: moment, seed: seed))
    }
  }
}

extension WriteStep {
  fileprivate var comesOften: Bool {
    ![.packsMerged, .packsCondensed, .condensedPackRemoved, .swept, .leftoverRemoved].contains(self)
  }
}
