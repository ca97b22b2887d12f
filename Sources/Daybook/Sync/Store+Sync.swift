import Documents
import Git
import Storage

/// What a sync came to, or would come to.
package struct SyncReport: Sendable, Equatable {
  /// How many commits came that were not here.
  package var received = 0
  /// How many went that were not there.
  package var sent = 0
  /// Which documents and other files changed here by what came.
  package var changed: [String] = []
  /// The documents that record where both sides changed the same.
  package var conflicts: [DocumentAddress] = []
  /// What both hold afterwards; nil for a dry run that would merge.
  package var head: CommitID?
  /// All commits up to this sequence of the store are there.
  package var sequence: UInt64 = 0

  package init() {}
}

/// What a sync does first. Whoever knows of writes that are to be at the remote saves a way by pushing at once: if somebody
/// was faster, that shows.
package enum SyncOrder: Sendable {
  case fetchFirst, pushFirst
}

extension Store {
  /// Brings what a remote has and what the store has together, here and there: fetches, merges, pushes. Where somebody
  /// else pushes in between, it does so again.
  ///
  /// - Parameter onProgress: how far a transfer is.
  /// - Throws: what `fetchBlocking` throws; `.remote` when the remote does not take what is pushed; `.busy` after
  ///   `Limits.syncRounds` lost races. What has come stays here in any case.
  package func syncBlocking(
    with name: RemoteName, by connector: RemoteConnector, _ order: SyncOrder = .fetchFirst,
    onProgress: @escaping SyncProgress.Listener = { _ in }
  ) throws(StoreError) -> SyncReport {
    do throws(StoreError) {
      let report = try parts.replication.inTurn { () throws(StoreError) in
        try bringTogether(with: name, by: connector, order, onProgress)
      }
      parts.replication.reached(report.sequence)
      recordSync(with: name, error: nil)
      return report
    } catch {
      recordSync(with: name, error: error)
      throw error
    }
  }

  private func bringTogether(
    with name: RemoteName, by connector: RemoteConnector, _ order: SyncOrder,
    _ onProgress: @escaping SyncProgress.Listener
  ) throws(StoreError) -> SyncReport {
    var report = SyncReport()
    for round in 1...Limits.syncRounds {
      var tip = try fetched(from: name)
      let mayPush = order == .pushFirst && round == 1 ? try isHere(tip) : false
      if !mayPush {
        tip = try fetchBlocking(from: name, by: connector, onProgress: { onProgress(SyncProgress($0)) }).tip
        if let tip { try takeIn(tip, &report) }
      }
      // Also what was written, or put right, since.
      report.sequence = published.sequence
      try parts.waitForArchive(of: report.sequence)
      guard let head = try archivedHead() else { return report }
      report.head = CommitID(head)
      if head == tip {
        register(head, at: name, by: connector)
        return report
      }
      let sent = try countCommits(after: tip, through: head)
      switch try pushBlocking(head, to: name, by: connector, onProgress: { onProgress(SyncProgress($0)) }) {
      case .accepted:
        report.sent += sent
        return report
      case .refused(let words):
        throw StoreError(
          .remote, "The remote '\(name)' does not take what was pushed: \(words)",
          hint: "What it holds was merged here; a rule or a hook there keeps the branch as it is.")
      case .lostRace:
        // Several that lost against each other are not to meet again.
        SystemTime.pause(milliseconds: Int.random(in: 0...(Limits.syncPauseMilliseconds * round)))
      }
    }
    throw StoreError(
      .busy, "Others pushed to '\(name)' \(Limits.syncRounds) times while this store was about to.",
      hint: "What they pushed is here. Sync again.")
  }

  /// What a sync would come to now: what the remote holds is fetched, and nothing else changes.
  package func planSyncBlocking(
    with name: RemoteName, by connector: RemoteConnector, onProgress: @escaping SyncProgress.Listener = { _ in }
  ) throws(StoreError) -> SyncReport {
    let fetched = try fetchBlocking(from: name, by: connector, onProgress: { onProgress(SyncProgress($0)) })
    try parts.waitForArchive(of: published.sequence)
    guard let head = try archivedHead() else { return SyncReport() }
    var report = SyncReport()
    report.sent = try countCommits(after: fetched.tip, through: head)
    guard let tip = fetched.tip else { return report }
    report.received = try countCommits(after: head, through: tip)
    try NewerForm.refuse(at: tip, parts.objects)
    let merge = StoreMerge(objects: parts.objects)
    let outcome = try merge.joining(head, tip)
    parts.objects.stage(outcome.objects)
    defer { parts.objects.staged.remove(outcome.objects.map(\.id)) }
    report.note(try merge.changes(from: head, to: outcome.commit), published.index.kinds)
    if outcome.objects.isEmpty { report.head = CommitID(outcome.commit) }
    return report
  }

  /// Whether our branch holds a commit that a remote had.
  private func isHere(_ tip: ObjectID?) throws(StoreError) -> Bool {
    guard let tip, let head = try archivedHead() else { return false }
    return try StoreOpening.reading("the history") { () throws(GitError) in
      try parts.objects.withRepository { repository throws(GitError) in try repository.isAncestor(tip, of: head) }
    }
  }

  private func takeIn(_ tip: ObjectID, _ report: inout SyncReport) throws(StoreError) {
    try parts.replication.closingDoor { () throws(StoreError) in try join(tip, &report) }
  }

  private func join(_ tip: ObjectID, _ report: inout SyncReport) throws(StoreError) {
    try parts.waitForArchive(of: published.sequence)
    let broken = try Withdrawal(store: self).takeBackBroken(by: tip)
    defer { for (write, error) in broken { parts.replication.fail([write], error) } }
    try parts.waitForArchive(of: published.sequence)
    if let head = try archivedHead() { report.received += try countCommits(after: head, through: tip) }
    let files = try parts.archiver.join(tip)
    report.note(files, published.index.kinds)
  }

  private var published: PublishedState.State { parts.published.current }

  /// What the branch holds.
  func archivedHead() throws(StoreError) -> ObjectID? {
    try StoreOpening.reading("the branch") { () throws(GitError) in
      try parts.objects.withRepository { repository throws(GitError) in try repository.reference(parts.branch) }
    }
  }

  private func countCommits(after base: ObjectID?, through tip: ObjectID) throws(StoreError) -> Int {
    try StoreOpening.reading("the history") { () throws(GitError) in
      try parts.objects.withRepository { repository throws(GitError) in
        try repository.commits(after: base, through: tip).count
      }
    }
  }
}

extension SyncReport {
  fileprivate mutating func note(_ files: [ChangedFile], _ kinds: Kinds) {
    for file in files {
      guard let address = StoreLayout.place(of: file.path, kinds).address else {
        changed.append(file.path)
        continue
      }
      if address.collection.text == ConflictRecord.collection, file.basis == nil {
        conflicts.append(address)
      } else if changed.last != "\(address)" {
        changed.append("\(address)")
      }
    }
  }
}
