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
    let commits = outcomes.map(ArchiveQueue.Commit.init)
    workingFiles.expect(commits.flatMap(\.files))
    archive.add(commits, needsSync: !isDurable)
    published.update(newest)
    onStep(.published)
    return answers
  }

  // MARK: Following the branch

  /// Takes in what a person did to the branch: goes on from there when nothing of ours waits for the archive, else makes a
  /// commit that joins both.
  func follow(_ move: BranchMerge.Move, _ merge: BranchMerge, author: Author) throws(StoreError) {
    try state.withLock { state throws(StoreError) in
      if let failure = state.failure ?? archive.failure { throw failure }
      guard var builder = state.builder.take() else { preconditionFailure("Groups are written one after the other.") }
      var failure: StoreError?
      do throws(StoreError) {
        try follow(move, merge, author, &builder, &state.failure)
      } catch {
        failure = error
      }
      published.update(PublishedState.State(index: builder.index, head: builder.head, sequence: builder.sequence))
      state.builder = consume builder
      if let failure { throw failure }
    }
  }

  private func follow(
    _ move: BranchMerge.Move, _ merge: BranchMerge, _ author: Author, _ builder: inout CommitBuilder,
    _ failure: inout StoreError?
  ) throws(StoreError) {
    do {
      let relation = try merge.relation(of: move, to: builder.head)
      if relation.follows, relation.isKnown { return }
      if relation.follows, builder.head == move.base {
        builder = try merge.successor(of: builder.index, at: builder.sequence, move)
        // Those commits are on the branch already.
        archive.committed(through: builder.sequence)
        return
      }
      let differences = try merge.differences(move, onto: &builder)
      let signature = Signature(
        name: author.name, email: author.email, seconds: builder.seconds(atOrAfter: clock.milliseconds() / 1000))
      let joined = relation.isKnown ? nil : CommitBuilder.JoinedCommit(id: move.theirs, sequence: relation.sequence)
      let outcome = try builder.commit(
        differences.map(\.change), author: signature, subject: "Follow the branch to \(move.theirs.short)",
        origin: .hand, joining: joined)
      try keep(outcome, &failure)
      for difference in differences { try adopt(difference) }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(.damaged, "What the branch holds now cannot be read.", hint: "Run `git fsck`.", cause: error)
    }
  }

  private func keep(_ outcome: CommitBuilder.Outcome, _ failure: inout StoreError?) throws(StoreError) {
    preparer.objects.stage(outcome.objects)
    do {
      try log.append([outcome.record], durable: true)
    } catch {
      failure = Self.logFailure(error)
      throw Self.logFailure(error)
    }
    workingFiles.expect(outcome.files)
    archive.add([ArchiveQueue.Commit(outcome)], needsSync: false)
  }

  /// The Git command that moved the branch has put its own files in place as well: they are ours to replace.
  private func adopt(_ difference: BranchMerge.Difference) throws(StoreError) {
    let change = difference.change
    guard try workingFiles.content(at: change.path) == difference.theirs else { return }
    workingFiles.adopt(difference.theirs, at: change.path, newest: change.content?.id)
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
