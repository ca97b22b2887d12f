import Documents
import Foundation
import Git
import Storage
import TestSupport
import Testing

@testable import Daybook

/// Two copies of a store and a bare folder between them.
@Suite(.timeLimit(.minutes(20))) struct StoreRemotesTests {
  private let host: GitHost
  private let ours: TemporaryStore
  private let theirs: TemporaryStore
  private let connector = RemoteConnector(InProcessTransport(), trust: RemoteTrust())
  private let origin: RemoteName

  init() throws {
    origin = try RemoteName("origin")
    host = try GitHost(.folder)
    ours = try TemporaryStore(kinds: SampleKinds.all)
    try RemoteSetup("origin", at: host.address, user: nil, secret: nil)
      .add(toStoreAt: ours.path, environment: ours.environment)
    let store = try ours.open()
    try store.transactionBlocking(durability: .committed) { try $0.put("notes/first", ["n": 1]) }
    try store.closeBlocking()
    theirs = try ours.copy()
  }

  /// Writes a document, and returns when the branch holds it.
  private func put(_ number: Int, _ address: String, into store: Store) throws {
    try store.transactionBlocking(durability: .committed) { try $0.put(address, ["n": .number(JSONNumber(number))]) }
  }

  private func push(_ store: Store) throws -> PushOutcome { try store.pushBlocking(to: origin, by: connector) }
  private func fetch(_ store: Store) throws -> FetchReport { try store.fetchBlocking(from: origin, by: connector) }

  private func head(_ temporary: TemporaryStore) throws -> String {
    try temporary.git("rev-parse", "main").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func hub(_ arguments: String...) throws -> String {
    try Command.run("/usr/bin/git", ["-C", host.repository] + arguments)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @Test func whatOneStorePushesAnotherFetches() throws {
    let (mine, yours) = (try ours.open(), try theirs.open())
    #expect(try fetch(mine) == FetchReport())
    try put(1, "notes/a", into: mine)
    #expect(try push(mine) == .accepted)
    #expect(try hub("rev-parse", "main") == head(ours))
    #expect(try push(mine) == .accepted)
    let report = try fetch(yours)
    #expect(report.tip?.hex == (try head(ours)))
    #expect(report.before == nil && report.commits >= 1 && report.objects >= 3)
    #expect(try fetch(yours) == FetchReport(before: report.tip, tip: report.tip))
    #expect(try yours.fetched(from: origin) == report.tip)
    // It is only here; nothing of the store changed.
    #expect(try yours.snapshot().document("notes/a") == nil)
    #expect(try theirs.git("show", "refs/daybook/remotes/origin/main:notes/a.json").contains("\"n\": 1"))
    for (store, temporary) in [(mine, ours), (yours, theirs)] {
      try store.closeBlocking()
      try temporary.checkGit()
      #expect(!temporary.exists(".git/daybook/transfers") || leftovers(temporary) == [])
    }
  }

  private func leftovers(_ temporary: TemporaryStore) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: "\(temporary.path)/.git/daybook/transfers")) ?? []
  }

  @Test func whoeverPushesSecondHasLostTheRace() throws {
    let (mine, yours) = (try ours.open(), try theirs.open())
    try put(1, "notes/a", into: mine)
    try put(2, "notes/b", into: yours)
    #expect(try push(mine) == .accepted)
    #expect(try push(yours) == .lostRace)
    _ = try fetch(yours)
    // What was fetched is not merged yet: it would be lost.
    #expect(try push(yours) == .lostRace)
    #expect(try hub("rev-parse", "main") == head(ours))
    try put(3, "notes/a", into: mine)
    #expect(try push(mine) == .accepted)
    #expect(try push(yours) == .lostRace)
    try mine.closeBlocking()
    try yours.closeBlocking()
  }

  @Test func aHistoryThatWasRewrittenIsNotTaken() throws {
    let (mine, yours) = (try ours.open(), try theirs.open())
    try put(1, "notes/a", into: mine)
    _ = try push(mine)
    let before = try fetch(yours).tip
    let empty = try hub("commit-tree", "-m", "rewritten", try hub("rev-parse", "main^{tree}"))
    _ = try hub("update-ref", "refs/heads/main", empty)
    let error = #expect(throws: StoreError.self) { try fetch(yours) }
    #expect(error?.code == .refused && error?.message.contains("rewritten") == true)
    #expect(try yours.fetched(from: origin) == before)
    #expect(leftovers(theirs) == [])
    try mine.closeBlocking()
    try yours.closeBlocking()
    try theirs.checkGit()
  }

  @Test func aSequenceThatNoStoreReachesIsNotTaken() throws {
    let mine = try ours.open()
    _ = try push(mine)
    let message = "x\n\nDaybook-Sequence: \(UInt64.max)\n"
    let forged = try Command.run(
      "/usr/bin/git", ["-C", host.repository, "commit-tree", "main^{tree}", "-p", "main", "-m", message],
      environment: [
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a", "GIT_COMMITTER_NAME": CommitBuilder.committerName,
        "GIT_COMMITTER_EMAIL": CommitBuilder.committerEmail,
      ])
    _ = try hub("update-ref", "refs/heads/main", forged.trimmingCharacters(in: .whitespacesAndNewlines))
    let error = #expect(throws: StoreError.self) { try fetch(mine) }
    #expect(error?.message.contains("which no store reaches") == true)
    try mine.closeBlocking()
  }

  @Test func aFolderThatIsNoRepositoryIsNotFound() throws {
    try FileManager.default.removeItem(atPath: host.repository)
    let mine = try ours.open()
    for attempt in [{ _ = try push(mine) }, { _ = try fetch(mine) }] {
      let error = #expect(throws: StoreError.self) { try attempt() }
      #expect(error?.code == .remote && error?.hint?.contains("git init --bare") == true)
    }
    try mine.closeBlocking()
  }

  @Test func aRepositoryWithWorkingFilesIsNotPushedTo() throws {
    try ours.git("remote", "set-url", "origin", theirs.path)
    let mine = try ours.open()
    try put(1, "notes/a", into: mine)
    let error = #expect(throws: StoreError.self) { try push(mine) }
    #expect(error?.code == .refused)
    try mine.closeBlocking()
  }

  /// Those who talk to two remotes at once would bring the same twice.
  @Test func oneTransferGoesOnAtATime() throws {
    let mine = try ours.open()
    let nested = RemoteConnector(Nested(store: mine), trust: RemoteTrust())
    let error = #expect(throws: StoreError.self) { try mine.fetchBlocking(from: origin, by: nested) }
    #expect(error?.code == .busy)
    #expect(try fetch(mine) == FetchReport())
    try mine.closeBlocking()
  }

  /// Asks for another transfer while one goes on.
  private struct Nested: Transport {
    let store: Store

    func carryOut(
      _ request: TransferRequest, onProgress: @escaping TransferListener
    ) throws(StoreError) -> TransferAnswer {
      let connector = RemoteConnector(InProcessTransport(), trust: RemoteTrust())
      _ = try store.fetchBlocking(from: try RemoteName("origin"), by: connector)
      return .fetched(.init())
    }
  }

  @Test func whatATransferLeftBehindGoesWhenTheStoreIsOpened() throws {
    try ours.write("x", to: ".git/daybook/transfers/old/objects/pack/x")
    try ours.open().closeBlocking()
    #expect(!ours.exists(".git/daybook/transfers/old"))
  }

  @Test func plainGitGoesOnWorkingBesideIt() throws {
    let mine = try ours.open()
    try put(1, "notes/a", into: mine)
    _ = try push(mine)
    try mine.closeBlocking()
    try theirs.git("pull", "-q", "origin", "main")
    #expect(try head(theirs) == head(ours))
    #expect(try theirs.git("rev-parse", "origin/main").hasPrefix(head(ours)))
    let yours = try theirs.open()
    #expect(try yours.snapshot().document("notes/a") != nil)
    #expect(try fetch(yours).commits == 0)
    try put(2, "notes/a", into: yours)
    #expect(try push(yours) == .accepted)
    try yours.closeBlocking()
    try theirs.checkGit()
  }

  @Test func aBackupLeavesOutWhatRemotesHeld() {
    #expect(!BackupReferences.isKept(origin.reference(of: "refs/heads/main")))
    #expect(BackupReferences.isKept("refs/daybook/backup/x"))
  }
}
