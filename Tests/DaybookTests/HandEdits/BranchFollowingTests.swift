import Daybook
import Documents
import Foundation
import TestSupport
import Testing

/// A person uses plain Git in the folder of a store that a program has open.
@Suite(.timeLimit(.minutes(20))) struct BranchFollowingTests {
  private let temporary: TemporaryStore
  private let store: Store

  init() throws {
    temporary = try TemporaryStore(kinds: SampleKinds.all)
    store = try temporary.openWatching()
    for number in 1...3 { try put("notes/a", number) }
    try put("notes/b", 1)
  }

  private func put(_ address: String, _ number: Int) throws {
    try store.transactionBlocking(durability: .committed) { try $0.put(address, ["n": .number(JSONNumber(number))]) }
  }

  private func number(_ address: String) throws -> Int? {
    try store.snapshot().document(address)?.root["n"]?.integer
  }

  @Test func aCommitOfAPersonsIsGoneOnFrom() async throws {
    try await store.settle()
    try temporary.write("{\"n\": 50}\n", to: "notes/a.json")
    try temporary.write("{\"n\": 51}\n", to: "notes/c.json")
    try temporary.gitUntilItWorks("add", "notes")
    try temporary.gitUntilItWorks("commit", "-q", "-m", "by hand")
    try await eventually { try number("notes/a") == 50 && number("notes/c") == 51 }
    try put("notes/b", 2)
    try await finish()
    #expect(try temporary.git("log", "--format=%s").contains("by hand"))
  }

  /// A kill between making the lock of Git's index and writing our mark into it leaves an empty one.
  @Test(arguments: ["", "daybook: the ind"]) func aLockOfTheIndexThatACrashLeftIsRemoved(content: String) async throws {
    try await store.close()
    try temporary.write(content, to: ".git/index.lock")
    let reopened = try temporary.open()
    try await reopened.transaction { try $0.put("notes/e", ["n": 1]) }
    try await reopened.close()
    #expect(try temporary.git("status", "--porcelain") == "")
  }

  /// A commit that was made without us does not say its sequence.
  @Test func commitsOfAPersonsInARowAreCounted() async throws {
    try await store.settle()
    let before = store.snapshot().sequence
    for round in 1...3 {
      try temporary.gitUntilItWorks("commit", "-q", "--allow-empty", "-m", "empty \(round)")
      try await eventually { store.snapshot().sequence == before + UInt64(round) }
    }
    try await finish()
  }

  @Test func aRevertOfAPersonsIsFollowed() async throws {
    try await store.settle()
    try temporary.gitUntilItWorks("revert", "--no-edit", "HEAD")
    try await eventually { try number("notes/b") == nil }
    try await finish()
  }

  @Test func aFileThatIsCheckedOutFromAnOldCommitIsAnEdit() async throws {
    try await store.settle()
    try temporary.gitUntilItWorks("checkout", "HEAD~2", "--", "notes/a.json")
    try await eventually { try number("notes/a") == 2 }
    try await finish()
  }

  @Test func aBranchThatIsResetBecomesACommitThatTakesBack() async throws {
    try await store.settle()
    let before = try temporary.git("rev-parse", "HEAD").trimmingCharacters(in: .whitespacesAndNewlines)
    try temporary.gitUntilItWorks("reset", "-q", "--hard", "HEAD~2")
    try await eventually { try number("notes/a") == 2 && number("notes/b") == nil }
    try put("notes/d", 1)
    try await finish()
    try temporary.git("merge-base", "--is-ancestor", before, "HEAD")
  }

  @Test func aStashTakesAnEditAwayAndBringsItBack() async throws {
    try await store.settle()
    try temporary.write("{\"n\": 70}\n", to: "notes/a.json")
    try await eventually { try number("notes/a") == 70 }
    try await store.settle()
    try temporary.write("{\"n\": 71, oops\n", to: "notes/a.json")
    try await eventually { try !store.status().fileProblems.isEmpty }
    try temporary.gitUntilItWorks("stash", "-q")
    try await eventually { try store.status().fileProblems.isEmpty }
    #expect(try number("notes/a") == 70)
    try await finish()
  }

  @Test func anotherBranchStopsTheStoreWithAReason() async throws {
    try await store.settle()
    try temporary.gitUntilItWorks("checkout", "-q", "-b", "other", "HEAD~1")
    try await eventually { try store.status().failure?.code == .conflict }
    #expect(try store.status().failure?.message.contains("refs/heads/main") == true)
    #expect(throws: StoreError.self) { try put("notes/a", 9) }
    try? await store.close()
    try temporary.git("checkout", "-q", "main")
    let reopened = try temporary.open()
    #expect(try reopened.snapshot().document("notes/b")?.root["n"]?.integer == 1)
    try await reopened.close()
  }

  @Test func commitsOfAPersonsAndAWritersAtOnceAreJoined() async throws {
    try await store.settle()
    let writer = Task.detached {
      for round in 1...300 {
        try await store.transaction { try $0.put("pins/p\(round % 7)", ["n": .number(JSONNumber(round))]) }
      }
    }
    for round in 1...5 {
      try temporary.write("{\"n\": \(round)}\n", to: "notes/mine\(round).json")
      _ = try? temporary.git("add", "notes/mine\(round).json")
      _ = try? temporary.git("commit", "-q", "-m", "mine \(round)", "--", "notes/mine\(round).json")
      try await Task.sleep(for: .milliseconds(40))
    }
    try await writer.value
    for round in 1...5 { try await eventually { try number("notes/mine\(round)") == round } }
    #expect(try number("pins/p\(300 % 7)") == 300)
    try await finish()
  }

  /// The process died with a write in its log, and a person committed before the store was opened again.
  @Test func whatTheLogHoldsIsJoinedWithACommitOfAPersons() async throws {
    try await store.close()
    let crashed = try TemporaryStore(kinds: SampleKinds.all)
    let first = try crashed.open()
    try await first.transaction { try $0.put("notes/late", ["n": 1]) }
    let copy = try crashed.copy()
    try await first.close()
    try copy.write("{\"n\": 2}\n", to: "notes/mine.json")
    try copy.git("add", "notes/mine.json")
    try copy.git("commit", "-q", "-m", "mine")
    let reopened = try copy.open()
    let snapshot = reopened.snapshot()
    #expect(try snapshot.document("notes/late")?.root["n"]?.integer == 1)
    #expect(try snapshot.document("notes/mine")?.root["n"]?.integer == 2)
    try await reopened.settle()
    #expect(try await reopened.check().findings.map(\.message) == [])
    try await reopened.close()
    #expect(try copy.git("status", "--porcelain") == "")
  }

  private func finish() async throws {
    try await store.settle()
    try await eventually { try store.status().editedFiles.isEmpty }
    let findings = try await store.check().findings
    #expect(findings.isEmpty, "\(findings)")
    try await store.close()
    #expect(try temporary.git("status", "--porcelain") == "")
    try temporary.checkGit()
    // What is opened anew shows the same.
    let reopened = try temporary.open()
    #expect(reopened.snapshot().commit == store.snapshot().commit)
    #expect(try await reopened.check().findings.map(\.message) == [])
    try await reopened.close()
  }
}
