import Daybook
import Foundation
import TestSupport

/// Brings many documents to a new version and back, tells what that takes, and kills it at random moments.
struct MigrationCampaign {
  let documents: Int
  let kills: Int
  let seed: UInt64

  func run() async throws {
    let temporary = try PinMigration.makeStore(documents: documents)
    say("\(documents) documents, memory \(Self.peakMegabytes) MB at most so far")
    let seconds = try await upAndDown(temporary)
    say("seed \(seed)")
    var random = RepeatableRandom(seed: seed)
    let crash = try MigrationCrash(documents: documents)
    var migrated = 0
    for number in 1...max(kills, 1) where kills > 0 {
      let moment = KillMoment.writing(microseconds: .random(in: 0..<Int(seconds * 1_200_000), using: &random))
      if try await crash.kill(at: moment).isMigrated { migrated += 1 }
      say("kill \(number) of \(kills), \(moment): all or nothing; \(migrated) had happened")
    }
  }

  /// Answers how long the way up took.
  private func upAndDown(_ temporary: TemporaryStore) async throws -> Double {
    let (up, upSeconds) = try await migrate(temporary, schema: PinMigration.newKind) { try await $0.migrate() }
    guard let backup = up.backup, up.changed == documents else { throw CrashFault("The way up: \(up)") }
    say("up: \(Self.rounded(upSeconds)) s, memory \(Self.peakMegabytes) MB at most")
    let (down, downSeconds) = try await migrate(temporary, schema: PinMigration.oldKind) { try await $0.migrateDown() }
    guard down.changed == documents else { throw CrashFault("The way down: \(down)") }
    say("down: \(Self.rounded(downSeconds)) s, memory \(Self.peakMegabytes) MB at most")
    // With the new schema in its place again it is the very tree from before.
    try temporary.write(PinMigration.newKind, to: "schemas/pin.schema.json")
    try await temporary.open().close()
    guard try temporary.git("rev-parse", "HEAD^{tree}") == temporary.git("rev-parse", "\(backup)^{tree}") else {
      throw CrashFault("The trees differ: \(try temporary.keep())")
    }
    try temporary.checkGit()
    say("the tree is the same to the byte")
    return upSeconds
  }

  private func migrate(
    _ temporary: TemporaryStore, schema: String, _ run: (Store) async throws -> MigrationReport
  ) async throws -> (MigrationReport, Double) {
    try temporary.write(schema, to: "schemas/pin.schema.json")
    let store = try temporary.open()
    let start = ContinuousClock.now
    let report = try await run(store)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    try await store.close()
    return (report, seconds)
  }

  private static func rounded(_ seconds: Double) -> String { String(format: "%.1f", seconds) }

  /// The most memory that this process has had at any time.
  private static var peakMegabytes: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1_024
  }
}
