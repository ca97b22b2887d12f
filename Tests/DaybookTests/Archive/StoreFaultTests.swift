import Daybook
import Documents
import Storage
import TestSupport
import Testing

/// Each call to the file system fails, once or from then on: whatever is acknowledged is there afterwards, nothing is half
/// there, and the store opens again.
@Suite struct StoreFaultTests {
  private static let disk: Int32 = 5
  private static let full: Int32 = 28

  /// Opens the store, writes to it in every way, closes it; answers what was acknowledged.
  private func session(_ temporary: TemporaryStore, _ plan: FaultPlan) async -> [String: Int] {
    var acknowledged: [String: Int] = [:]
    guard let store = try? temporary.open(fileSystem: FaultInjecting(plan)) else { return [:] }
    for number in 1...6 {
      let address = "notes/n\(number % 3)"
      let durability: Durability = number % 3 == 0 ? .committed : .durable
      let value: JSONValue = ["n": .number(JSONNumber(number)), "s": "x"]
      let receipt = try? await store.transaction(durability: durability) { transaction in
        try transaction.put(address, value)
        try transaction.put("pins/p\(number % 3)", value)
      }
      if receipt != nil { acknowledged["\(number % 3)"] = number }
    }
    try? await store.close()
    return acknowledged
  }

  private func check(_ temporary: TemporaryStore, _ acknowledged: [String: Int], _ place: String) async throws {
    let store = try temporary.open()
    let snapshot = store.snapshot()
    for (half, number) in acknowledged {
      let found = try snapshot.document("notes/n\(half)")?.root["n"]?.integer ?? 0
      #expect(found >= number, "an acknowledged write is lost: \(place)")
    }
    for half in 0..<3 {
      let note = try snapshot.document("notes/n\(half)")?.root["n"]?.integer
      let pin = try snapshot.document("pins/p\(half)")?.root["n"]?.integer
      #expect(note == pin, "a transaction is half applied: \(place)")
    }
    let findings = try await store.check().findings
    #expect(findings == [], "\(findings) \(place)")
    try await store.close()
    try temporary.checkGit()
  }

  @Test(arguments: [(false, disk), (true, disk), (true, full)])
  func noFailingCallMakesAFalseAcknowledgement(forever: Bool, code: Int32) async throws {
    let counting = FaultPlan()
    _ = await session(try TemporaryStore(kinds: SampleKinds.all), counting)
    let calls = counting.calls.count
    #expect(calls > 100)
    // Which calls: a prime step covers all kinds of them over the three runs; the campaign takes each.
    for call in stride(from: forever ? (code == Self.full ? 3 : 1) : 2, through: calls, by: 11) {
      let temporary = try TemporaryStore(kinds: SampleKinds.all)
      let plan = FaultPlan(FaultPlan.Fault(call: call, forever: forever, code: code))
      let acknowledged = await session(temporary, plan)
      try await check(temporary, acknowledged, "call \(call) of \(calls), forever \(forever), code \(code)")
    }
  }
}
