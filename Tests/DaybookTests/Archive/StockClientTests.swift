import Daybook
import Documents
import Foundation
import Synchronization
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
  private static let atLeast = Duration.seconds(6)
  private static let atMost = Duration.seconds(90)

  private let temporary: TemporaryStore
  private let store: Store

  init() throws {
    temporary = try TemporaryStore(kinds: SampleKinds.all)
    store = try temporary.open()
    // There is a commit before the newest one, and something to blame.
    for number in 0..<6 { try put(number, .committed) }
  }

  /// How far writer and client are. Each starts when the machine lets it, so each lasts until the other has done its part.
  private final class Progress: Sendable {
    let ran = Atomic(0)
    let isWritten = Atomic(false)

    var isOver: Bool { isWritten.load(ordering: .sequentiallyConsistent) }
    var hasRunAll: Bool { ran.load(ordering: .sequentiallyConsistent) > commands.count }
  }

  @Test(.timeLimit(.minutes(20))) func gitReadsAStoreThatIsWrittenTo() async throws {
    let progress = Progress()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await onItsOwnThread { try write(progress) } }
      group.addTask { try await condense(progress) }
      group.addTask { try await onItsOwnThread { try runEachCommand(progress) } }
      group.addTask { try await onItsOwnThread { try runStatus(progress) } }
      try await group.waitForAll()
    }
    try await store.close()
    #expect(try temporary.git("status", "--porcelain") == "")
    try temporary.checkGit()
  }

  /// Writer and client block; on the few threads that all tasks share they would hold each other up.
  private func onItsOwnThread(_ body: @escaping @Sendable () throws -> Void) async throws {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
  }

  // MARK: The writer

  private func put(_ number: Int, _ durability: Durability) throws {
    let value: JSONValue = ["n": .number(JSONNumber(number)), "s": .string(String(repeating: "x", count: number % 99))]
    try store.transactionBlocking(durability: durability) { transaction in
      try transaction.put("notes/n\(number % 40)", value)
      try transaction.put("pins/p\(number)", value)
    }
  }

  /// Every other write waits for the archive: so there are many small packs to merge.
  private func write(_ progress: Progress) throws {
    defer { progress.isWritten.store(true, ordering: .sequentiallyConsistent) }
    let start = ContinuousClock.now
    var number = 6
    while .now < start + Self.atLeast || !progress.hasRunAll && .now < start + Self.atMost {
      try put(number, number % 2 == 0 ? .committed : .durable)
      number += 1
    }
    #expect(progress.hasRunAll, "Git was run \(progress.ran.load(ordering: .relaxed)) times")
  }

  private func condense(_ progress: Progress) async throws {
    while !progress.isOver {
      try await Task.sleep(for: .milliseconds(700))
      try await store.condense()
    }
  }

  // MARK: The client

  private func runEachCommand(_ progress: Progress) throws {
    while !progress.isOver {
      let command = Self.commands[progress.ran.load(ordering: .relaxed) % Self.commands.count]
      let errors = try run(command).errors
      #expect(errors == "", "git \(command.joined(separator: " "))")
      try checkWhatFsckSays()
      progress.ran.add(1, ordering: .sequentiallyConsistent)
    }
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
  private func runStatus(_ progress: Progress) throws {
    while !progress.isOver {
      let (output, errors) = try run(["status", "--porcelain"])
      #expect(errors == "")
      let foreign = output.split(separator: "\n").filter { !$0.contains(" notes/n") && !$0.contains(" pins/") }
      #expect(foreign == [], "git status")
    }
  }

  /// Runs Git as a person does; what it says on standard error is a complaint unless it is how far it has come.
  private func run(_ arguments: [String], mayFail: Bool = false) throws -> (output: String, errors: String) {
    let outcome = try Command.outcome(
      of: "/usr/bin/git", ["-C", temporary.path, "-c", "core.pager=cat"] + arguments)
    #expect(mayFail || outcome.ending == .exit(0), "git \(arguments.joined(separator: " ")): \(outcome.complaint)")
    return (outcome.text, outcome.complaint)
  }
}
