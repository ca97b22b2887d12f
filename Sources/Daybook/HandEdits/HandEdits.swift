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
    var isClosing = false
  }

  private let root: String
  private let fileSystem: any FileSystem
  private let files: WorkingFiles
  private let published: PublishedState
  private let archiver: Archiver
  private let git: GitActivity
  private let intake: HandEditIntake
  private let logger: Logger
  private let state = Mutex(State())
  private let closing = DispatchSemaphore(value: 0)

  init(
    root: String, fileSystem: any FileSystem, files: WorkingFiles, published: PublishedState, archiver: Archiver,
    intake: HandEditIntake, logger: Logger
  ) {
    self.root = root
    self.fileSystem = fileSystem
    self.files = files
    self.published = published
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
    let watcher = try drain()
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

  /// Learns what the watcher has seen by now; nil when nothing is watched.
  private func drain() throws(StoreError) -> (any FolderWatcher)? {
    guard let watcher = state.withLock({ $0.watcher }) else { return nil }
    let news = try watching { () throws(FileError) in try watcher.take() }
    if !news.paths.isEmpty { notice(news.paths) }
    if news.isIncomplete { notice(try scan()) }
    return watcher
  }

  private func watching<Result>(_ body: () throws(FileError) -> Result) throws(StoreError) -> Result {
    do {
      return try body()
    } catch {
      throw StoreError(.unavailable, "The store's folders could not be watched.", cause: error)
    }
  }

  private func notice(_ paths: Set<String>) {
    let hasGitNews = paths.contains { $0.hasPrefix("\(StoreLayout.git)/") }
    intake.notice(paths.filter { $0.hasSuffix(StoreLayout.suffix) && !files.isAsPut($0) })
    // A Git command changes the files first and moves the branch last: both are looked at together.
    if hasGitNews {
      intake.postpone()
      state.withLock { $0.hasGitNews = true }
    }
  }

  private func scan() throws(StoreError) -> Set<String> {
    try HandEditScan(root: root, fileSystem: fileSystem).suspects(published.current.index)
  }

  // MARK: The thread

  /// Watches the store until it is closed.
  func run() {
    if closing.wait(timeout: .now() + .milliseconds(Limits.watchDelayMilliseconds)) == .success { return }
    let kinds = published.current.index.kinds.fingerprint
    let watcher = makeWatcher()
    state.withLock { state in
      state.watcher = watcher
      state.kinds = kinds
    }
    do {
      notice(try scan())
      while !state.withLock({ $0.isClosing }) {
        _ = try drain()
        if try isGitThrough() { _ = try intake.takeInDue() }
        try followKinds(watcher)
        rest(watcher)
      }
    } catch {
      logger.error("hand edits are no longer taken in", metadata: ["error": "\(error)"])
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
    try archiver.followBranch()
    return true
  }

  /// Watches the folders of the kinds that there are by now, and looks at all files: what was nobody's document may be one,
  /// and what was invalid may fit.
  private func followKinds(_ watcher: any FolderWatcher) throws(StoreError) {
    let kinds = published.current.index.kinds.fingerprint
    let isNew = state.withLock { state in
      defer { state.kinds = kinds }
      return state.kinds != kinds
    }
    guard isNew else { return }
    try watching { () throws(FileError) in try watcher.arm() }
    notice(try scan())
  }

  private func makeWatcher() -> any FolderWatcher {
    let ours = [
      "", StoreLayout.schemas, StoreLayout.git, "\(StoreLayout.git)/refs", "\(StoreLayout.git)/refs/heads",
    ]
    let published = published
    do {
      let watcher = try InotifyWatcher(root: root, fileSystem: fileSystem) { folder in
        ours.contains(folder) || folder.hasPrefix("\(StoreLayout.git)/refs/heads/")
          || published.current.index.kinds.all.contains { $0.collection.text.shares(pathWith: folder) }
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
    let isWaiting = state.withLock { $0.hasGitNews }
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
    return suspects.isEmpty ? [] : try intake.takeInWaiting(suspects)
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
