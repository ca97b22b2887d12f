import Dispatch
import Git
import Logging
import Storage
import Synchronization

/// Takes what people and other programs make of the files into the store.
///
///     seen ──quiet for a moment──▶ looked at ──▶ untouched
///                                     │  ├─────▶ taken in: one commit for all that are due together
///                                     │  └─────▶ quarantined: invalid; the last good value is served, the file stays
///                                     └─missing─▶ looked at again later, then taken in as a deletion
///
/// Two ways lead here: the watcher's thread, and a write to a document whose file holds an edit (`takeInBefore`), which is
/// taken in first. Both take edits in one at a time.
final class HandEdits: Sendable {
  private struct State {
    var schedule = HandEditSchedule()
    /// Why files with an edit are left alone.
    var problems: [String: StoreError] = [:]
    /// Nil until folders are watched.
    var watcher: (any FolderWatcher)?
    /// Something may have happened in Git's folder that was not looked at, as before it was watched.
    var hasGitNews = true
    var isClosing = false
  }

  private let root: String
  private let fileSystem: any FileSystem
  private let kinds: Kinds
  private let author: Author
  private let files: WorkingFiles
  private let tree: WorkingTree
  private let writes: WritePath
  private let archiver: Archiver
  private let git: GitActivity
  private let reader: HandEditReader
  private let logger: Logger
  private let state = Mutex(State())
  /// Held while edits are taken in.
  private let turn = Mutex(())
  private let closing = DispatchSemaphore(value: 0)

  init(
    root: String, fileSystem: any FileSystem, author: Author, files: WorkingFiles, tree: WorkingTree, writes: WritePath,
    archiver: Archiver, makeID: @escaping @Sendable () -> DocumentID, logger: Logger
  ) {
    self.root = root
    self.fileSystem = fileSystem
    kinds = writes.preparer.kinds
    self.author = author
    self.files = files
    self.tree = tree
    self.writes = writes
    self.archiver = archiver
    git = GitActivity(root: root, fileSystem: fileSystem)
    reader = HandEditReader(kinds: kinds, objects: writes.preparer.objects, makeID: makeID)
    self.logger = logger
  }

  /// Files whose edit cannot be taken in, by path.
  var problems: [FileProblem] {
    state.withLock { state in
      state.problems.sorted { $0.key < $1.key }.map { FileProblem(path: $0.key, error: $0.value) }
    }
  }

  private static var now: UInt64 { DispatchTime.now().uptimeNanoseconds / 1_000_000 }

  // MARK: Before a write

  /// Takes in the edits that these changes would meet; answers what was taken in. Edits that cannot be are left where they
  /// are, and hold nobody up.
  func takeInBefore(_ changes: [FileChange]) throws(StoreError) -> [TakenEdit] {
    let suspects = try suspects(among: changes)
    // While a Git command is at work its files are no wish yet; they are not covered up either.
    if suspects.isEmpty { return [] }
    if try git.current() != nil { return [] }
    return try takeIn(suspects, deletionsCount: .atOnce)
  }

  private func suspects(among changes: [FileChange]) throws(StoreError) -> Set<String> {
    let watcher = try drain()
    let index = writes.published.current.index
    var suspects: Set<String> = []
    for change in changes where change.index != nil {
      if let watcher, watcher.isExact(for: parentPath(of: change.path)), !hasNews(of: change.path) { continue }
      let revisions = [change.basis, change.content?.id, index.revision(at: change.path, kinds)]
      if try files.edit(at: change.path, revisions: revisions) != nil { suspects.insert(change.path) }
    }
    return suspects
  }

  private func hasNews(of path: String) -> Bool {
    files.holdsEdit(path) || state.withLock { $0.problems[path] != nil || $0.schedule.hasSeen(path) }
  }

  /// Learns what the watcher has seen by now; nil when nothing is watched.
  private func drain() throws(StoreError) -> (any FolderWatcher)? {
    guard let watcher = state.withLock({ $0.watcher }) else { return nil }
    let news: FolderNews
    do throws(FileError) {
      news = try watcher.take()
    } catch {
      throw StoreError(.unavailable, "The store's folders could not be watched.", cause: error)
    }
    if !news.paths.isEmpty { notice(news.paths) }
    if news.isIncomplete { notice(try scan()) }
    return watcher
  }

