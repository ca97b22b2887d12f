import TestSupport
import Testing

/// Calls to the file system fail while a store is in use. Which ones is drawn anew each time; `make faults` takes each.
@Suite struct StoreFaultTests {
  private static let (disk, full): (Int32, Int32) = (5, 28)

  @Test(arguments: [(false, disk), (true, disk), (true, full)])
  func noFailingCallMakesAFalseAcknowledgement(forever: Bool, code: Int32) async throws {
    let run = try FaultRun()
    let calls = try await run.countCalls()
    #expect(calls > 300)
    for call in stride(from: Int.random(in: 0..<Self.step), to: calls, by: Self.step) {
      _ = try await run.run(FaultPlan.Fault(call: call, forever: forever, code: code))
    }
  }

  private static let step = 37
}
