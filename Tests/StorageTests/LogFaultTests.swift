import Storage
import TestSupport
import Testing

/// Fails every call of a scripted session, once and for ever, and cuts the power after it.
@Suite struct LogFaultTests {
  private func callsOfASession() throws -> Int {
    let files = FaultyFileSystem()
    var session = LogSession(files)
    try session.run()
    return files.plan.calls.count
  }

  @Test func keepsItsPromisesWhenAnyCallFailsOnce() throws {
    for call in 0..<(try callsOfASession()) {
      let files = FaultyFileSystem(FaultPlan(.init(call: call, forever: false)))
      var session = LogSession(files)
      try runExpectingAFault(&session, call)
      // The process starts anew on the same disk, without a power cut, and goes on.
      try goOn(&session, "call \(call)")
      for seed in 0..<4 as Range<UInt64> {
        var later = session.onItsOwnDisk()
        later.files.crash(seed: seed)
        try goOn(&later, "call \(call), then a power cut, seed \(seed)")
      }
    }
  }

  @Test func keepsItsPromisesWhenThePowerIsCutAtAnyCall() throws {
    for call in 0..<(try callsOfASession()) {
      let files = FaultyFileSystem(FaultPlan(.init(call: call, forever: true)))
      var session = LogSession(files)
      try runExpectingAFault(&session, call)
      for seed in 0..<12 as Range<UInt64> {
        var later = session.onItsOwnDisk()
        later.files.crash(seed: seed)
        try goOn(&later, "call \(call), seed \(seed)")
        later.files.crash(seed: seed + 100)
        try goOn(&later, "call \(call), seed \(seed), second cut")
      }
    }
  }

  private func runExpectingAFault(_ session: inout LogSession, _ call: Int) throws {
    do {
      try session.run()
      Issue.record("the fault at call \(call) was swallowed")
    } catch let error as LogError {
      guard case .file = error else { throw error }
    }
  }

  private func goOn(_ session: inout LogSession, _ situation: String) throws {
    session.files.plan.plan(nil)
    do {
      var log = try session.open()
      try session.append(2, to: &log, durable: true)
      try session.append(1, to: &log, durable: false)
    } catch {
      Issue.record("\(situation): \(error)")
    }
  }
}

extension LogSession {
  /// The same session on a copy of the disk.
  func onItsOwnDisk() -> LogSession {
    LogSession(copying: self, FaultyFileSystem(disk: files.disk))
  }
}
