import Dispatch
import Git
import Logging
import Storage
import Synchronization

/// Lets the working files and the Git index follow the branch, on a thread of its own.
///
/// Replacing a file costs the disk 20–80 µs, several times what the commit did; nobody waits for it. So the files follow
/// at the disk's pace: each round puts what the branch holds by then, once for each file, however often it changed. While
/// commits come in it rests between rounds: making files holds up the file system, and with it the log.
/// Nothing is lost by their being behind: their contents are in packs, and `CleanPoint` tells after a crash which of them
/// to make sure of.
final class WorkingTree: Sendable {
  private struct Due {
    var id: ObjectID?
    /// How many commits this stands for.
    var commits: Int
  }

  private struct State {
    var due: [String: Due] = [:]
    var head: ObjectID?
    var isSettled = true
    var isClosing = false
    var lastFollowed = DispatchTime.now()
    /// Whether all files are on the disk, as far as it was noted.
    var isClean: Bool
    /// How often files were about to change.
    var departures = 0
    /// The branch is about to move, or was when that failed: only the next opening can tell where files should be.
    var awaitsBranch = false
    var waiters: [@Sendable (StoreError?) -> Void] = []
    var failure: StoreError?
  }

  private let files: WorkingFiles
  private let objects: ObjectReader
  private let root: String
  private let fileSystem: any FileSystem
  private let cleanPoint: CleanPoint
  private let logger: Logger
  private let onStep: @Sendable (WriteStep) -> Void
  private let onFailure: @Sendable (StoreError) -> Void
  private let index: Mutex<GitIndexKeeper>
  private let state: Mutex<State>
  private let work = DispatchSemaphore(value: 0)

  /// How many files one round takes.
  private static let roundFiles = 256
  /// How long after the newest commit the store still counts as busy.
  private static let busyMilliseconds = 400
  /// While it is busy, a rest takes so many times as long as the round before it, and at most so many milliseconds.
  private static let restFactor = 9
  private static let restMilliseconds = 200
  /// How long after the last file the clean point moves up, so that a crash leaves little to be made sure of.
  private static let markMilliseconds = 2_000
  /// How many restored files a message names.
  private static let namedFiles = 10

  init(
    root: String, head: ObjectID?, isClean: Bool, fileSystem: any FileSystem, files: WorkingFiles,
    objects: ObjectReader, logger: Logger, onStep: @escaping @Sendable (WriteStep) -> Void,
    onFailure: @escaping @Sendable (StoreError) -> Void
  ) {
    self.root = root
    self.fileSystem = fileSystem
    self.files = files
    self.objects = objects
    cleanPoint = CleanPoint(root: root, fileSystem: fileSystem)
    self.logger = logger
    self.onStep = onStep
    self.onFailure = onFailure
    index = Mutex(GitIndexKeeper(root: root, fileSystem: fileSystem, objects: objects))
    state = Mutex(State(head: head, isClean: isClean))
  }

  // MARK: The archive's side

  /// To be called before the branch moves: notes that files will be behind, and keeps people's Git commands from
  /// committing a stale index.
  func prepareToFollow() throws(FileError) {
    try state.withLock { state throws(FileError) in
      state.departures += 1
      state.awaitsBranch = true
      if state.isClean { try cleanPoint.leave(state.head) }
      state.isClean = false
    }
    _ = try index.withLock { index throws(FileError) in try index.guardIndex() }
  }

  /// The branch holds these changes now.
  ///
  /// - Parameter expected: Whether `WorkingFiles.expect` was told of them before; not so after a crash, when files are
  ///   only made sure of.
  func follow(_ changed: [ChangedFile], head: ObjectID, expected: Bool = true) {
    state.withLock { state in
      for file in changed {
        state.due[file.path, default: Due(commits: 0)].commits += expected ? 1 : 0
        state.due[file.path]?.id = file.id
      }
      state.head = head
      state.awaitsBranch = false
      state.isSettled = false
      state.lastFollowed = .now()
    }
    work.signal()
  }

  /// Puts these files back to what the store holds, though no commit says so.
  ///
  /// - Parameter newest: Asked while no commit can be followed: what it says of a file is not older than what was.
  func restore(_ paths: [String], to newest: (String) -> ObjectID?) throws(StoreError) {
    do {
      try state.withLock { state throws(FileError) in
        state.departures += 1
        if state.isClean { try cleanPoint.leave(state.head) }
        state.isClean = false
        for path in paths where state.due[path] == nil { state.due[path] = Due(id: newest(path), commits: 0) }
        state.isSettled = false
      }
    } catch {
      throw StoreError(.unavailable, "\(StoreLayout.cleanPoint) could not be written.", cause: error)
    }
    work.signal()
  }

  /// Calls back once files and Git index are where the branch is.
  func whenSettled(_ call: @escaping @Sendable (StoreError?) -> Void) {
    let answer: (StoreError?)? = state.withLock { state in
      if let failure = state.failure { return .some(failure) }
      if state.isSettled { return .some(nil) }
      state.waiters.append(call)
      return nil
    }
    if let answer { call(answer) }
  }

  /// Lets the thread finish what is due, and end.
  func close() {
    state.withLock { $0.isClosing = true }
    work.signal()
  }

  // MARK: The thread

