import Foundation
import TestSupport

/// Kills a writing process as often as one likes, and stops at the first thing that is lost.
struct KillCampaign {
  let count: Int
  let seed: UInt64

  /// A store lives through so many kills; after that a new one begins, since checking takes longer as a store grows.
  private static let killsOfAStore = 20
  private static let workers = 8

  private struct Sums {
    var acknowledged = 0
    var whileOpening = 0
    var atTheirStep = 0
    var kinds: [String: Int] = [:]
    var seconds: [String: Double] = [:]

    mutating func add(_ kill: CrashRun.Kill, at moment: KillMoment) {
      acknowledged += kill.acknowledged
      whileOpening += kill.openingMicroseconds == nil ? 1 : 0
      atTheirStep += kill.hitItsStep ? 1 : 0
      kinds["\(moment)".split(separator: ":").dropLast().joined(separator: " "), default: 0] += 1
      seconds.merge(kill.seconds) { $0 + $1 }
    }
  }

  func run() async throws {
    say("seed \(seed): `make campaign KILLS=\(count) SEED=\(seed)` kills at the same moments again")
    let clock = ContinuousClock()
    let start = clock.now
    var plan = KillPlan(seed: seed)
    var sums = Sums()
    var run = try CrashRun(workers: Self.workers)
    for number in 1...max(count, 1) {
      if number % Self.killsOfAStore == 0 { run = try CrashRun(workers: Self.workers) }
      let (moment, seed) = plan.next()
      let kill = try await run.kill(at: moment, seed: seed)
      plan.note(kill)
      sums.add(kill, at: moment)
      let seconds = Int((clock.now - start) / .seconds(1))
      say("kill \(number) of \(count), \(moment): \(sums.acknowledged) writes acknowledged, \(seconds) s")
    }
    report(sums)
  }

  private func report(_ sums: Sums) {
    say(
      "\n\(count) kills, \(sums.acknowledged) acknowledged writes, nothing lost, nothing half applied, nothing to find")
    say("\(sums.whileOpening) kills struck before the store was open again, \(sums.atTheirStep) at the step meant")
    for (kind, kills) in sums.kinds.sorted(by: { $0.key < $1.key }) { say("  \(kind): \(kills)") }
    say("seconds spent on")
    for (part, seconds) in sums.seconds.sorted(by: { $0.value > $1.value }) {
      say("  \(part): \(String(format: "%.1f", seconds)), \(String(format: "%.3f", seconds / Double(count))) a kill")
    }
  }
}
