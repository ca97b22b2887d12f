import Dispatch
import Git
import Synchronization

/// A file as a commit changed it: what it held and what it holds, nil for nothing.
struct ChangedFile: Sendable {
  var path: String
  var basis: ObjectID?
  var id: ObjectID?
}

/// The commits that are acknowledged but not in the archive yet, between the writer, who adds them, and the archive's
/// thread, who puts them away.
final class ArchiveQueue: Sendable {
  /// What the archive needs to know of a commit.
  struct Commit: Sendable {
    var sequence: UInt64
    var id: ObjectID
    var objects: [GitObject]
    var files: [ChangedFile]
    var bytes: Int

    init(_ outcome: CommitBuilder.Outcome) {
      sequence = outcome.sequence
      id = outcome.commit
      objects = outcome.objects
      files = outcome.files
      bytes = outcome.objects.reduce(0) { $0 + $1.content.count }
    }
  }

  private struct State {
    var pending: [Commit] = []
    var pendingBytes = 0
    /// What the archive's thread has taken and not finished.
    var takenBytes = 0
    var oldestPending: DispatchTime?
    /// Since when the log holds something that was acknowledged without a sync.
    var unsyncedSince: DispatchTime?
    var archived: UInt64 = 0
    var waiters: [(sequence: UInt64, call: @Sendable (StoreError?) -> Void)] = []
    var failure: StoreError?
    var isClosing = false
    var writerWaits = false
  }

  private let state: Mutex<State>
  private let work = DispatchSemaphore(value: 0)
  private let room = DispatchSemaphore(value: 0)

  init(archived: UInt64) {
    state = Mutex(State(archived: archived))
  }

  // MARK: The writer's side

  func add(_ commits: [Commit], needsSync: Bool) {
    let isNews = state.withLock { state in
      // Waking a thread costs as much as a small write: it is done when what the thread waits for has changed.
      var isNews = state.oldestPending == nil || needsSync && state.unsyncedSince == nil
      state.oldestPending = state.oldestPending ?? .now()
      // A sync of the log covers whatever was written before it.
      state.unsyncedSince = needsSync ? state.unsyncedSince ?? .now() : nil
      let wasShort = state.pendingBytes < Limits.packBytes
      state.pending.append(contentsOf: commits)
      state.pendingBytes += commits.reduce(0) { $0 + $1.bytes }
      isNews = isNews || wasShort && state.pendingBytes >= Limits.packBytes
      return isNews
    }
    if isNews { work.signal() }
  }

  /// Blocks the writer while too much waits for the archive: memory and the log are bounded by the archive's speed.
  func waitForRoom() {
    while true {
      let mustWait = state.withLock { state in
        let isFull = state.pendingBytes + state.takenBytes > Limits.unarchivedBytes && state.failure == nil
        state.writerWaits = isFull
        return isFull
      }
      guard mustWait else { return }
      room.wait()
    }
  }

  /// Whether the writer would have to wait now.
  var isFull: Bool {
    state.withLock { $0.pendingBytes + $0.takenBytes > Limits.unarchivedBytes && $0.failure == nil }
  }

  /// Calls back once the commit is in the archive, or will not get there.
  func whenArchived(_ sequence: UInt64, _ call: @escaping @Sendable (StoreError?) -> Void) {
    let answer: (StoreError?)? = state.withLock { state in
      if state.archived >= sequence { return .some(nil) }
      if let failure = state.failure { return .some(failure) }
      state.waiters.append((sequence, call))
      return nil
    }
    if let answer { call(answer) } else { work.signal() }
  }

  var failure: StoreError? { state.withLock { $0.failure } }
  var unarchivedCount: Int { state.withLock { $0.pending.count } }

  // MARK: The archive's side

  enum Step {
    /// These commits are due.
    case archive([Commit])
    /// The log is due for a sync.
    case syncLog
    /// Nothing is due before this time; nil: before something is added.
    case wait(until: DispatchTime?)
    case stop
  }

  func nextStep() -> Step {
    state.withLock { state in
      if state.failure != nil { return .stop }
      let now = DispatchTime.now()
      if let since = state.unsyncedSince, since + .milliseconds(Limits.memoryDelayMilliseconds) <= now {
        state.unsyncedSince = nil
        return .syncLog
      }
      guard let oldest = state.oldestPending else { return state.isClosing ? .stop : .wait(until: nil) }
      let isBusy = state.pending.count > Limits.busyCommits
      let due =
        oldest + .milliseconds(isBusy ? Limits.busyArchiveDelayMilliseconds : Limits.archiveDelayMilliseconds)
      if due <= now || state.isClosing || !state.waiters.isEmpty
        || state.pendingBytes >= Limits.packBytes
      {
        return .archive(Self.take(&state))
      }
      let sync = state.unsyncedSince.map { $0 + .milliseconds(Limits.memoryDelayMilliseconds) }
      return .wait(until: min(due, sync ?? due))
    }
  }

  private static func take(_ state: inout State) -> [Commit] {
    var bytes = 0
    var count = 0
    while count < state.pending.count, count == 0 || bytes + state.pending[count].bytes <= Limits.packBytes {
      bytes += state.pending[count].bytes
      count += 1
    }
    let batch = Array(state.pending.prefix(count))
    state.pending.removeFirst(count)
    state.pendingBytes -= bytes
    state.takenBytes = bytes
    state.oldestPending = state.pending.isEmpty ? nil : .now()
    return batch
  }

  /// All commits that wait, to be archived together with those that were taken before.
  func takeRest() -> [Commit] {
    state.withLock { state in
      state.takenBytes += state.pendingBytes
      state.pendingBytes = 0
      state.oldestPending = nil
      defer { state.pending = [] }
      return state.pending
    }
  }

  func wait(until time: DispatchTime?) {
    if let time { _ = work.wait(timeout: time) } else { work.wait() }
  }

  /// The branch holds everything up to this commit.
  func committed(through sequence: UInt64) {
    let reached = state.withLock { state in
      state.archived = sequence
      let reached = state.waiters.filter { $0.sequence <= sequence }
      state.waiters.removeAll { $0.sequence <= sequence }
      return reached
    }
    for waiter in reached { waiter.call(nil) }
  }

  /// The batch that was taken is put away, log and all.
  func finished() {
    let wakesWriter = state.withLock { state in
      state.takenBytes = 0
      return state.writerWaits
    }
    if wakesWriter { room.signal() }
  }

  /// Nothing goes into the archive any more; everyone who waits is told why.
  func stop(because failure: StoreError) {
    let (waiters, wakesWriter) = state.withLock { state in
      state.failure = state.failure ?? failure
      defer { state.waiters = [] }
      return (state.waiters, state.writerWaits)
    }
    for waiter in waiters { waiter.call(failure) }
    if wakesWriter { room.signal() }
    work.signal()
  }

  /// Lets the archive's thread put away what is left, and end.
  func close() {
    state.withLock { $0.isClosing = true }
    work.signal()
  }
}