  private func notice(_ paths: Set<String>) {
    let ours = paths.filter { $0.hasSuffix(StoreLayout.suffix) && !files.isAsPut($0) }
    let hasGitNews = paths.contains { $0.hasPrefix("\(StoreLayout.git)/") }
    state.withLock { state in
      state.schedule.notice(ours, at: Self.now)
      // A Git command changes the files first and moves the branch last: both are looked at together.
      if hasGitNews { state.schedule.postpone(at: Self.now) }
      state.hasGitNews = state.hasGitNews || hasGitNews
    }
  }

  private func scan() throws(StoreError) -> Set<String> {
    try HandEditScan(root: root, fileSystem: fileSystem, kinds: kinds).suspects(writes.published.current.index)
  }

  // MARK: The thread

  /// Watches the store until it is closed.
  func run() {
    if closing.wait(timeout: .now() + .milliseconds(Limits.watchDelayMilliseconds)) == .success { return }
    let watcher = makeWatcher()
    state.withLock { $0.watcher = watcher }
    do {
      notice(try scan())
      while !state.withLock({ $0.isClosing }) {
        _ = try drain()
        if try isGitThrough() { try takeInDue() }
        rest(watcher)
      }
    } catch {
      logger.error("hand edits are no longer taken in", metadata: ["error": "\(error)"])
    }
  }

  /// Whether no Git command is at work, upon which everything waits. If the branch was moved, it is followed.
  private func isGitThrough() throws(StoreError) -> Bool {
    let isDue = state.withLock { $0.hasGitNews || $0.schedule.due != nil }
    guard isDue else { return false }
    guard try git.current() == nil else {
      state.withLock { $0.schedule.postpone(at: Self.now) }
      return false
    }
    state.withLock { $0.hasGitNews = false }
    try archiver.followBranch()
    return true
  }

  private func takeInDue() throws(StoreError) {
    let due = state.withLock { $0.schedule.takeDue(at: Self.now) }
    if !due.isEmpty { _ = try takeIn(due, deletionsCount: .whenLasting) }
  }

  private func makeWatcher() -> any FolderWatcher {
    let collections = kinds.all.map(\.collection.text)
    let gitFolders = [StoreLayout.git, "\(StoreLayout.git)/refs", "\(StoreLayout.git)/refs/heads"]
    do {
      let watcher = try InotifyWatcher(root: root, fileSystem: fileSystem) { folder in
        folder.isEmpty || gitFolders.contains(folder) || folder.hasPrefix("\(StoreLayout.git)/refs/heads/")
          || collections.contains { $0 == folder || folder.hasPrefix($0 + "/") || $0.hasPrefix(folder + "/") }
      }
      try watcher.arm()
      return watcher
    } catch {
      logger.notice(
        "folders cannot be watched; files are looked at every few seconds instead", metadata: ["error": "\(error)"])
      return PollingWatcher()
    }
  }

  /// Our own files make news too: a pause lets many of them come together.
  private func rest(_ watcher: any FolderWatcher) {
    let due = state.withLock { $0.schedule.due }
    let isWaiting = state.withLock { $0.hasGitNews }
    let wait = due.map { max(0, Int($0) - Int(Self.now)) } ?? (isWaiting ? Limits.handEditQuietMilliseconds : nil)
    watcher.wait(milliseconds: wait)
    _ = closing.wait(timeout: .now() + .milliseconds(Limits.watchRestMilliseconds))
  }

  /// Ends the thread soon.
  func close() {
    let watcher = state.withLock { state in
      state.isClosing = true
      return state.watcher
    }
    closing.signal()
    watcher?.wake()
  }

  // MARK: Taking in

  /// When the absence of a file is a deletion.
  enum Deletions {
    /// When it has lasted for a while: editors take a file away just before they put the new one there.
    case whenLasting
    case atOnce
  }

  /// Looks at all files now, and takes in what was edited. Waits for those that are missing to come back.
  func takeInAll() throws(StoreError) -> [TakenEdit] {
    if let activity = try git.current() {
      logger.notice("a Git command is at work; hand edits wait for its end", metadata: ["sign": "\(activity)"])
      return []
    }
    try archiver.followBranch()
    let suspects = try scan()
    guard !suspects.isEmpty else { return [] }
    var taken = try takeIn(suspects, deletionsCount: .whenLasting)
    while let due = state.withLock({ $0.schedule.deletionDue }) {
      SystemTime.pause(milliseconds: max(0, Int(due) - Int(Self.now)))
      let gone = state.withLock { $0.schedule.takeDue(at: Self.now) }
      taken += try takeIn(gone, deletionsCount: .whenLasting)
    }
    return taken
  }

