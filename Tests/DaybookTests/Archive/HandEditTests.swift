import Daybook
import Documents
import TestSupport
import Testing

@Suite struct HandEditTests {
  @Test func aWriteNeverCoversUpAnEditedOrDeletedFile() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await store.transaction { transaction in
      for name in ["a", "b"] { try transaction.put("notes/\(name)", ["n": 1]) }
    }
    try await store.settle()
    try temporary.write("{\"n\": 99}", to: "notes/a.json")
    try temporary.remove("notes/b.json")
    for name in ["a", "b"] {
      try await store.transaction { try $0.put("notes/\(name)", ["n": 2]) }
    }
    try await store.close()
    #expect(try temporary.git("status", "--porcelain") == "")
    let history = try temporary.git("log", "-p", "--", "notes/a.json")
    #expect(history.contains("{\"n\": 99}"), "the edit is in the history")
    #expect(try temporary.read("notes/b.json").contains("2"), "a change outlives a deletion")
  }

  @Test func anEditMadeBehindAWritesBackIsKept() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await store.transaction { try $0.put("notes/a", ["n": 1]) }
    try await store.settle()
    try await store.transaction { try $0.put("notes/a", ["n": 2]) }
    try temporary.write("{\"n\": 5}", to: "notes/a.json")
    try await store.settle()
    // Whoever was first, the edit is there, and the next write takes it in.
    #expect(try temporary.read("notes/a.json") == "{\"n\": 5}")
    try await store.transaction { try $0.put("notes/a", ["n": 3]) }
    try await store.close()
    #expect(try temporary.git("log", "-p", "--", "notes/a.json").contains("5"))
    #expect(try temporary.git("status", "--porcelain") == "")
  }

  @Test func plainGitCommitsNothingStaleAndSeesACleanTree() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    for number in 0..<40 {
      try await store.transaction { try $0.put("pins/p\(number % 5)", ["n": .number(JSONNumber(number))]) }
    }
    try await store.settle()
    #expect(try temporary.git("status", "--porcelain") == "")
    try temporary.checkGit()
    try await store.close()
    #expect(!temporary.exists(".git/index.lock"))
    try temporary.write("{\"n\": 7}", to: "pins/hand.txt")
    try temporary.git("add", ".")
    try temporary.git("commit", "-q", "-m", "by hand")
    let reopened = try temporary.open()
    #expect(try reopened.snapshot().count(of: "pins") == 5)
    let receipt = try await reopened.transaction { try $0.put("notes/a", ["n": 1]) }
    #expect(receipt.sequence == store.snapshot().sequence + 2)
    #expect(try await reopened.check().findings == [])
    try await reopened.close()
  }
}
