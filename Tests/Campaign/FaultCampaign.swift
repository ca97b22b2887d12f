import TestSupport

/// Lets each call that a session makes to the file system fail, in three ways, and stops at the first false
/// acknowledgement.
struct FaultCampaign {
  private static let ways: [(name: String, forever: Bool, code: Int32)] = [
    ("EIO once", false, 5), ("EIO for ever", true, 5), ("ENOSPC for ever", true, 28),
  ]

  func run() async throws {
    let run = try FaultRun()
    let calls = try await run.countCalls()
    let clock = ContinuousClock()
    for way in Self.ways {
      let start = clock.now
      var struck = 0
      // Somewhat beyond the end: the number of calls varies, as threads meet.
      for call in 0..<calls + calls / 10 {
        let fault = FaultPlan.Fault(call: call, forever: way.forever, code: way.code)
        if try await run.run(fault) { struck += 1 }
        let seconds = Int((clock.now - start) / .seconds(1))
        if call % 50 == 0 { say("\(way.name): call \(call) of \(calls), \(seconds) s") }
      }
      say("\(way.name): \(struck) calls failed, one a session; no false acknowledgement, nothing to find")
    }
  }
}
