import Git
import Storage
import Synchronization

/// The one writer: takes the waiting transactions as a group, makes commits of them, writes those to the log with one
/// sync, publishes the new state, and only then answers.
///
/// Runs in the turns of a `CommitLoop`, of which there is one at a time: its lock is never waited for. After a failed
/// write or sync it takes nothing more: what reached the disk is unknown, and only opening anew can tell.
final class Writer: Sendable {
  struct Request: Sendable {
    var transaction: PreparedTransaction
    var durability: Durability
    var answer: @Sendable (Result<Receipt, StoreError>) -> Void
  }

  private struct State: ~Copyable {
    /// Absent only while a group is being staged, so that its folders are edited in place and not copied.
    var builder: CommitBuilder?
    var failure: StoreError?
  }

  private let state: Mutex<State>
  private let log: SharedLog
  private let preparer: Preparer
  private let workingFiles: WorkingFiles
  private let published: PublishedState
  private let archive: ArchiveQueue
  private let clock: Clock
  private let onStep: @Sendable (WriteStep) -> Void

  init(
    builder: consuming sending CommitBuilder, log: SharedLog, preparer: Preparer, workingFiles: WorkingFiles,
    published: PublishedState, archive: ArchiveQueue,
    clock: Clock, onStep: @escaping @Sendable (WriteStep) -> Void
  ) {
    state = Mutex(State(builder: builder))
    self.log = log
    self.preparer = preparer
    self.workingFiles = workingFiles
    self.published = published
    self.archive = archive
    self.clock = clock
    self.onStep = onStep
  }

  /// Handles one group. Each request is answered exactly once.
  func handle(_ group: [Request]) {
    archive.waitForRoom()
    for answer in state.withLock({ write(group, &$0) }) { acknowledge(answer.request, answer.result) }
  }

  private func write(_ group: [Request], _ state: inout State) -> [GroupStaging.Answer] {
    if let failure = state.failure ?? archive.failure { return group.map { ($0, .failure(failure)) } }
    guard let current = state.builder.take() else { preconditionFailure("Groups are written one after the other.") }
    var staging = GroupStaging(builder: current, preparer: preparer, milliseconds: clock.milliseconds())
    staging.stage(group)
    let (outcomes, answers) = (staging.outcomes, staging.answers)
    let builder = staging.finish()
    let newest = PublishedState.State(index: builder.index, head: builder.head, sequence: builder.sequence)
    state.builder = consume builder
    guard !outcomes.isEmpty else { return answers }
    onStep(.staged)
    let isDurable = group.contains { $0.durability != .memory }
    do {
      try log.append(outcomes.map(\.record), durable: isDurable)
    } catch {
      let failure = Self.logFailure(error)
      state.failure = failure
      archive.stop(because: failure)
      return group.map { ($0, .failure(failure)) }
    }
    onStep(.logged)
    for case (let request, .success) in answers { request.transaction.adoptions.forEach(workingFiles.adopt) }
    let commits = outcomes.map(ArchiveQueue.Commit.init)
    workingFiles.expect(commits.flatMap(\.files))
    // What the archive hands on to the working files is published by then.
    published.recent.add(outcomes)
    published.update(newest)
    archive.add(commits, needsSync: !isDurable)
    onStep(.published)
    return answers
  }

  // MARK: Following the branch

  /// What was found on the branch that is to be told.
  struct Followed {
    var refusals: [String: StoreError] = [:]
    var leaks: [LeakNotes.Note] = []
    /// Working files that are expected, and are to be made now.
    var files: [ChangedFile] = []
  }

  /// Takes in what a person did to the branch: goes on from there when nothing of ours waits for the archive, with a commit
  /// on top if something has to be put right; else makes a commit that joins both.
  func follow(_ move: BranchMerge.Move, _ merge: BranchMerge, author: Author) throws(StoreError) -> Followed {
    try state.withLock { state throws(StoreError) in
      if let failure = state.failure ?? archive.failure { throw failure }
      guard var builder = state.builder.take() else { preconditionFailure("Groups are written one after the other.") }
      var failure: StoreError?
      var followed = Followed()
      do throws(StoreError) {
        followed = try follow(move, merge, author, &builder, &state.failure)
      } catch {
        failure = error
      }
      // A commit that is not in the log is seen by nobody.
      if state.failure == nil {
        published.update(PublishedState.State(index: builder.index, head: builder.head, sequence: builder.sequence))
      }
      state.builder = consume builder
      if let failure { throw failure }
      return followed
    }
  }

  private func follow(
    _ move: BranchMerge.Move, _ merge: BranchMerge, _ author: Author, _ builder: inout CommitBuilder,
    _ failure: inout StoreError?
  ) throws(StoreError) -> Followed {
    do {
      let relation = try merge.relation(of: move, to: builder.head)
      if relation.follows, relation.isKnown { return Followed() }
      let arrivals = try merge.arrivals(move, onto: &builder)
      let followed = Followed(refusals: arrivals.refusals, leaks: try merge.noteLeaks(move, arrivals.kinds))
      // Looked at before anything is decided: between a commit and its record in the log nothing may fail.
      let corrected = arrivals.files.filter { $0.content?.id != $0.file.theirs }
      let onDisk = Set(try corrected.map(\.file).filter { try isOnDisk($0) }.map(\.path))
      let isAhead = relation.follows && builder.head == move.base
      let made =
        isAhead
        ? try goOn(move, merge, arrivals, &builder) : try join(move, relation, merge, arrivals, author, &builder)
      if let files = move.files {
        return try finish(made, ofSync: isAhead ? files : [], corrected, followed, &failure)
      }
      guard var outcome = made else { return followed }
      // What stays as we hold it is put back as well, into the file or at least Git's index, though no commit changes it.
      outcome.include(corrected, over: \.theirs)
      try keep(outcome, &failure)
      for arrival in corrected {
        let path = arrival.file.path
        settle(arrival, isRefused: arrivals.refusals[path] != nil, isOnDisk: onDisk.contains(path))
      }
      return followed
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(.damaged, "What the branch holds now cannot be read.", hint: "Run `git fsck`.", cause: error)
    }
  }

