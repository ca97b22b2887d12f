import Daybook
import Documents
import TestSupport
import Testing

@Suite struct HistoryTests {
  @Test func aDocumentsHistoryIsThatOfGitLogAndSurvivesItsDeletion() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    for number in 0..<12 {
      try await store.transaction { try $0.put("notes/a", ["n": .number(JSONNumber(number))]) }
      try await store.transaction { try $0.put("notes/b", ["n": .number(JSONNumber(number))]) }
    }
    try await store.transaction { try $0.delete("notes/a") }
    let versions = try store.snapshot().history(of: "notes/a")
    #expect(versions.count == 13)
    #expect(versions[0].revision == nil)
    let page = try store.snapshot().history(of: "notes/a", before: versions[4].commit.sequence, limit: 3)
    #expect(page.map(\.commit.sequence) == versions[5...7].map(\.commit.sequence))
    try await store.close()
    let commits = try temporary.git("log", "--format=%H", "--", "notes/a.json").split(separator: "\n").map(String.init)
    #expect(versions.map { "\($0.commit.commit)" } == commits)
  }

  @Test func aSearchOfTheHistoryReadsNoMoreCommitsThanItMayAndSaysWhereItLeftOff() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    for number in 0..<10 { try await store.transaction { try $0.put("notes/n\(number)", ["n": 1]) } }
    let snapshot = store.snapshot()
    var (before, walks) = (UInt64?.none, 0)
    repeat {
      var walk = CommitWalk(CommitFilter(author: "nobody"), before: before, reading: 4, in: snapshot)
      #expect(try walk.next() == nil)
      before = walk.leftOff
      walks += 1
    } while before != nil
    #expect(walks == Int(snapshot.sequence) / 4 + 1)
    var walk = CommitWalk(CommitFilter(), reading: 4, in: snapshot)
    var found: [UInt64] = []
    while let commit = try walk.next() { found.append(commit.sequence) }
    #expect(found == (0..<4).map { snapshot.sequence - $0 } && walk.leftOff == found.last)
    try await store.close()
  }

  @Test func changesComeInOrderFromAnySequenceAndGoOnLive() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    let start = store.snapshot().sequence
    for number in 0..<5 { try await store.transaction { try $0.put("notes/n\(number)", ["n": 1]) } }
    let reader = Task {
      var seen: [UInt64] = []
      for try await change in store.changes(after: start + 2) {
        seen.append(change.commit.sequence)
        if seen.count == 6 { break }
      }
      return seen
    }
    for number in 0..<3 { try await store.transaction { try $0.put("notes/late\(number)", ["n": 1]) } }
    #expect(try await reader.value == Array((start + 3)...(start + 8)))
    try await store.close()
  }

  @Test(arguments: [UInt64](1...5))
  func whoFollowsTheStoreIsToldWhatReadingItsCommitsBackTells(seed: UInt64) async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    let start = store.snapshot().sequence
    var model = HistoryModel(store, seed: seed)
    for _ in 0..<60 { try await model.step() }
    let snapshot = store.snapshot()
    var followed = store.changes(after: start).makeAsyncIterator()
    while followed.sequence < snapshot.sequence {
      let told = try #require(try await followed.nextCommit())
      let read = try snapshot.changes(in: snapshot.commit(at: .sequence(followed.sequence)))
      #expect(told.map(\.path) == read.map(\.path))
      #expect(told.map(\.before) == read.map(\.before) && told.map(\.after) == read.map(\.after))
      #expect(told.map(\.name) == read.map(\.name))
    }
    try await store.close()
  }

  @Test func aStreamEndsWhenTheStoreCloses() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    let stream = store.changes(after: store.snapshot().sequence)
    let reader = Task {
      var count = 0
      for try await _ in stream { count += 1 }
      return count
    }
    try await store.transaction { try $0.put("notes/a", ["n": 1]) }
    try await store.close()
    #expect(try await reader.value <= 1)
  }

  @Test func aCommitIsFoundByItsNamesAndAnOlderDocumentByItsCommit() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    let first = try await store.transaction { try $0.put("notes/a", ["n": 1]) }
    try await store.transaction { try $0.put("notes/a", ["n": 2]) }
    let snapshot = store.snapshot()
    let commit = try snapshot.commit(at: .sequence(first.sequence))
    #expect(commit.commit == first.commit)
    #expect(try snapshot.past(at: .commit(commit.commit)).document("notes/a")?.root["n"]?.integer == 1)
    #expect(try snapshot.changes(in: commit).map(\.path) == ["notes/a.json"])
    try await store.close()
  }
}
