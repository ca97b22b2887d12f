import Dispatch
import Git
import Logging
import Storage
import Synchronization

/// The archive's thread: puts acknowledged commits where Git sees them, in an order in which a crash at any point loses
/// nothing and confuses nobody.
///
///     pack and index on disk, read back → branch moved → log dropped
///                                                      ╲ working files → Git index   (`WorkingTree`)
///
/// Up to the move of the branch the commits exist only for us; opening after a crash finds them in the log and makes the
/// same pack again. From the move on they are Git's, and working files that a crash left behind are made from there.
final class Archiver: Sendable {
  private let state: Mutex<State>
  private let maintenance: PackMaintenance
  private let condenser: Condenser
  private let queue: ArchiveQueue
  private let log: SharedLog
  private let workingTree: WorkingTree
  private let objects: ObjectReader
  private let logger: Logger
  private let onStep: @Sendable (WriteStep) -> Void
  private let onSyncStep: @Sendable (SyncStep) -> Void
  private let follow: @Sendable (BranchMerge.Move) throws(StoreError) -> Writer.Followed

  private struct State: ~Copyable {
    var repository: Repository
    var branch: String
    /// What the branch holds.
    var head: ObjectID?
  }

  init(
    repository: consuming sending Repository, branch: String, head: ObjectID?, maintenance: PackMaintenance,
    condenser: Condenser, queue: ArchiveQueue, log: SharedLog, workingTree: WorkingTree,
    objects: ObjectReader, logger: Logger, onStep: @escaping @Sendable (WriteStep) -> Void,
    onSyncStep: @escaping @Sendable (SyncStep) -> Void,
    follow: @escaping @Sendable (BranchMerge.Move) throws(StoreError) -> Writer.Followed
  ) {
    self.follow = follow
    state = Mutex(State(repository: repository, branch: branch, head: head))
    self.maintenance = maintenance
    self.condenser = condenser
    self.queue = queue
    self.log = log
    self.workingTree = workingTree
    self.objects = objects
    self.logger = logger
    self.onStep = onStep
    self.onSyncStep = onSyncStep
  }

  /// Runs until the queue is closed or the archive fails.
  func run() {
    while true {
      do throws(StoreError) {
        switch queue.nextStep() {
        case .wait(let time): queue.wait(until: time)
        case .syncLog: try syncLog()
        case .archive(let commits): try state.withLock { state throws(StoreError) in try archive(commits, &state) }
        case .stop: return
        }
      } catch {
        logger.error("archiving failed", metadata: ["error": "\(error)"])
        return queue.stop(because: error)
      }
    }
  }

  private func syncLog() throws(StoreError) {
    do {
      try log.sync()
    } catch {
      throw StoreError(.unavailable, "The log could not be synced.", cause: error)
    }
  }

  // MARK: Following the branch

  /// Looks whether a person's Git command moved the branch, and follows it if so. The commits that wait for the archive go
  /// on top of what the branch holds now.
  ///
  /// - Throws: `.conflict` when HEAD names another branch: the store then takes no more writes.
  func followBranch() throws(StoreError) {
    try state.withLock { state throws(StoreError) in try followBranch(&state) }
  }

  /// Lets the branch go on to a commit that holds what both it and another commit have, the same on all machines: see
  /// `StoreMerge`. What is written meanwhile goes on top.
  ///
  /// - Returns: which files of the branch that changed.
  func join(_ other: ObjectID) throws(StoreError) -> [ChangedFile] {
    try state.withLock { state throws(StoreError) in
      try followBranch(&state)
      try refreshReaders()
      try NewerForm.refuse(at: other, objects)
      let merge = StoreMerge(objects: objects)
      let merged =
        try state.head.map { head throws(StoreError) in try merge.joining(head, other) }
        ?? StoreMerge.Outcome(commit: other)
      if merged.commit == state.head { return [] }
      objects.stage(merged.objects)
      defer { objects.staged.remove(merged.objects.map(\.id)) }
      let files = try merge.changes(from: state.head, to: merged.commit)
      let pack = try putPack(of: merged.objects, &state)
      onSyncStep(.merged)
      guard try exchangeBranch(for: merged.commit, state) else { throw Self.branchMoves(state.branch) }
      onSyncStep(.joined)
      try followBranch(&state, making: files)
      onSyncStep(.followed)
      if let pack { try Self.describing("The pack could not be released.") { try maintenance.folder.release(pack) } }
      return files
    }
  }

  private static func branchMoves(_ branch: String) -> StoreError {
    StoreError(.busy, "The branch \(branch) was moved by another program meanwhile.", hint: "Try again.")
  }

  private func followBranch(_ state: inout State, making files: [ChangedFile]? = nil) throws(StoreError) {
    do {
      try requireBranch(state)
      guard let found = try state.repository.reference(state.branch), found != state.head else { return }
      try state.repository.refreshObjects()
      try refreshReaders()
      try checkForm(of: found)
      let followed = try follow(BranchMerge.Move(base: state.head, theirs: found, files: files))
      if files == nil {
        logger.notice(
          "the branch was moved by another program, and is followed", metadata: ["commit": "\(found.short)"])
      }
      tell(followed)
      state.head = found
      if !followed.files.isEmpty { workingTree.follow(followed.files, head: found) }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(.damaged, "The branch could not be read.", hint: "Run `git fsck` in the store.", cause: error)
    }
  }

  /// What a newer program has written is left to it: the store then takes no more writes.
  private func checkForm(of commit: ObjectID) throws(StoreError) {
    do throws(StoreError) {
      try NewerForm.refuse(at: commit, objects)
    } catch  where error.code == .newerFormat {
      queue.stop(because: error)
      throw error
    }
  }

