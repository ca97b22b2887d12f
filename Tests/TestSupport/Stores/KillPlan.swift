import Daybook

/// Which moments writers are killed at, one after another: a seed determines them all.
package struct KillPlan: Sendable {
  private var random: RepeatableRandom
  private var steps = WriteStep.allCases
  private var round = 0
  /// How long the last opening took that was let finish; kills while opening fall in that time.
  private var openingMicroseconds = 20_000

  package init(seed: UInt64) {
    random = RepeatableRandom(seed: seed)
    steps.shuffle(using: &random)
  }

  /// In turn a step of a write, a moment while writing, and one while the store of that last kill is opened again.
  package mutating func next() -> (moment: KillMoment, seed: UInt64) {
    defer { round += 1 }
    let seed = random.next() >> 32
    switch round % 3 {
    case 0:
      let step = steps[round / 3 % steps.count]
      return (.step(step, count: .random(in: 1...Self.mostTimes(step), using: &random)), seed)
    case 1: return (.writing(microseconds: .random(in: 0...600_000, using: &random)), seed)
    default: return (.opening(microseconds: .random(in: 0...openingMicroseconds, using: &random)), seed)
    }
  }

  package mutating func note(_ kill: CrashRun.Kill) {
    openingMicroseconds = kill.openingMicroseconds ?? openingMicroseconds
  }

  /// How often a step comes in the time that a writer lives, more or less.
  private static func mostTimes(_ step: WriteStep) -> Int {
    switch step {
    case .packsMerged, .packsCondensed: 1
    case .condensedPackRemoved, .leftoverRemoved, .swept: 3
    case .resealed: 6
    default: 12
    }
  }
}
