import Daybook
import Documents
import Foundation

/// A store, a process that writes to it until it is killed, and the record of what that process was told.
///
/// What a kill left is judged on a copy. The store itself goes to the next writer as the kill left it, so that a kill while
/// that one opens it strikes a store that is being mended.
package final class CrashRun {
  /// What one kill came to.
  package struct Kill: Sendable {
    package var acknowledged = 0
    /// How long the writer took to open the store; nil when it died before.
    package var openingMicroseconds: Int?
    /// Whether it was the step it was meant for, and not the end of all patience.
    package var hitItsStep = false
    /// The seconds that each part of the round took.
    package var seconds: [String: Double] = [:]
  }

  private let temporary: TemporaryStore
  private let workers: Int
  /// The highest number that each worker was told is written, and the highest sequence anyone was told.
  private var acknowledged: [Int: Int] = [:]
  private var sequence: UInt64 = 0

  package init(workers: Int) throws {
    temporary = try TemporaryStore(kinds: [CrashScraps.kind])
    self.workers = workers
    try CrashSecrets.write(to: temporary)
  }

  /// Lets a writer run until that moment, and holds what is left against the record.
  ///
  /// - Throws: `CrashFault` when something is missing. What the kill left is kept, and the error says where.
  package func kill(at moment: KillMoment, seed: UInt64) async throws -> Kill {
    var kill = Kill()
    let clock = ContinuousClock()
    var last = clock.now
    func finish(_ part: String) {
      kill.seconds[part] = (clock.now - last) / .seconds(1)
      last = clock.now
    }
    read(try runWriter(until: moment, seed), into: &kill)
    finish("writing")
    do {
      let copy = try temporary.copy()
      finish("copying")
      try await checkDocuments(copy)
      finish("opening, checking")
      try copy.checkGit()
      finish("git fsck")
      let status = try copy.git("status", "--porcelain")
      guard status.isEmpty else { throw CrashFault("`git status` is not clean:\n\(status)") }
      finish("git status")
    } catch {
      throw CrashFault("\(error)\nseed \(seed), killed at \(moment); the store as it was left: \(try temporary.keep())")
    }
    return kill
  }

  private func read(_ output: String, into kill: inout Kill) {
    for line in output.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      // What follows the last line's end was cut off by the kill: then nobody was told.
      let fields = line.split(separator: " ")
      let numbers = fields.dropFirst().compactMap { Int($0) }
      switch (fields.first, numbers.count) {
      case ("open", 1): kill.openingMicroseconds = numbers[0]
      case ("step", 0): kill.hitItsStep = true
      case ("ack", 3):
        acknowledged[numbers[0]] = max(acknowledged[numbers[0]] ?? 0, numbers[1])
        sequence = max(sequence, UInt64(numbers[2]))
        kill.acknowledged += 1
      default: break
      }
    }
  }

  private func runWriter(until moment: KillMoment, _ seed: UInt64) throws -> String {
    try Self.runWriter(temporary, workers: workers, seed: seed, until: moment)
  }

  /// Answers what it printed. `mayEnd`: whether it may be done before it is killed.
  static func runWriter(
    _ temporary: TemporaryStore, workers: Int, seed: UInt64, until moment: KillMoment, mayEnd: Bool = false
  ) throws -> String {
    let outcome = try Command.outcome(
      of: writer.path(), [temporary.path, "\(workers)", "\(seed)", "\(moment)"], environment: temporary.environment)
    guard outcome.ending == .signal(SIGKILL) || mayEnd && outcome.ending == .exit(0) else {
      throw CrashFault(
        "The writer ended by itself with \(outcome.ending), seed \(seed), to be killed at \(moment).\n"
          + "\(outcome.complaint)\nThe store: \(try temporary.keep())")
    }
    return outcome.text
  }

  private func checkDocuments(_ copy: TemporaryStore) async throws {
    let store = try copy.open()
    let snapshot = store.snapshot()
    guard snapshot.sequence >= sequence else {
      throw CrashFault("Commit \(sequence) was acknowledged, the newest one is \(snapshot.sequence).")
    }
    var last: [Int] = []
    for worker in 0..<workers {
      let numbers = try (0..<2).map { half in
        try snapshot.document(Self.address(worker, half))?.root["metadata"]?["number"]?.integer ?? 0
      }
      guard numbers[0] == numbers[1] else {
        throw CrashFault("A transaction of worker \(worker) is half applied: \(numbers[0]) and \(numbers[1]).")
      }
      guard numbers[0] >= acknowledged[worker] ?? 0 else {
        throw CrashFault(
          "Worker \(worker) was told that \(acknowledged[worker] ?? 0) is written, and is at \(numbers[0]).")
      }
      last.append(numbers[0])
    }
    try await CrashScraps.check(store, last)
    let findings = try await store.check().findings
    guard findings.isEmpty else { throw CrashFault("The check found: \(findings)") }
    try await CrashSecrets.check(store)
    try await store.close()
  }

  /// The documents of a worker: half 0 and half 1.
  package static func address(_ worker: Int, _ half: Int) -> String {
    let digits = String(worker * 2 + half)
    return "tasks/01930000-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }

  /// Where the writer is.
  package static var writerPath: String { writer.path }

  /// The writer is built beside the program that runs it.
  private static var writer: URL {
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
    return (bundle ?? URL(filePath: program)).deletingLastPathComponent().appendingPathComponent("CrashWriter")
  }
}

/// What a crash did that it must not do.
package struct CrashFault: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
