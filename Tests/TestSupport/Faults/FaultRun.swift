import Daybook
import Documents
import Foundation

/// A session with a store in which a call to the file system fails, once or from then on, and the check of what it left:
/// whatever was acknowledged is there, nothing is half there, and the store opens again.
package struct FaultRun: Sendable {
  private let template: TemporaryStore

  package init() throws {
    template = try TemporaryStore(kinds: [
      ("note", Self.kind("notes", series: #"{"lines": {"items": {"type": "object"}, "segment": 4}}"#)),
      ("pin", Self.kind("pins")),
    ])
  }

  private static func kind(_ collection: String, series: String = "{}") -> String {
    """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "x-daybook": { "collection": "\(collection)", "ids": "given", "partition": "flat", "series": \(series) }
    }
    """
  }

  /// How many calls a session makes whose disk is healthy; a few more or less, as threads meet.
  package func countCalls() async throws -> Int {
    let plan = FaultPlan()
    let acknowledged = await session(try template.copy(), plan)
    guard acknowledged.count == Self.names else { throw CrashFault("A healthy session wrote \(acknowledged).") }
    return plan.calls.count
  }

  /// Answers whether the call that was to fail came at all.
  ///
  /// - Throws: `CrashFault` when something that was acknowledged is not there, or the check finds something.
  package func run(_ fault: FaultPlan.Fault) async throws -> Bool {
    let temporary = try template.copy()
    let plan = FaultPlan(fault)
    let acknowledged = await session(temporary, plan)
    let operation = plan.calls.indices.contains(fault.call) ? "\(plan.calls[fault.call])" : "nothing"
    do {
      try await check(temporary, acknowledged)
    } catch {
      throw CrashFault("\(error)\n\(operation) failed: \(fault); the store: \(try temporary.keep())")
    }
    return plan.hasStruck
  }

  // MARK: The session

  private static let names = 3

  /// Opens the store, writes to it in every way, so often that packs are merged, condenses, closes. Answers the number that
  /// each name was last told is written.
  private func session(_ temporary: TemporaryStore, _ plan: FaultPlan) async -> [Int: Int] {
    var acknowledged: [Int: Int] = [:]
    guard let store = try? temporary.open(fileSystem: FaultInjecting(plan)) else { return [:] }
    for number in 1...14 {
      let name = number % Self.names
      let durability: Durability = number % 4 == 0 ? .durable : .committed
      let value: JSONValue = ["n": .number(JSONNumber(number))]
      let receipt = try? await store.transaction(durability: durability) { transaction in
        try transaction.put("notes/n\(name)", value)
        try transaction.put("pins/p\(name)", value)
        try transaction.append([value], to: "lines", of: "notes/n\(name)")
      }
      if receipt != nil { acknowledged[name] = number }
    }
    _ = try? await store.condense()
    try? await store.close()
    return acknowledged
  }

  private func check(_ temporary: TemporaryStore, _ acknowledged: [Int: Int]) async throws {
    let store = try temporary.open()
    let snapshot = store.snapshot()
    for name in 0..<Self.names {
      let note = try snapshot.document("notes/n\(name)")?.root["n"]?.integer ?? 0
      let pin = try snapshot.document("pins/p\(name)")?.root["n"]?.integer ?? 0
      guard note >= acknowledged[name] ?? 0 else {
        throw CrashFault("\(acknowledged[name] ?? 0) was acknowledged, and \(note) is there.")
      }
      guard note == pin else { throw CrashFault("A transaction is half applied: \(note) and \(pin).") }
    }
    let findings = try await store.check().findings
    guard findings.isEmpty else { throw CrashFault("The check found: \(findings)") }
    try await store.close()
    try temporary.checkGit()
    let status = try temporary.git("status", "--porcelain")
    guard status.isEmpty else { throw CrashFault("`git status` is not clean:\n\(status)") }
  }
}
