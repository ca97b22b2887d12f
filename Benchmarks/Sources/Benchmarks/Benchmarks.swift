import Daybook
import Foundation
import Measuring
import Peers

/// Every row of the speed table, each measured beside its peer in this one run.
///
///     swift run -c release Benchmarks            BENCH_JSON=1 also prints one JSON object a line
///                                                BENCH_QUICK=1 leaves out the million documents and shortens the rest
///                                                BENCH_ONLY=reading,disk measures these sections alone
@main
struct Benchmarks {
  let quick = ProcessInfo.processInfo.environment["BENCH_QUICK"] == "1"
  let folder = FileManager.default.temporaryDirectory.appending(path: "daybook-bench-\(getpid())")
  let workload = Workload()
  let report = Report()

  private var documents: Int { quick ? 20_000 : 100_000 }
  /// How long a sustained rate is measured.
  private var seconds: Double { quick ? 5 : 30 }
  private var rounds: Int { quick ? 1 : 3 }

  static func main() async throws {
    if CommandLine.arguments.count == 3, CommandLine.arguments[1] == LogReplay.argument {
      return try LogReplay.writeAndDie(CommandLine.arguments[2])
    }
    if CommandLine.arguments.count == 3, CommandLine.arguments[1] == IndexMemory.argument {
      return try IndexMemory.openAndCount(CommandLine.arguments[2])
    }
    let benchmarks = Benchmarks()
    try FileManager.default.createDirectory(at: benchmarks.folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: benchmarks.folder) }
    try await benchmarks.run()
  }

  private func run() async throws {
    report.begin()
    let store = Later {
      try OurMeasurements(folder: folder, name: "ours", documents: documents, workload: workload)
    }
    let database = Later { try SQLiteMeasurements(folder: folder, documents: documents, workload: workload) }
    try await section("open") { try openAndMemory(store.get()) }
    try await section("reading") { try reading(store.get(), database.get()) }
    try await section("many") { try manyWriters(store.get(), database.get()) }
    try await section("one") { try oneWriter(store.get(), database.get()) }
    try await section("disk") { try disk() }
    try await section("history") { try history(store.get()) }
    try await section("past") { try past() }
    try await section("sync") { try sync() }
    try await section("merging") { try merging() }
    try await section("replication") { try await replication() }
    try await section("replay") { try replay(store.get()) }
    try await section("settings") { try settings() }
    try await section("sweeping") { try sweeping() }
    try await section("http") { try await http() }
    try await section("agents") { try await agents() }
    if !quick { try await section("growth") { try growth() } }
  }

  private func section(_ name: String, _ body: () async throws -> Void) async throws {
    if let only = ProcessInfo.processInfo.environment["BENCH_ONLY"], !only.split(separator: ",").contains(name[...]) {
      return
    }
    try await body()
  }

  // MARK: Rows

  private func reading(_ ours: OurMeasurements, _ sqlite: SQLiteMeasurements) throws {
    try row("point read of a cached document", "reads/s", .ratioAtLeast(4)) { _ in
      try ours.reads(count: 200_000)
    } peer: { _ in
      try sqlite.reads(count: 100_000)
    }
    try row("50 newest of a status, by index", "lists/s", .ratioAtLeast(3)) { _ in
      try ours.newest(count: 1_000)
    } peer: { _ in
      try sqlite.newest(count: 1_000)
    }
  }

  private func manyWriters(_ ours: OurMeasurements, _ sqlite: SQLiteMeasurements) throws {
    try row("durable commits, 64 writers, SQLite FULL", "commits/s", .ratioAtLeast(3)) { round in
      try ours.puts(versions(round, seconds), writers: 64, durability: .durable, seconds: seconds)
    } peer: { round in
      try sqlite.puts(versions(round, seconds), threads: 64, synchronous: .full, seconds: seconds)
    }
    let git = GitMeasurements(folder: folder, workload: workload)
    let repository = try git.makeRepository("fast-import", documents: documents)
    try row("durable commits, 64 writers, git fast-import", "commits/s", .ratioAtLeast(2.5)) { round in
      try ours.puts(versions(10 + round, seconds / 3), writers: 64, durability: .durable, seconds: seconds / 3)
    } peer: { round in
      // What was imported before would be recognised, and not be written.
      try git.fastImportRate(into: repository, documents: documents, commits: 10_000, round: round)
    }
  }

  private func oneWriter(_ ours: OurMeasurements, _ sqlite: SQLiteMeasurements) throws {
    try row("durable put, one writer, p50", "µs", .ratioAtMost(1.25)) { round in
      try ours.putMicroseconds(count: 5_000, durability: .durable, round: 20 + round)
    } peer: { _ in
      try sqlite.putMicroseconds(count: 5_000, synchronous: .full)
    }
    try row("memory put, one writer, SQLite NORMAL", "puts/s", .ratioAtLeast(1.5)) { round in
      try ours.puts(versions(30 + round, seconds / 3), writers: 1, durability: .memory, seconds: seconds / 3)
    } peer: { round in
      try sqlite.puts(versions(30 + round, seconds / 3), threads: 1, synchronous: .normal, seconds: seconds / 3)
    }
  }

  /// More than either side writes in so many seconds.
  private func versions(_ round: Int, _ seconds: Double) -> [Workload.Task] {
    workload.versions(Int(seconds * 18_000), of: documents, round: round)
  }

  /// On a store and a database of its own: what the rates wrote before depends on how fast they were.
  private func disk() throws {
    let folder = folder.appending(path: "disk")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let ours = try OurMeasurements(folder: folder, name: "ours", documents: documents, workload: workload)
    let sqlite = try SQLiteMeasurements(folder: folder, documents: documents, workload: workload)
    let updates = quick ? 2_000 : 10_000
    let bytes = try ours.bytesPerUpdate(count: updates)
    try report.add(
      Row(
        name: "disk for a 1 KB update, SQLite history row", ours: bytes,
        peer: try sqlite.bytesPerUpdate(count: updates), unit: "bytes", goal: .ratioAtMost(0.5)))
    let git = GitMeasurements(folder: folder, workload: workload)
    try report.add(
      Row(
        name: "disk of the store, git gc", ours: Double(try ours.packBytes()),
        peer: Double(try git.packBytesAfterCollecting(URL(filePath: ours.path))), unit: "bytes",
        goal: .ratioAtMost(1.5)))
  }

  private func history(_ ours: OurMeasurements) throws {
    let id = workload.task(7_919 % documents).id
    let git = GitMeasurements(folder: folder, workload: workload)
    let repository = URL(filePath: ours.path)
    try row("history of one document", "ms", .ratioAtMost(0.1)) { _ in
      try ours.historyMilliseconds(of: id)
    } peer: { _ in
      try git.logMilliseconds(of: "tasks/\(workload.task(7_919 % documents).path.dropFirst(6))", in: repository)
    }
  }

  private func openAndMemory(_ ours: OurMeasurements) throws {
    let limit: Double = 150
    try report.add(
      Row(
        name: "open, \(documents) documents", ours: try ours.openMilliseconds(), peer: nil, unit: "ms",
        goal: .atMost(limit)))
    try report.add(
      Row(
        name: "memory for a document besides bodies", ours: try IndexMemory.measure(ours), peer: nil, unit: "bytes",
        goal: .atMost(250)))
  }

  private func replay(_ ours: OurMeasurements) throws {
    let (milliseconds, bytes) = try LogReplay.measure(ours)
    try report.add(
      Row(
        name: "open with \(bytes >> 20) MiB of log", ours: milliseconds, peer: nil, unit: "ms", goal: .atMost(2_000)))
  }

  private func settings() throws {
    let reading = try SettingReading(folder: folder)
    try report.add(
      Row(
        name: "read one setting from its layers", ours: try reading.microseconds(count: 200_000), peer: nil, unit: "µs",
        goal: .atMost(5)))
    try report.add(
      Row(
        name: "the same, after a commit of something else", ours: try reading.microsecondsAfterCommits(count: 2_000),
        peer: nil, unit: "µs", goal: .none))
  }

  private func growth() throws {
    let small = try OurMeasurements(folder: folder, name: "small", documents: 10_000, workload: workload)
    let large = try OurMeasurements(folder: folder, name: "large", documents: 1_000_000, workload: workload)
    try row("growth: commit p50, 1,000,000 documents over 10,000", "µs", .ratioAtMost(1.5)) { round in
      try large.putMicroseconds(count: 2_000, durability: .durable, round: round)
    } peer: { round in
      try small.putMicroseconds(count: 2_000, durability: .durable, round: round)
    }
    try report.add(
      Row(
        name: "open, 1,000,000 documents", ours: try large.openMilliseconds(), peer: nil, unit: "ms",
        goal: .atMost(1_500)))
  }

  func row(
    _ name: String, _ unit: String, _ goal: Goal, ours: @escaping (Int) throws -> Double,
    peer: @escaping (Int) throws -> Double
  ) throws {
    let result = try Rounds.alternating(rounds, ours: ours, peer: peer)
    try report.add(Row(name: name, ours: result.ours, peer: result.peer, unit: unit, goal: goal))
  }
}

/// What several sections share, made when the first of them needs it.
private final class Later<Value> {
  private let make: () throws -> Value
  private var value: Value?

  init(_ make: @escaping () throws -> Value) { self.make = make }

  func get() throws -> Value {
    if let value { return value }
    let made = try make()
    value = made
    return made
  }
}