  func run() {
    while true {
      do throws(StoreError) {
        let round = takeRound()
        if round.isEmpty {
          if try settle() { return }
          if work.wait(timeout: .now() + .milliseconds(Self.markMilliseconds)) == .timedOut { try restAtEase() }
        } else {
          let start = DispatchTime.now()
          try put(round)
          rest(after: start)
        }
      } catch {
        return fail(error)
      }
    }
  }

  private func rest(after start: DispatchTime) {
    let now = DispatchTime.now()
    let isBusy = state.withLock { state in
      !state.isClosing && state.waiters.isEmpty && !state.due.isEmpty
        && state.lastFollowed + .milliseconds(Self.busyMilliseconds) > now
    }
    guard isBusy else { return }
    let worked = Int((now.uptimeNanoseconds - start.uptimeNanoseconds) / 1_000_000)
    SystemTime.pause(milliseconds: min(worked * Self.restFactor, Self.restMilliseconds))
  }

  private func takeRound() -> [String: Due] {
    state.withLock { state in
      guard state.due.count > Self.roundFiles else {
        defer { state.due = [:] }
        return state.due
      }
      var round: [String: Due] = [:]
      for (path, due) in state.due.prefix(Self.roundFiles) { round[path] = due }
      for path in round.keys { state.due[path] = nil }
      return round
    }
  }

  private func put(_ round: [String: Due]) throws(StoreError) {
    var written: [GitIndexKeeper.Written] = []
    written.reserveCapacity(round.count)
    for (path, due) in round {
      let content = try due.id.map { id throws(StoreError) in (id, try read(id, path)) }
      let put = try files.put(content, at: path, commits: due.commits)
      // A file that holds an edit shows as modified: with its older revision in the index, `git commit` would take ours back.
      written.append(GitIndexKeeper.Written(path: path, id: due.id, status: put?.status))
    }
    onStep(.filesWritten)
    _ = try updateIndex(written, now: false)
    onStep(.indexWritten)
  }

  private func read(_ id: ObjectID, _ path: String) throws(StoreError) -> [UInt8] {
    do {
      return try objects.blob(id)
    } catch {
      throw StoreError(
        .damaged, "The content of \(path) cannot be read.", hint: "Run `daybook check`.", document: path, cause: error)
    }
  }

  /// Writes the index that was put off, and tells those who wait. Answers whether it is time to end.
  private func settle() throws(StoreError) -> Bool {
    try writeIndex()
    let (waiters, isClosing) = state.withLock { state in
      guard state.due.isEmpty else { return ([] as [@Sendable (StoreError?) -> Void], false) }
      state.isSettled = true
      defer { state.waiters = [] }
      return (state.waiters, state.isClosing)
    }
    reportRestored()
    for waiter in waiters { waiter(nil) }
    if isClosing { try reachCleanPoint() }
    return isClosing
  }

  /// A Git command that takes its time with the index is waited for; one that waits itself, for an editor, is not.
  private func writeIndex() throws(StoreError) {
    for _ in 1...Limits.gitIndexAttempts {
      if try updateIndex(now: true) { return }
    }
    logger.notice("Git's index is locked by another program and stays behind", metadata: ["file": ".git/index.lock"])
  }

  private func updateIndex(_ written: [GitIndexKeeper.Written] = [], now: Bool) throws(StoreError) -> Bool {
    try index.withLock { index throws(StoreError) in
      // Whoever is about to move the branch says so first, and then asks for the lock.
      let (head, isThere) = state.withLock { ($0.head, $0.due.isEmpty && !$0.awaitsBranch) }
      return try index.update(written, head: head, isLast: isThere, now: now)
    }
  }

  private func reportRestored() {
    let restored = files.takeRestored()
    guard !restored.isEmpty else { return }
    logger.notice(
      "files that a crash had left incomplete were written again",
      metadata: [
        "count": "\(restored.count)", "files": "\(restored.prefix(Self.namedFiles).joined(separator: ", "))",
      ])
  }

  /// Moves the clean point up while nothing happens, then sleeps until something does. An index that another program kept
  /// locked is tried again: it must not stay stale and free.
  private func restAtEase() throws(StoreError) {
    if state.withLock({ $0.isSettled }) { try reachCleanPoint() }
    while index.withLock({ $0.isBehind }) {
      if work.wait(timeout: .now() + .milliseconds(Limits.gitIndexRetryMilliseconds)) == .success { return }
      _ = try updateIndex(now: true)
    }
    work.wait()
  }

  private func reachCleanPoint() throws(StoreError) {
    let (isDue, departures) = state.withLock { (!$0.isClean && !$0.awaitsBranch, $0.departures) }
    guard isDue else { return }
    do {
      // Nobody waits for this sync, so that files may be about to change again by its end.
      try fileSystem.syncFileSystem(root)
      try state.withLock { state throws(FileError) in
        guard state.departures == departures else { return }
        try cleanPoint.reach()
        state.isClean = true
      }
    } catch {
      throw StoreError(.unavailable, "The working files could not be made durable.", cause: error)
    }
  }

  private func fail(_ failure: StoreError) {
    let waiters = state.withLock { state in
      state.failure = failure
      defer { state.waiters = [] }
      return state.waiters
    }
    onFailure(failure)
    for waiter in waiters { waiter(failure) }
  }
}
