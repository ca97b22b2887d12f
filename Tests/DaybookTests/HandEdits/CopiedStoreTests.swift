import Foundation
import Git
import Storage
import TestSupport
import Testing

@testable import Daybook

/// Stores whose files all look touched, though nobody did, as after copying.
@Suite(.timeLimit(.minutes(20))) struct CopiedStoreTests {
  private func suspects(_ store: Store) throws -> Set<String> {
    try HandEditScan.suspects(in: store.path, store.parts.published.current, store.parts.objects, LocalFileSystem())
  }

  @Test func eachFileIsReadOnceAndThenKnown() async throws {
    let original = try TemporaryStore(kinds: SampleKinds.all)
    let first = try original.open()
    for number in 0..<50 { try first.transactionBlocking { try $0.put("notes/n\(number)", ["n": 1]) } }
    try await first.close()
    let copy = try original.copy()
    try copy.write("{\"n\": 2}\n", to: "notes/n7.json")
    let store = try copy.open()
    #expect(try suspects(store).count >= 50, "a copy has other inodes")
    #expect(try store.takeInHandEditsBlocking().map(\.description) == ["notes/n7"])
    try await store.settle()
    #expect(try suspects(store) == [])
    #expect(try copy.git("status", "--porcelain") == "")
    try await copy.closeSoundly(store)
  }

  /// A file that Git's index does not name any more was deleted by nobody: Git left it out of what it checks out.
  @Test func whatGitsIndexLeavesOutIsNotDeleted() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let first = try temporary.open()
    for name in ["a", "b"] { try first.transactionBlocking { try $0.put("notes/\(name)", ["n": 1]) } }
    try await first.close()
    try temporary.git("rm", "-q", "--cached", "notes/a.json")
    try temporary.remove("notes/a.json")
    let store = try temporary.open()
    #expect(try suspects(store) == [])
    #expect(try store.snapshot().document("notes/a") != nil)
    try await store.close()
  }
}