  private func tell(_ followed: Writer.Followed) {
    for (path, error) in followed.refusals.sorted(by: { $0.key < $1.key }) {
      logger.warning(
        "a commit holds a file that is invalid; the last good state is served",
        metadata: ["file": "\(path)", "error": "\(error)"])
    }
    for leak in followed.leaks {
      logger.warning(
        "a commit holds a secret in clear text: change it where it is used",
        metadata: ["document": "\(leak.document)", "member": "\(leak.member)", "commit": "\(leak.commit.short)"])
    }
  }

  /// The files are those of the branch that HEAD names: on another one nothing may be put into them.
  private func requireBranch(_ state: borrowing State) throws {
    if try state.repository.currentBranch() == state.branch { return }
    let failure = StoreError(
      .conflict,
      "HEAD names another branch than \(state.branch), which the store was opened on; it takes no more writes.",
      hint: "Switch back, or open the store again to work on the other branch.")
    queue.stop(because: failure)
    throw failure
  }

  // MARK: The steps

  private func archive(_ commits: [ArchiveQueue.Commit], _ state: inout State) throws(StoreError) {
    guard let first = commits.last else { return }
    try Self.describing("HEAD could not be read.") { try requireBranch(state) }
    var packs = [try putPack(of: commits.flatMap(\.objects), &state)].compactMap(\.self)
    var commits = commits
    onStep(.packed)
    if try !moveBranch(to: first.id, &state) {
      try followBranch(&state)
      let joining = queue.takeRest()
      if let pack = try putPack(of: joining.flatMap(\.objects), &state) { packs.append(pack) }
      commits += joining
      guard try moveBranch(to: commits[commits.count - 1].id, &state) else { throw Self.branchIsTaken(state.branch) }
    }
    let last = commits[commits.count - 1]
    onStep(.committed)
    workingTree.follow(commits.flatMap(\.files), head: last.id)
    queue.committed(through: last.sequence)
    try Self.describing("The log could not be shortened.") {
      try log.drop(through: last.sequence)
      for pack in packs { try maintenance.folder.release(pack) }
    }
    onStep(.logDropped)
    try refreshReaders()
    objects.staged.remove(commits.lazy.flatMap { $0.objects.lazy.map(\.id) })
    queue.finished()
    try mergePacks(&state)
    condenser.noteArchived()
  }

  /// - Returns: its name; nil where there is nothing to pack.
  private func putPack(of objects: [GitObject], _ state: inout State) throws(StoreError) -> String? {
    let pack = objects.isEmpty ? nil : PackComposer.pack(objects)
    try Self.describing("The pack of the newest commits could not be written.") {
      if let pack { try maintenance.folder.put(pack) }
      try state.repository.refreshObjects()
      try workingTree.prepareToFollow()
    }
    return pack?.name
  }

  /// Answers false when somebody else moved it.
  ///
  /// After a failure the branch may hold the commit all the same, as when only its sync failed. That does not count: the
  /// log must not be shortened for a branch that a power cut may take back.
  private func moveBranch(to commit: ObjectID, _ state: inout State) throws(StoreError) -> Bool {
    guard try exchangeBranch(for: commit, state) else { return false }
    state.head = commit
    return true
  }

  private func exchangeBranch(for commit: ObjectID, _ state: borrowing State) throws(StoreError) -> Bool {
    do {
      try Self.whileLocked { () throws(GitError) in
        try state.repository.moveReference(state.branch, from: state.head, to: commit, message: "daybook")
      }
    } catch {
      if error.code == .moved { return false }
      if error.code == .locked { throw Self.branchIsTaken(state.branch) }
      throw StoreError(
        .unavailable, "The branch \(state.branch) could not be moved; the store takes no more writes.",
        hint: Self.reopening, cause: error)
    }
    return true
  }

  private static func branchIsTaken(_ branch: String) -> StoreError {
    StoreError(
      .conflict, "The branch \(branch) is in another program's hands; the store takes no more writes.", hint: reopening)
  }

  private static let reopening = "Open the store again: what was acknowledged is safe in its log."

  /// Tries again while a person's Git command holds the branch.
  private static func whileLocked(_ move: () throws(GitError) -> Void) throws(GitError) {
    for delay in BranchLock.delays {
      do {
        return try move()
      } catch  where error.code == .locked {
        SystemTime.pause(milliseconds: delay)
      }
    }
    try move()
  }

  /// Readers see the new pack before the staged objects go.
  private func refreshReaders() throws(StoreError) {
    try StoreOpening.reading("the new pack") { () throws(GitError) in
      try objects.withRepository { repository throws(GitError) in try repository.refreshObjects() }
    }
  }

  private func mergePacks(_ state: inout State) throws(StoreError) {
    do {
      guard try maintenance.mergeIfNeeded(refresh: refreshReaders) else { return }
      try objects.reopen()
      try reopen(&state)
    } catch {
      // Too many packs are slow, not wrong; the next archiving tries again.
      logger.warning("packs could not be merged", metadata: ["error": "\(error)"])
    }
  }

  /// Lets go of packs that are gone from the disk: libgit2 holds them open, and so their space, as long as it lives.
  func reopen() throws(GitError) {
    try state.withLock { state throws(GitError) in try reopen(&state) }
  }

  private func reopen(_ state: inout State) throws(GitError) {
    state.repository = try state.repository.reopened(staged: objects.staged)
  }

  private static func describing(_ message: String, _ body: () throws -> Void) throws(StoreError) {
    do {
      try body()
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(
        .unavailable, message, hint: "Mend the cause and open the store again: what was acknowledged is safe.",
        cause: error)
    }
  }
}