  /// The working files are still as we left them. Those that must not be as the branch has them become at once what is
  /// put on top of it.
  private func finish(
    _ made: CommitBuilder.Outcome?, ofSync files: [ChangedFile], _ corrected: [Arrivals.File], _ followed: Followed,
    _ failure: inout StoreError?
  ) throws(StoreError) -> Followed {
    let paths = Set(corrected.map(\.file.path))
    var followed = followed
    followed.files = files.filter { !paths.contains($0.path) }
    workingFiles.expect(followed.files)
    guard var outcome = made else { return followed }
    outcome.files.removeAll { paths.contains($0.path) }
    outcome.include(corrected, over: \.ours)
    try keep(outcome, &failure)
    return followed
  }

  /// The branch simply went ahead: goes on from there, with a commit on top if something has to be put right.
  private func goOn(
    _ move: BranchMerge.Move, _ merge: BranchMerge, _ arrivals: Arrivals, _ builder: inout CommitBuilder
  ) throws -> CommitBuilder.Outcome? {
    var successor = try merge.successor(of: builder.index, at: builder.sequence, move)
    let arrived = successor.sequence
    let changes = try merge.changes(arrivals, ofTheirs: true, successor.index.kinds)
    let names = changes.map(\.path).joined(separator: ", ")
    let outcome =
      changes.isEmpty
      ? nil
      : try successor.commit(
        changes, author: signature(.store, successor),
        subject: CommitMessage.subject(from: "Put right what \(move.theirs.short) brought: \(names)"), origin: .store)
    builder = successor
    // Those commits are on the branch already.
    archive.committed(through: arrived)
    return outcome
  }

  /// A commit with what arrived on top of ours, which stays its first parent: so sequences only ever go on. One that we
  /// have among our own is no parent: the branch was moved back.
  private func join(
    _ move: BranchMerge.Move, _ relation: BranchMerge.Relation, _ merge: BranchMerge, _ arrivals: Arrivals,
    _ author: Author, _ builder: inout CommitBuilder
  ) throws -> CommitBuilder.Outcome {
    let changes = try merge.changes(arrivals, ofTheirs: false, builder.index.kinds)
    let other = relation.isKnown ? nil : try CommitBuilder.JoinedCommit(move.theirs, preparer.objects)
    return try builder.commit(
      changes, author: signature(author, builder), subject: "Follow the branch to \(move.theirs.short)",
      origin: move.origin, joining: other)
  }

  private func signature(_ author: Author, _ builder: borrowing CommitBuilder) -> Signature {
    Signature(
      name: author.name, email: author.email, seconds: builder.seconds(atOrAfter: clock.milliseconds() / 1000))
  }

  private func keep(_ outcome: CommitBuilder.Outcome, _ failure: inout StoreError?) throws(StoreError) {
    preparer.objects.stage(outcome.objects)
    do {
      try log.append([outcome.record], durable: true)
    } catch {
      let reason = Self.logFailure(error)
      failure = reason
      archive.stop(because: reason)
      throw reason
    }
    workingFiles.expect(outcome.files)
    archive.add([ArchiveQueue.Commit(outcome)], needsSync: false)
  }

  private func isOnDisk(_ file: ArrivingFile) throws(StoreError) -> Bool {
    let found = try workingFiles.look(at: file.path)
    return found.obstacle == nil && found.id == file.theirs
  }

  /// The Git command that moved the branch has put its own files in place as well: they are ours to replace. A file that
  /// could not be taken holds a hand edit of what we hold, whatever became of it since.
  private func settle(_ arrival: Arrivals.File, isRefused: Bool, isOnDisk: Bool) {
    let file = arrival.file
    if isRefused {
      workingFiles.disown(file.path, base: file.ours)
    } else if isOnDisk {
      workingFiles.adopt(
        WorkingFiles.Adoption(path: file.path, id: file.theirs, newest: arrival.content?.id))
    }
  }

  private func acknowledge(_ request: Request, _ result: Result<Receipt, StoreError>) {
    guard request.durability == .committed, case .success(let receipt) = result else { return request.answer(result) }
    archive.whenArchived(receipt.sequence) { failure in
      request.answer(failure.map { .failure($0) } ?? result)
    }
  }

  private static func logFailure(_ error: LogError) -> StoreError {
    StoreError(
      .unavailable, "The write could not be made durable; the store takes no more writes.",
      hint: "Mend the cause and open the store again: what was acknowledged is safe.", cause: error)
  }
}

extension CommitBuilder.Outcome {
  /// Lets files follow that the commit itself may not change.
  ///
  /// - Parameter disk: which of the sides they hold.
  fileprivate mutating func include(_ arrivals: [Arrivals.File], over disk: KeyPath<ArrivingFile, ObjectID?>) {
    let known = Set(files.map(\.path))
    for arrival in arrivals where !known.contains(arrival.file.path) {
      let basis = arrival.file[keyPath: disk]
      files.append(ChangedFile(path: arrival.file.path, basis: basis, id: arrival.content?.id))
    }
  }
}
