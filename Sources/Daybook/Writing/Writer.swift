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
  private let published: PublishedState
  private let archive: ArchiveQueue
  private let clock: Clock
  private let onStep: @Sendable (WriteStep) -> Void

  init(
    builder: consuming sending CommitBuilder, log: SharedLog, preparer: Preparer, published: PublishedState,
    archive: ArchiveQueue,
    clock: Clock, onStep: @escaping @Sendable (WriteStep) -> Void
  ) {
    state = Mutex(State(builder: builder))
    self.log = log
    self.preparer = preparer
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
    preparer.workingFiles.expect(commits.flatMap(\.files))
    archive.add(commits, needsSync: !isDurable)
    published.update(newest)
    onStep(.published)
    return answers
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
