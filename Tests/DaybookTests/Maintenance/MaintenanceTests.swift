import Documents
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Daybook

@Suite struct MaintenanceTests {
  private let temporary: TemporaryStore
  private let clock = TestClock()

  init() throws {
    temporary = try TemporaryStore(kinds: ExpiringKinds.all)
  }

  /// Packs of a commit each, with jobs that are expired and one that is not.
  private func write(_ count: Int, to store: Store) async throws {
    let (old, new) = (clock.text(-200), clock.text())
    for number in 0..<count {
      try await store.transaction(durability: .committed) { transaction in
        try transaction.put("jobs/old\(number)", ["state": "done", "at": old, "n": .number(JSONNumber(number))])
        try transaction.put("jobs/new", ["state": "done", "at": new, "n": .number(JSONNumber(number))])
      }
    }
    try await store.settle()
  }

  private func packs() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: temporary.path + "/.git/objects/pack")
      .filter { $0.hasSuffix(".pack") }.sorted()
  }

  private func check() async throws {
    let store = try temporary.open(clock)
    let findings = try await store.check().findings
    #expect(findings == [])
    try await store.close()
    try temporary.checkGit()
    #expect(try temporary.git("status", "--porcelain") == "")
  }

  @Test func everythingIsDoneAndTold() async throws {
    let store = try temporary.open(clock)
    try await write(5, to: store)
    try temporary.write("half", to: "jobs/.x.json.1y2p0ij32e8e7.tmp")
    let report = try await store.maintain()
    #expect(report.isComplete)
    #expect(report.leftovers == MaintenanceReport.Files(files: 1, bytes: 4))
    #expect(report.swept.map { "\($0.count) \($0.collection)" } == ["5 jobs"])
    #expect(report.sweepCommits == 1)
    #expect(report.condensing.packsAfter == 1 && report.bytesFreed > 0)
    #expect(try store.ids("jobs") == ["new"])
    let again = try await store.maintain()
    #expect(again.isComplete && again.swept.isEmpty && again.leftovers.files == 0 && again.bytesFreed == 0)
    try await store.close()
    try await check()
  }

  @Test func withoutTimeNothingIsDoneAndAllIsTold() async throws {
    let store = try temporary.open(clock)
    try await write(5, to: store)
    try temporary.write("half", to: ".git/objects/pack/tmp_pack_a1b2c3")
    let (sequence, before) = (store.snapshot().sequence, try packs())
    let report = try await store.maintain(within: .zero)
    #expect(!report.isComplete)
    #expect(report.swept.isEmpty && report.leftovers.files == 0 && report.bytesFreed == 0)
    #expect(report.leftoversLeft == MaintenanceReport.Files(files: 1, bytes: 4))
    #expect(report.expiredLeft.map { "\($0.count) \($0.collection)" } == ["5 jobs"])
    #expect(report.condensing.left.map { String($0.file.dropFirst(".git/objects/pack/".count)) }.sorted() == before)
    #expect(report.condensing.left.allSatisfy { $0.reason == .time })
    #expect(store.snapshot().sequence == sequence)
    #expect(try packs() == before)
    try await store.close()
    try await check()
  }

  /// However little time each run has, the work comes to its end.
  @Test func shortRunsComeToAnEndTogether() async throws {
    let store = try temporary.open(clock)
    try await write(8, to: store)
    var runs = 0
    while try await !store.maintain(within: .milliseconds(150)).isComplete {
      runs += 1
      try #require(runs < 100)
    }
    #expect(try store.ids("jobs") == ["new"])
    #expect(try packs().count == 1)
    try await store.close()
    try await check()
  }

  @Test func anUpdateIsPlannedToFitIntoTheTime() {
    #expect(CondensingBudget().roundBytes == Limits.condensingMemoryBytes / 3)
    #expect(CondensingBudget(deadline: Deadline(after: .zero)).roundBytes == 0)
    #expect(CondensingBudget(deadline: Deadline(after: .seconds(Int64.max))).roundBytes == 256 << 20)
    let short = CondensingBudget(deadline: Deadline(after: .seconds(2))).roundBytes
    #expect(short <= 16 << 20 && short > 8 << 20)
    #expect(CondensingBudget(memoryBytes: 3_000).packBytes == 1_000)
  }

  @Test func aPackThatIsTooLargeForTheMemoryIsTold() async throws {
    let store = try temporary.open(clock)
    try await write(3, to: store)
    let report = try await store.maintain(memoryBytes: 900)
    #expect(report.condensing.packsAfter >= report.condensing.packsBefore)
    #expect(report.condensing.left.count >= 3)
    for pack in report.condensing.left { #expect(pack.reason == .memory(pack.bytes * 3)) }
    #expect(report.isComplete)
    #expect(try await store.maintain().condensing.packsAfter == 1)
    try await store.close()
    try await check()
  }

  @Test func leftoversAreOldAndHaveTheNamesOfTemporaryFiles() async throws {
    let left = [
      ".daybook.json.3w5e11264sgsf.tmp", "schemas/.job.schema.json.0.tmp", "jobs/07/52/.j1.json.zik0zj.tmp",
      ".git/daybook/.index.1y2p0ij32e8e7.tmp", ".git/daybook/log/.a.b.tmp", ".git/objects/ab/tmp_obj_1a2b3c",
      ".git/objects/pack/tmp_idx_1a2b3c", ".git/objects/tmp_object_git2_1a2b3c",
    ]
    let kept = [
      "jobs/.tmp", "jobs/.notes.tmp", "jobs/x.1y2p0ij32e8e7.tmp", "mine/.x.json.1y2p0ij32e8e7.tmp",
      ".git/tmp_pack_1a2b3c", ".x.json.not-a-number.tmp", ".x.json.zzzzzzzzzzzzzz.tmp",
    ]
    for file in left + kept { try temporary.write("half", to: file) }
    let store = try temporary.open(clock)
    let report = try await store.maintain()
    #expect(report.leftovers.files == left.count)
    for file in left { #expect(!temporary.exists(file), "\(file)") }
    for file in kept { #expect(temporary.exists(file), "\(file)") }
    try await store.close()
    // By the system's clock they are new, and somebody may be at them.
    for file in left { try temporary.write("half", to: file) }
    let young = try temporary.open()
    #expect(try await young.maintain().leftovers.files == 0)
    try await young.close()
  }

  @Test func theSearchForLeftoversEndsWithItsTimeAndSaysSo() async throws {
    // One collection lies within another.
    for folder in ["jobs/1", "jobs/2", "settings", "settings/users"] {
      try temporary.write("half", to: "\(folder)/.x.json.1y2p0ij32e8e7.tmp")
    }
    let store = try temporary.open(clock)
    let leftovers = Leftovers(
      root: temporary.path, kinds: store.kinds, fileSystem: LocalFileSystem(), now: clock.milliseconds)
    let (files, isAll) = try leftovers.find(until: .never)
    #expect(isAll && files.count == 4)
    let cut = try leftovers.find(until: Deadline(after: .zero))
    #expect(!cut.isAll && cut.files.isEmpty)
    let report = try await store.maintain(within: .zero)
    #expect(report.hasSearchedAll && report.leftoversLeft.files == 4, "without any time it says what there is to do")
    try await store.close()
  }

  @Test func aDamagedPackIsNamedAndLeftOutUntilItIsMended() async throws {
    let log = RecordedLog()
    var options = temporary.options()
    options.logger = log.logger
    let store = try StoreOpening(
      root: temporary.path, options: options, fileSystem: LocalFileSystem(), clock: clock.clock
    ).open()
    try await write(6, to: store)
    let (path, whole) = try damageAPack()
    let report = try await store.maintain()
    #expect(report.unreadablePacks.map(\.file) == [path])
    #expect(report.condensing.packsAfter == 2)
    #expect(log.text.contains(path) && log.text.contains("is damaged") && log.text.contains("another clone"))
    let problem = try #require(try store.status().packProblems.first)
    #expect(problem.path == path && problem.error.hint?.contains("git index-pack") == true)
    // Brought back, it is taken in without opening the store again.
    try whole.write(to: URL(filePath: "\(temporary.path)/\(path)"))
    #expect(try await store.maintain().unreadablePacks.isEmpty)
    #expect(try packs().count == 1)
    #expect(try store.status().packProblems.isEmpty)
    try await store.close()
    try await check()
  }

  /// The archive merges small packs on its way; one that is damaged holds it up once at most.
  @Test func packsAreMergedBesideADamagedOne() async throws {
    let store = try temporary.open(clock)
    try await write(3, to: store)
    let (damaged, _) = try damageAPack()
    try await write(40, to: store)
    #expect(try packs().count <= 14)
    #expect(temporary.exists(damaged))
    #expect(try store.status().packProblems.map(\.path) == [damaged])
    try await store.close()
  }

  @Test func aFailingCallLosesNothing() async throws {
    let plan = FaultPlan()
    let calls = try await maintain(try TemporaryStore(kinds: ExpiringKinds.all), plan) { plan.plan(nil) }
    #expect(calls > 60)
    for forever in [false, true] {
      for call in stride(from: forever ? 4 : 0, to: calls, by: 11) {
        let temporary = try TemporaryStore(kinds: ExpiringKinds.all)
        let plan = FaultPlan()
        _ = try await maintain(temporary, plan) { plan.plan(FaultPlan.Fault(call: call, forever: forever)) }
        plan.plan(nil)
        // What failed is done by the next one.
        let store = try temporary.open()
        #expect(try store.ids("jobs").isSuperset(of: ["new"]), "call \(call)")
        let report = try await store.maintain()
        #expect(report.isComplete && report.unreadablePacks.isEmpty, "call \(call)")
        #expect(try store.ids("jobs") == ["new"], "call \(call)")
        let findings = try await store.check().findings
        #expect(findings == [], "call \(call)")
        try await store.close()
        try temporary.checkGit()
        #expect(try temporary.git("status", "--porcelain") == "", "call \(call)")
      }
    }
  }

  /// Maintains a store with something of everything to do, in a plan that begins with it; answers how many calls that took.
  private func maintain(_ temporary: TemporaryStore, _ plan: FaultPlan, _ begin: () -> Void) async throws -> Int {
    let store = try temporary.open(fileSystem: FaultInjecting(plan))
    for number in 0..<4 {
      try await store.transaction(durability: .committed) { transaction in
        try transaction.put("jobs/old\(number)", ["state": "done", "at": "2020-01-01T00:00:00Z"])
        try transaction.put("jobs/new", ["state": "done", "at": "2999-01-01T00:00:00Z"])
      }
    }
    try await store.settle()
    begin()
    _ = try? await store.maintain()
    defer { plan.plan(nil) }
    let calls = plan.calls.count
    try? await store.close()
    return calls
  }

  /// Changes a letter in a document that stands in a pack as it is; answers the pack's path and what it held before.
  private func damageAPack() throws -> (path: String, content: Data) {
    for name in try packs() {
      let path = ".git/objects/pack/\(name)"
      let whole = try Data(contentsOf: URL(filePath: "\(temporary.path)/\(path)"))
      // One with a document: the first pack, with the schemas, may be too large to be merged.
      guard let word = whole.range(of: Data("\"state\": \"done\"".utf8)) else { continue }
      let handle = try FileHandle(forUpdating: URL(filePath: "\(temporary.path)/\(path)"))
      try handle.seek(toOffset: UInt64(word.lowerBound + 1))
      try handle.write(contentsOf: Data("S".utf8))
      try handle.close()
      return (path, whole)
    }
    throw Missing()
  }

  private struct Missing: Error {}
}
