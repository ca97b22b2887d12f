import Dispatch
import Git
import Logging
import Storage
import Synchronization

/// Notices what people and other programs make of the files, and has it taken into the store (`HandEditIntake`).
///
///     seen ──quiet for a moment──▶ looked at ──▶ untouched
///                                     │  ├─────▶ taken in: one commit for all that are due together
///                                     │  └─────▶ quarantined: invalid; the last good value is served, the file stays
///                                     └─missing─▶ looked at again later, then taken in as a deletion
///
/// Two ways lead here: the watcher's thread, and a write to a document whose file holds an edit (`takeInBefore`), which is
/// taken in first.
final class HandEdits: Sendable {
  private struct State {
    /// Nil until folders are watched.
    var watcher: (any FolderWatcher)?
    /// By which folders are watched.
    var kinds: ObjectID?
    /// Something may have happened in Git's folder that was not looked at, as before it was watched.
    var hasGitNews = true
    /// Something may have happened anywhere that was not looked at.
    var scan = Scan.due
    var isClosing = false
  }

  private enum Scan {
    case none, due, atWork
  }

  private let root: String
  private let fileSystem: any FileSystem
  private let files: WorkingFiles
  private let published: PublishedState
  private let objects: ObjectReader
  private let archiver: Archiver
  private let git: GitActivity
  private let intake: HandEditIntake
  private let logger: Logger
  private let state = Mutex(State())
  private let closing = DispatchSemaphore(value: 0)

  init(
    root: String, fileSystem: any FileSystem, files: WorkingFiles, published: PublishedState, objects: ObjectReader,
    archiver: Archiver, intake: HandEditIntake, logger: Logger
  ) {
    self.root = root
    self.fileSystem = fileSystem
    self.files = files
    self.published = published
    self.objects = objects
    self.archiver = archiver
    self.intake = intake
    git = GitActivity(root: root, fileSystem: fileSystem)
    self.logger = logger
  }

  /// Files whose edit cannot be taken in, by path; schemas are told apart.
  var problems: [FileProblem] { intake.problems.filter { !$0.path.isSchema } }

  var schemaProblems: [FileProblem] { intake.problems.filter(\.path.isSchema) }

  private static var now: UInt64 { HandEditIntake.now }

  // MARK: Before a write

  /// Takes in the edits that these changes would meet; answers what was taken in. Edits that cannot be are left where they
  /// are, and hold nobody up.
  func takeInBefore(_ changes: [FileChange]) throws(StoreError) -> [TakenEdit] {
    let suspects = try suspects(among: changes)
    // While a Git command is at work its files are no wish yet; they are not covered up either.
    if suspects.isEmpty { return [] }
    if try git.current() != nil { return [] }
    return try intake.takeIn(suspects, deletionsCount: .atOnce)
  }

  private func suspects(among changes: [FileChange]) throws(StoreError) -> Set<String> {
    let watcher = drainForWrite()
    let index = published.current.index
    var suspects: Set<String> = []
    for change in changes where change.index != nil {
      if let watcher, watcher.isExact(for: parentPath(of: change.path)), !hasNews(of: change.path) { continue }
      let revisions = [change.basis, change.content?.id, index.revision(at: change.path)]
      if try files.edit(at: change.path, revisions: revisions) != nil { suspects.insert(change.path) }
    }
    return suspects
  }

  private func hasNews(of path: String) -> Bool { files.holdsEdit(path) || intake.hasNews(of: path) }

  /// Learns what the watcher has seen by now; nil when that is not all. Whoever writes then looks at its own files, and
  /// leaves the others to the thread.
  private func drainForWrite() -> (any FolderWatcher)? {
    guard let watcher = state.withLock({ $0.watcher }) else { return nil }
    if drain(watcher) { watcher.wake() }
    return state.withLock { $0.scan == .none } ? watcher : nil
  }

  /// Answers whether there were news.
  @discardableResult
  private func drain(_ watcher: any FolderWatcher) -> Bool {
    let news = (try? watcher.take()) ?? FolderNews(isIncomplete: true)
    if news.isIncomplete { state.withLock { $0.scan = .due } }
    return notice(news.paths) || news.isIncomplete
  }

  /// Answers whether anything is to be looked at.
  @discardableResult
  private func notice(_ paths: Set<String>) -> Bool {
    let hasGitNews = paths.contains { $0.hasPrefix("\(StoreLayout.git)/") }
    let changed = paths.filter { $0.hasSuffix(StoreLayout.suffix) && !files.isAsPut($0) }
    intake.notice(changed)
    // A Git command changes the files first and moves the branch last: both are looked at together.
    if hasGitNews {
      intake.postpone()
      state.withLock { $0.hasGitNews = true }
    }
    return hasGitNews || !changed.isEmpty
  }

  private func scan() throws(StoreError) -> Set<String> {
    // Git may have put back a file that held an edit: it looks untouched then. One that is gone may not be in Git's index.
    try HandEditScan.suspects(in: root, published.current, objects, fileSystem)
      .union(files.editedPaths).union(files.latePaths).union(intake.problems.map(\.path))
  }

  // MARK: The thread

