import Dispatch
import Git
import Logging
import Storage
import Synchronization

/// Takes edits of files into the store as commits, and keeps those apart that cannot be.
///
/// One at a time takes edits in. Schemas go first: by their rules the other files are read.
final class HandEditIntake: Sendable {
  private struct State {
    var schedule = HandEditSchedule()
    /// Why files with an edit are left alone.
    var problems: [String: StoreError] = [:]
  }

  private let author: Author
  private let files: WorkingFiles
  private let tree: WorkingTree
  private let writes: WritePath
  private let reader: HandEditReader
  private let logger: Logger
  private let state = Mutex(State())
  /// Held while edits are taken in.
  private let turn = Mutex(())

  init(
    author: Author, files: WorkingFiles, tree: WorkingTree, writes: WritePath, reader: HandEditReader, logger: Logger
  ) {
    self.author = author
    self.files = files
    self.tree = tree
    self.writes = writes
    self.reader = reader
    self.logger = logger
  }

  static var now: UInt64 { DispatchTime.now().uptimeNanoseconds / 1_000_000 }

  // MARK: What is known

  var problems: [FileProblem] {
    state.withLock { state in
      state.problems.sorted { $0.key < $1.key }.map { FileProblem(path: $0.key, error: $0.value) }
    }
  }

  /// Whether a file may hold an edit that was not taken in.
  func hasNews(of path: String) -> Bool {
    state.withLock { $0.problems[path] != nil || $0.schedule.hasSeen(path) }
  }

  /// Files that may have changed.
  func notice(_ paths: Set<String>) { state.withLock { $0.schedule.notice(paths, at: Self.now) } }

  /// Something else goes on that is to be over before files are looked at.
  func postpone() { state.withLock { $0.schedule.postpone(at: Self.now) } }

  /// When files are to be looked at next; nil when none was seen.
  var due: UInt64? { state.withLock { $0.schedule.due } }

  // MARK: Taking in

  /// When the absence of a file is a deletion.
  enum Deletions {
    /// When it has lasted for a while: editors take a file away just before they put the new one there.
    case whenLasting
    case atOnce
  }

  /// Takes in what is due by now.
  func takeInDue() throws(StoreError) -> [TakenEdit] {
    let due = state.withLock { $0.schedule.takeDue(at: Self.now) }
    return due.isEmpty ? [] : try takeIn(due, deletionsCount: .whenLasting)
  }

  /// The same for these files now; waits for those that are missing to come back.
  func takeInWaiting(_ paths: Set<String>) throws(StoreError) -> [TakenEdit] {
    var taken = try takeIn(paths, deletionsCount: .whenLasting)
    while let due = state.withLock({ $0.schedule.deletionDue }) {
      SystemTime.pause(milliseconds: max(0, Int(due) - Int(Self.now)))
      taken += try takeInDue()
    }
    return taken
  }

  func takeIn(_ paths: Set<String>, deletionsCount: Deletions) throws(StoreError) -> [TakenEdit] {
    try turn.withLock { _ throws(StoreError) in
      let schemas = paths.filter(\.isSchema)
      if !schemas.isEmpty { try takeInSchemas(schemas) }
      return try takeInPatiently(paths.subtracting(schemas), deletionsCount)
    }
  }

  private func takeInSchemas(_ paths: Set<String>) throws(StoreError) {
    do {
      _ = try takeInPatiently(paths, .atOnce)
    } catch  where error.code == .invalid {
      // Each is sound, but not beside the others: they come one by one as far as they fit together.
      for path in paths.sorted() { _ = try takeInPatiently([path], .atOnce) }
    }
  }

  /// Somebody may write one of the documents meanwhile: then what the edit means is worked out again.
  private func takeInPatiently(_ paths: Set<String>, _ deletions: Deletions) throws(StoreError) -> [TakenEdit] {
    var failure: StoreError?
    for _ in 1...Limits.handEditAttempts {
      do throws(StoreError) {
        return try takeInOnce(paths, deletions)
      } catch  where error.code == .conflict {
        failure = error
      }
    }
    throw failure ?? StoreError(.busy, "The edited files change too fast to be taken in.")
  }

  private func takeInOnce(_ paths: Set<String>, _ deletions: Deletions) throws(StoreError) -> [TakenEdit] {
    let newest = writes.published.current
    var found: [FoundEdit] = []
    for path in paths.sorted() {
      if let edit = try look(at: path, newest, deletions) { found.append(edit) }
    }
    var taken: [TakenEdit] = []
    for batch in FoundEdit.batches(found) { taken += try commit(batch, newest.index) }
    return taken
  }

  /// The edit at a path, if it is one that can be taken in now.
  private func look(
    at path: String, _ state: PublishedState.State, _ deletions: Deletions
  ) throws(StoreError) -> FoundEdit? {
    let newest = state.index.revision(at: path)
    guard let edit = try files.edit(at: path, revisions: [newest]) else {
      settle(path)
      return nil
    }
    if edit.content == nil, newest != nil, deletions == .whenLasting, !isGone(path) { return nil }
    do throws(StoreError) {
      let finding = try reader.finding(edit, at: path, state)
      // Each is checked by itself: one that is invalid holds up no other.
      if case .write(let operations) = finding { _ = try writes.preparer.prepare(operations, on: state.index) }
      settle(path)
      return FoundEdit(path: path, edit: edit, newest: newest, finding: finding)
    } catch  where error.isAboutContent {
      quarantine(path, error)
      return nil
    }
  }

  private func isGone(_ path: String) -> Bool {
    state.withLock { state in
      state.schedule.noticeMissing(path, at: Self.now)
      return state.schedule.isGone(path, at: Self.now)
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
    let operations = batch.flatMap(\.operations)
    let changes = try writes.preparer.prepare(operations, on: index)
    for found in batch where !found.isNobodys {
      files.adopt(found.edit.id, found.edit.content, at: found.path, newest: found.newest)
    }
    if !changes.isEmpty {
      let transaction = PreparedTransaction(
        operations: operations, changes: changes, kinds: index.kinds.fingerprint, author: author, message: nil,
        origin: .hand, commitPolicy: .each)
      _ = try writes.submitBlocking(transaction, .durable)
    }
    try restoreRest(of: batch, changed: Set(changes.map(\.path)))
    return batch.compactMap { TakenEdit($0, index.kinds) }
  }

  /// Files of which no commit says anything new are put back to what the store holds.
  private func restoreRest(of batch: [FoundEdit], changed: Set<String>) throws(StoreError) {
    var unchanged: [ChangedFile] = []
    for found in batch where !changed.contains(found.path) && !found.isNobodys {
      unchanged.append(ChangedFile(path: found.path, basis: found.edit.id, id: found.newest))
    }
    if !unchanged.isEmpty { try tree.restore(unchanged) }
  }
}
