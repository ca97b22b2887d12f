package import Daybook
import Documents
import Foundation
import Testing

/// A store, a process that writes to it until it is killed, and the record of what that process was told.
package struct CrashRun {
  private let temporary: TemporaryStore
  private let workers: Int
  private let seed: UInt64

  package init(workers: Int, seed: UInt64) throws {
    temporary = try TemporaryStore()
    self.workers = workers
    self.seed = seed
  }

  /// Kills the writer again and again, each time at the step and count that `plan` names, or at a random moment, and
  /// checks the store after each.
  package func rounds(_ count: Int, plan: (Int) -> (WriteStep, Int)?) async throws {
    var acknowledged: [Int: Int] = [:]
    for round in 0..<count {
      let output = try run(until: plan(round), round)
      for line in output.split(separator: "\n") where line.hasPrefix("ack ") {
        let fields = line.split(separator: " ").compactMap { Int($0) }
        // The last line may be cut off by the kill: then nobody was told.
        guard fields.count == 3 else { continue }
        acknowledged[fields[0]] = max(acknowledged[fields[0]] ?? 0, fields[1])
      }
      try await check(acknowledged, "round \(round), seed \(seed)")
    }
  }

  private func run(until plan: (WriteStep, Int)?, _ round: Int) throws -> String {
    let process = Process()
    process.executableURL = Self.writer
    process.arguments = [temporary.path, "\(workers)", "\(seed + UInt64(round))"]
    if let (step, count) = plan { process.arguments? += [step.rawValue, "\(count)"] }
    process.environment = ProcessInfo.processInfo.environment.merging(temporary.environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    // A step that does not come within two seconds is a kill at that moment.
    let milliseconds = plan == nil ? Int((seed &* 7919 &+ UInt64(round) &* 104_729) % 900) + 20 : 2_000
    let killer = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds), execute: killer)
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    killer.cancel()
    return String(decoding: printed, as: UTF8.self)
  }

  private func check(_ acknowledged: [Int: Int], _ place: String) async throws {
    let store = try temporary.open()
    let snapshot = store.snapshot()
    for worker in 0..<workers {
      let numbers = try (0..<2).map { half in
        try snapshot.document(Self.address(worker, half))?.root["metadata"]?["number"]?.integer ?? 0
      }
      #expect(numbers[0] == numbers[1], "a transaction is half applied: \(place)")
      #expect(numbers[0] >= acknowledged[worker] ?? 0, "an acknowledged write is lost: \(place)")
    }
    let findings = try await store.check().findings
    #expect(findings == [], "\(findings) \(place)")
    try await store.close()
    try temporary.checkGit()
    #expect(try temporary.git("status", "--porcelain") == "", "\(place)")
  }

  private static func address(_ worker: Int, _ half: Int) -> String {
    let digits = String(worker * 2 + half)
    return "tasks/01930000-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }

  /// The writer is built beside the tests.
  private static var writer: URL {
    Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }?.deletingLastPathComponent()
      .appendingPathComponent("CrashWriter")
      ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent(
        "CrashWriter")
  }
}
