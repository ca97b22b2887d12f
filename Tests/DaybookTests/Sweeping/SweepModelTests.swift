import TestSupport
import Testing

@testable import Daybook

/// Random writes, sweeps and reverts while time goes by, on a store and on a dictionary.
@Suite struct SweepModelTests {
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func aSweepTakesWhatTheOracleSaysIsExpired(seed: UInt64) async throws {
    let temporary = try TemporaryStore(kinds: ExpiringKinds.all)
    let clock = TestClock()
    var model = SweepModel(try temporary.open(clock), clock, seed: seed)
    for step in 0..<400 {
      try await model.step()
      guard step % 100 == 99 else { continue }
      try await model.store.close()
      // Made from the commits, the index says the same.
      if step == 199 { try temporary.remove(".git/daybook/index") }
      model.store = try temporary.open(clock)
      try model.compare()
    }
    try model.sweep()
    let findings = try await model.store.check().findings
    #expect(findings == [], "seed \(seed)")
    try await model.store.close()
    try temporary.checkGit()
    #expect(try temporary.git("status", "--porcelain") == "")
  }
}
