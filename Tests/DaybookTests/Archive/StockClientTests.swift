import Daybook
import Documents
import Foundation
import TestSupport
import Testing

/// People look at a store with Git while it is written to, and while packs are merged and condensed. No command fails or
/// complains, and once the writer rests all is as if nothing had happened.
struct StockClientTests {
  private static let commands = [
    ["log", "--stat", "-n", "50"], ["show", "HEAD"], ["diff", "HEAD~1", "HEAD"], ["diff"],
    ["blame", "HEAD", "--", "notes/n1.json"], ["blame", "notes/n1.json"],
    ["log", "--follow", "-p", "--", "notes/n2.json"], ["cat-file", "--batch-all-objects", "--batch-check"],
  ]
  private static let seconds = 6.0

  private let temporary: TemporaryStore
  private let store: Store

  init() async throws {
    temporary = try TemporaryStore(kinds: SampleKinds.all)
    store = try temporary.open()
    // There is a commit before the newest one, and something to blame.
    for number in 0..<6 { try await put(number, .committed) }
  }

  @Test func gitReadsAStoreThatIsWrittenTo() async throws {
    let end = ContinuousClock.now + .seconds(Self.seconds)
    let (written, ran) = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
      group.addTask { (try await write(until: end), 0) }
      group.addTask { (try await condense(until: end), 0) }
      group.addTask { (0, try await onItsOwnThread { try runEachCommand(until: end) }) }
      group.addTask { (0, try await onItsOwnThread { try runStatus(until: end) }) }
      return try await group.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
    }
    // How many of each there are depends on what other tests leave of the machine.
    #expect(written > 7 && ran > Self.commands.count, "\(written) writes beside \(ran) commands")
    try await store.close()
    #expect(try temporary.git("status", "--porcelain") == "")
    try temporary.checkGit()
  }

  // MARK: The writer

  private func put(_ number: Int, _ durability: Durability) async throws {
    let value: JSONValue = ["n": .number(JSONNumber(number)), "s": .string(String(repeating: "x", count: number % 99))]
    try await store.transaction(durability: durability) { transaction in
      try transaction.put("notes/n\(number % 40)", value)
      try transaction.put("pins/p\(number)", value)
    }
  }

  /// Every other write waits for the archive: so there are many small packs to merge.
  private func write(until end: ContinuousClock.Instant) async throws -> Int {
    var number = 6
    while .now < end {
      try await put(number, number % 2 == 0 ? .committed : .durable)
      number += 1
    }
    return number
  }

  private func condense(until end: ContinuousClock.Instant) async throws -> Int {
    while .now < end {
      try await Task.sleep(for: .milliseconds(700))
      try await store.condense()
    }
    return 0
  }

  // MARK: The client

  /// The client blocks; on the threads that tasks share it would leave none to the writer.
  private func onItsOwnThread(_ body: @escaping @Sendable () throws -> Int) async throws -> Int {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
  }

  private func runEachCommand(until end: ContinuousClock.Instant) throws -> Int {
    var count = 0
    while .now < end {
      let command = Self.commands[count % Self.commands.count]
      let errors = try run(command).errors
      #expect(errors == "", "git \(command.joined(separator: " "))")
      try checkWhatFsckSays()
      count += 1
    }
    return count
  }

  /// `git fsck` looks at the objects first and at the reflog last, so beside any writer, `git commit` too, it misses
  /// commits that came meanwhile, and packs that went. All else it says is a fault, and so is a commit that is not there.
  private func checkWhatFsckSays() throws {
    let said = try run(["fsck", "--strict", "--no-progress", "--no-dangling"], mayFail: true).errors
    for line in said.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      if line.contains("invalid reflog entry") {
        #expect(try run(["cat-file", "-e", try #require(words.last)]).errors == "", "\(line)")
      } else {
        let pack = try #require(words.first { $0.hasSuffix(".pack") }, "\(line)")
        #expect(!temporary.exists(pack), "\(line)")
      }
    }
  }

  /// What the branch has and the folder not yet is on its way; nothing else may show.
  private func runStatus(until end: ContinuousClock.Instant) throws -> Int {
    var count = 0
    while .now < end {
      let (output, errors) = try run(["status", "--porcelain"])
      #expect(errors == "")
      let foreign = output.split(separator: "\n").filter { !$0.contains(" notes/n") && !$0.contains(" pins/") }
      #expect(foreign == [], "git status")
      count += 1
    }
    return count
  }

  /// Runs Git as a person does; what it says on standard error is a complaint unless it is how far it has come.
  private func run(_ arguments: [String], mayFail: Bool = false) throws -> (output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/git")
    process.arguments = ["-C", temporary.path, "-c", "core.pager=cat"] + arguments
    let name = "\(temporary.folder)/\(UUID().uuidString)"
    for suffix in ["output", "errors"] {
      _ = FileManager.default.createFile(atPath: "\(name).\(suffix)", contents: nil)
    }
    process.standardOutput = FileHandle(forWritingAtPath: "\(name).output")
    process.standardError = FileHandle(forWritingAtPath: "\(name).errors")
    try process.run()
    process.waitUntilExit()
    let output = try String(contentsOfFile: "\(name).output", encoding: .utf8)
    let errors = try String(contentsOfFile: "\(name).errors", encoding: .utf8)
    #expect(mayFail || process.terminationStatus == 0, "git \(arguments.joined(separator: " ")): \(errors)")
    return (output, errors)
  }
}