  private func takeIn(_ paths: Set<String>, deletionsCount: Deletions) throws(StoreError) -> [TakenEdit] {
    try turn.withLock { _ throws(StoreError) in
      var failure: StoreError?
      for _ in 1...Limits.handEditAttempts {
        do throws(StoreError) {
          return try takeInOnce(paths, deletionsCount)
        } catch  where error.code == .conflict {
          // Somebody wrote one of the documents meanwhile: what the edit means is worked out again.
          failure = error
        }
      }
      throw failure ?? StoreError(.busy, "The edited files change too fast to be taken in.")
    }
  }

  private func takeInOnce(_ paths: Set<String>, _ deletions: Deletions) throws(StoreError) -> [TakenEdit] {
    let index = writes.published.current.index
    var found: [FoundEdit] = []
    for path in paths.sorted() {
      if let edit = try look(at: path, index, deletions) { found.append(edit) }
    }
    var taken: [TakenEdit] = []
    for batch in FoundEdit.batches(found) { taken += try commit(batch, index) }
    return taken
  }

  /// The edit at a path, if it is one that can be taken in now.
  private func look(at path: String, _ index: Index, _ deletions: Deletions) throws(StoreError) -> FoundEdit? {
    let newest = index.revision(at: path, kinds)
    guard let edit = try files.edit(at: path, revisions: [newest]) else {
      settle(path)
      return nil
    }
    if edit.content == nil, newest != nil, deletions == .whenLasting {
      let isGone = state.withLock { state in
        state.schedule.noticeMissing(path, at: Self.now)
        return state.schedule.isGone(path, at: Self.now)
      }
      if !isGone { return nil }
    }
    do throws(StoreError) {
      let finding = try reader.finding(edit, at: path, index)
      // Each is checked by itself: one that is invalid holds up no other.
      if case .write(let operations) = finding { _ = try writes.preparer.prepare(operations, on: index) }
      settle(path)
      return FoundEdit(path: path, edit: edit, newest: newest, finding: finding)
    } catch  where [.invalid, .keyMissing, .limit, .refused, .notFound, .usage].contains(error.code) {
      quarantine(path, error)
      return nil
    }
  }

  /// The file is no problem any more.
  private func settle(_ path: String) {
    state.withLock { state in
      state.problems[path] = nil
      state.schedule.forget(path)
    }
  }

  private func quarantine(_ path: String, _ error: StoreError) {
    let isNew = state.withLock { state in
      state.schedule.forget(path)
      return state.problems.updateValue(error, forKey: path) == nil
    }
    if isNew { logger.warning("an edited file is left as it is", metadata: ["file": "\(path)", "error": "\(error)"]) }
  }

  private func commit(_ batch: [FoundEdit], _ index: Index) throws(StoreError) -> [TakenEdit] {
    var operations: [Operation] = []
    for found in batch {
      if case .ignore = found.finding { continue }
      if case .write(let wishes) = found.finding { operations += wishes }
      files.adopt(found.edit.id, found.edit.content, at: found.path, newest: found.newest)
    }
    let changes = try writes.preparer.prepare(operations, on: index)
    if !changes.isEmpty {
      let transaction = PreparedTransaction(
        operations: operations, changes: changes, author: author, message: nil, origin: .hand, commitPolicy: .each)
      _ = try writes.submitBlocking(transaction, .durable)
    }
    try restoreRest(of: batch, changed: Set(changes.map(\.path)))
    return batch.compactMap { TakenEdit($0, kinds) }
  }

  /// Files of which no commit says anything new are put back to what the store holds.
  private func restoreRest(of batch: [FoundEdit], changed: Set<String>) throws(StoreError) {
    var unchanged: [ChangedFile] = []
    for found in batch where !changed.contains(found.path) {
      if case .ignore = found.finding { continue }
      unchanged.append(ChangedFile(path: found.path, basis: found.edit.id, id: found.newest))
    }
    if !unchanged.isEmpty { try tree.restore(unchanged) }
  }
}
