import Daybook
import Documents
import TestSupport
import Testing

/// Sequences, ids, times and tags find their commits.
@Suite struct PointTests {
  @Test(arguments: [
    "", "#", "#x", "#-1", "~1", "HEAD~x", "HEAD~-1", "v1", "main", "nothing", "abc", "HEAD^", "HEAD^{/secret[a-z]ord}",
    ":/secret", "HEAD:notes/a.json", "main@{1}", "8f3c2d1a908f3c2d1a908f3c2d1a908f3c2d1a9011",
  ])
  func aTextThatNamesNoPointIsRefused(text: String) {
    let error = #expect(throws: StoreError.self) { try Point(parsing: text) }
    #expect(error?.code == .usage)
  }

  @Test func aCommitIsFoundByItsSequenceItsIDAndHowManyCameAfterIt() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    for number in 0..<20 { try await store.transaction { try $0.put("notes/a", ["n": .number(JSONNumber(number))]) } }
    // Some are in no pack yet.
    let snapshot = store.snapshot()
    let commits = try snapshot.commits()
    for (place, commit) in commits.enumerated() {
      let texts = [
        "\(commit.sequence)", "#\(commit.sequence)", "\(commit.commit)", "HEAD~\(place)", commit.commit.short,
        commit.commit.short.uppercased(), "\(commits[0].commit)~\(place)",
      ]
      for text in texts {
        #expect(try snapshot.commit(at: Point(parsing: text)).sequence == commit.sequence, "\(text)")
      }
    }
    for text in [
      "HEAD~\(commits.count)", "#999", "ffffffffff", "nothing", "abc", "HEAD^", "HEAD^{/notes}", ":/notes", "main@{0}",
    ] {
      let error = #expect(throws: StoreError.self) {
        try snapshot.commit(at: Point(parsing: text, namingReferences: true))
      }
      #expect(error?.code == .notFound, "\(text)")
    }
    try await store.close()
  }

  @Test func aTimeMeansTheNewestCommitThatIsNotLater() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    try await temporary.open().close()
    for day in 1...9 {
      try temporary.git(["commit", "-q", "--allow-empty", "-m", "day \(day)"], at: "2040-01-0\(day)T12:00:00Z")
    }
    try temporary.git("tag", "-a", "-m", "a tag", "v1", "HEAD~2")
    let store = try temporary.open()
    let snapshot = store.snapshot()
    func subject(_ text: String) throws -> String {
      try snapshot.commit(at: Point(parsing: text, namingReferences: true)).subject
    }
    for day in 1...9 {
      #expect(try subject("2040-01-0\(day)T12:00:00Z") == "day \(day)")
      #expect(try subject("2040-01-0\(day) 13:00") == "day \(day)")
      #expect(try subject("2040-01-0\(day + 1 > 9 ? 9 : day + 1)T11:59:59.999Z") == "day \(min(day, 8))")
    }
    #expect(try subject("2040-01-05") == "day 4", "a day is its beginning")
    #expect(try subject("v1") == "day 7")
    #expect(try subject("refs/tags/v1") == "day 7")
    #expect(try subject("v1~1") == "day 6")
    let error = #expect(throws: StoreError.self) { try snapshot.commit(at: Point(parsing: "1999-12-31")) }
    #expect(error?.code == .notFound)
    // A commit that was made without Daybook does not say its sequence.
    let newest = try snapshot.commit(at: .newest)
    #expect(newest.sequence == snapshot.sequence)
    let filter = CommitFilter(
      since: Timestamp(parsing: "2040-01-03T00:00:00Z"), until: Timestamp(parsing: "2040-01-05T12:00:00Z"))
    #expect(try snapshot.commits(matching: filter).map(\.subject) == ["day 5", "day 4", "day 3"])
    #expect(
      try snapshot.commits(matching: CommitFilter(author: "PERSON@"), limit: 2).map(\.subject) == ["day 9", "day 8"])
    try await store.close()
  }

  /// `git cherry-pick` keeps the time at which a commit was first made; and a clock may be behind.
  @Test func noCommitIsMissedBehindOneThatIsOlderThanItsParent() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    try await temporary.open().close()
    try temporary.git(["commit", "-q", "--allow-empty", "-m", "day 1"], at: "2040-01-01T12:00:00Z")
    try temporary.git(["commit", "-q", "--allow-empty", "-m", "day 2"], at: "2040-01-02T12:00:00Z")
    try temporary.git("commit", "-q", "--allow-empty", "-m", "picked", "--date", "2001-01-01T12:00:00Z")
    try temporary.git(["commit", "-q", "--allow-empty", "-m", "behind"], at: "2001-01-01T12:00:00Z")
    try temporary.git(["commit", "-q", "--allow-empty", "-m", "day 3"], at: "2040-01-03T12:00:00Z")
    let store = try temporary.open()
    let snapshot = store.snapshot()
    func subjects(_ filter: CommitFilter) throws -> [String] { try snapshot.commits(matching: filter).map(\.subject) }
    #expect(
      try subjects(CommitFilter(since: Timestamp(parsing: "2040-01-02T00:00:00Z")))
        == ["day 3", "behind", "picked", "day 2"])
    #expect(try snapshot.commit(at: Point(parsing: "2040-01-02")).subject == "day 1")
    #expect(try snapshot.commit(at: Point(parsing: "2040-01-03")).subject == "behind")
    #expect(throws: StoreError.self) { try snapshot.commit(at: Point(parsing: "2002-01-01")) }
    try await temporary.closeSoundly(store)
  }
}