  /// Watches the store until it is closed. What fails is tried again.
  func run() {
    if closing.wait(timeout: .now() + .milliseconds(Limits.watchDelayMilliseconds)) == .success { return }
    state.withLock { state in
      state.watcher = makeWatcher()
      state.kinds = published.current.index.kinds.fingerprint
    }
    var told: String?
    while let watcher = state.withLock({ $0.isClosing ? nil : $0.watcher }) {
      do throws(StoreError) {
        try step(watcher)
        told = nil
        rest(watcher)
      } catch {
        if told != error.message {
          logger.error("hand edits could not be taken in; that is tried again", metadata: ["error": "\(error)"])
        }
        told = error.message
        _ = closing.wait(timeout: .now() + .milliseconds(Limits.handEditRetryMilliseconds))
      }
    }
  }

  private func step(_ watcher: any FolderWatcher) throws(StoreError) {
    drain(watcher)
    try scanIfDue(watcher)
    if try isGitThrough() {
      _ = try intake.takeInDue()
      try intake.noteUntouched()
    }
    followKinds()
  }

  /// Watches the folders that there are by now, and looks at all files.
  private func scanIfDue(_ watcher: any FolderWatcher) throws(StoreError) {
    let isDue = state.withLock { state in
      guard state.scan == .due else { return false }
      // What is seen from now on makes another one due.
      state.scan = .atWork
      return true
    }
    guard isDue else { return }
    do {
      arm(watcher)
      notice(try scan())
    } catch {
      state.withLock { $0.scan = .due }
      throw error
    }
    state.withLock { if $0.scan == .atWork { $0.scan = .none } }
  }

  private func arm(_ watcher: any FolderWatcher) {
    do {
      try watcher.arm()
    } catch {
      tellOfPolling(error)
      state.withLock { $0.watcher = PollingWatcher() }
    }
  }

  /// Whether no Git command is at work, upon which everything waits. If the branch was moved, it is followed.
  private func isGitThrough() throws(StoreError) -> Bool {
    guard state.withLock({ $0.hasGitNews }) || intake.due != nil else { return false }
    guard try git.current() == nil else {
      intake.postpone()
      return false
    }
    state.withLock { $0.hasGitNews = false }
    do {
      try archiver.followBranch()
    } catch {
      state.withLock { $0.hasGitNews = true }
      throw error
    }
    return true
  }

  /// When there are other kinds, other folders are watched, and what was nobody's document may be one, and what was invalid
  /// may fit.
  private func followKinds() {
    let kinds = published.current.index.kinds.fingerprint
    state.withLock { state in
      if state.kinds != kinds { state.scan = .due }
      state.kinds = kinds
    }
  }

  private func makeWatcher() -> any FolderWatcher {
    let ours = [
      "", StoreLayout.schemas, StoreLayout.git, "\(StoreLayout.git)/refs", "\(StoreLayout.git)/refs/heads",
    ]
    let published = published
    do {
      return try InotifyWatcher(root: root, fileSystem: fileSystem) { folder in
        ours.contains(folder) || folder.hasPrefix("\(StoreLayout.git)/refs/heads/")
          || published.current.index.kinds.all.contains { $0.collection.text.shares(pathWith: folder) }
      }
    } catch {
      tellOfPolling(error)
      return PollingWatcher()
    }
  }

  private func tellOfPolling(_ error: FileError) {
    logger.notice(
      "folders cannot be watched; files are looked at every few seconds instead", metadata: ["error": "\(error)"])
  }

  /// Our own files make news too: a pause lets many of them come together.
  private func rest(_ watcher: any FolderWatcher) {
    let (isWaiting, hasScan) = state.withLock { ($0.hasGitNews, $0.scan == .due) }
    if hasScan { return }
    let wait = intake.due.map { max(0, Int($0) - Int(Self.now)) }
    watcher.wait(milliseconds: wait ?? (isWaiting ? Limits.handEditQuietMilliseconds : nil))
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

  // MARK: At once

  /// Looks at all files now, and takes in what was edited. Waits for those that are missing to come back.
  func takeInAll() throws(StoreError) -> [TakenEdit] {
    if let activity = try git.current() {
      logger.notice("a Git command is at work; hand edits wait for its end", metadata: ["sign": "\(activity)"])
      return []
    }
    try archiver.followBranch()
    try takeInSchemas()
    let suspects = try scan()
    if suspects.isEmpty { return [] }
    let taken = try intake.takeInWaiting(suspects)
    try intake.noteUntouched()
    return taken
  }

  /// Takes in the schemas that a person added or changed: those who open a store are to find the kinds of its files.
  func takeInSchemas() throws(StoreError) {
    guard try git.current() == nil else { return }
    let known = published.current.index.kinds.all.map { StoreLayout.schemaPath($0.name) }
    let found: [String]
    do {
      let folder = "\(root)/\(StoreLayout.schemas)"
      found = try fileSystem.exists(folder) ? try fileSystem.list(folder).map { "\(StoreLayout.schemas)/\($0)" } : []
    } catch {
      throw StoreError(.unavailable, "The schemas could not be read.", cause: error)
    }
    _ = try intake.takeIn(Set(known + found.filter(\.isSchema)), deletionsCount: .atOnce)
  }
}

extension String {
  var isSchema: Bool { StoreLayout.kind(ofSchema: self) != nil }

  /// Whether one of two folders is, or is in, the other.
  fileprivate func shares(pathWith other: String) -> Bool {
    self == other || hasPrefix(other + "/") || other.hasPrefix(self + "/")
  }
}
