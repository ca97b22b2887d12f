import Dispatch
import Documents
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
    /// Files that were looked at and are as they should be.
    var untouched: Set<String> = []
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

  /// Takes in what is due by now. What could not be is due again.
  func takeInDue() throws(StoreError) -> [TakenEdit] {
    let due = state.withLock { $0.schedule.takeDue(at: Self.now) }
    if due.isEmpty { return [] }
    do {
      return try takeIn(due, deletionsCount: .whenLasting)
    } catch {
      notice(due)
      throw error
    }
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

  /// Somebody may write one of the documents meanwhile: then what the edits mean is worked out again, in the end each by
  /// itself.
  private func takeInPatiently(_ paths: Set<String>, _ deletions: Deletions) throws(StoreError) -> [TakenEdit] {
    var waiting = paths
    var taken: [TakenEdit] = []
    var failure: StoreError?
    for attempt in 1...Limits.handEditAttempts where !waiting.isEmpty {
      let found = try look(at: waiting, deletions)
      let isLast = attempt == Limits.handEditAttempts
      waiting = []
      for batch in FoundEdit.batches(found, documents: isLast ? 1 : Limits.transactionDocuments) {
        do throws(StoreError) {
          taken += try commit(batch)
        } catch  where error.code == .conflict || error.code == .notFound {
          failure = error
          waiting.formUnion(batch.map(\.path))
        }
      }
    }
    if let failure, !waiting.isEmpty { throw failure }
    return taken
  }

  /// The edits that can be taken in now: documents before the segments of their series.
  private func look(at paths: Set<String>, _ deletions: Deletions) throws(StoreError) -> [FoundEdit] {
    let newest = writes.published.current
    var segments = paths.filter { StoreLayout.place(of: $0, newest.index.kinds).isSegment }
    var found: [FoundEdit] = []
    for path in paths.subtracting(segments).sorted() {
      guard let edit = try look(at: path, newest, deletions) else { continue }
      found.append(edit)
      // Those of a new document were nobody's before.
      if let created = edit.created { segments.formUnion(try segmentFiles(of: created, newest.index.kinds)) }
    }
    let documents = Dictionary(found.map { ($0.place.address, $0) }, uniquingKeysWith: { first, _ in first })
    for path in segments.sorted() {
      let address = StoreLayout.place(of: path, newest.index.kinds).address
      let document = address.flatMap { documents[$0] }
      if let edit = try look(at: path, newest, deletions, beside: document) { found.append(edit) }
    }
    return found
  }

  private func segmentFiles(of address: DocumentAddress, _ kinds: Kinds) throws(StoreError) -> Set<String> {
    let kind = try kinds.kind(of: address.collection.text)
    var paths: Set<String> = []
    for series in kind.series {
      let folder = try StoreLayout.folder(ofSeries: series.name, in: address, kind)
      paths.formUnion(try files.files(in: folder).filter { StoreLayout.place(of: $0, kinds).isSegment })
    }
    return paths
  }

  /// The edit at a path, if it is one that can be taken in now.
  private func look(
    at path: String, _ state: PublishedState.State, _ deletions: Deletions, beside document: FoundEdit? = nil
  ) throws(StoreError) -> FoundEdit? {
    let indexed = state.index.revision(at: path)
    let newest = indexed == nil ? try unindexed(at: path, state) : indexed
    guard let edit = try files.edit(at: path, revisions: [newest]) else {
      settle(path)
      if indexed != nil { self.state.withLock { _ = $0.untouched.insert(path) } }
      return nil
    }
    if let obstacle = edit.obstacle {
      quarantine(path, Self.unreadable(path, obstacle))
      return nil
    }
    if edit.content == nil, newest != nil, deletions == .whenLasting, !isGone(path) { return nil }
    do throws(StoreError) {
      let place = StoreLayout.place(of: path, state.index.kinds)
      let finding = try reader.finding(edit, at: path, state, beside: document)
      let found = FoundEdit(path: path, place: place, edit: edit, newest: newest, finding: finding)
      // Each is checked by itself: one that is invalid holds up no other.
      let before = document?.created == nil ? [] : document?.operations ?? []
      if !found.operations.isEmpty {
        _ = try writes.preparer.prepare(before + found.operations, on: state.index)
      }
      settle(path)
      // A file of which nothing can be made is not looked at again, unless something was committed there meanwhile.
      if found.isNobodys, try unindexed(at: path, writes.published.current) != newest { notice([path]) }
      return found
    } catch  where error.isAboutContent {
      quarantine(path, error)
      return nil
    }
  }

  /// What the newest commit holds in a file that is nobody's document, such as the store's own `daybook.json`.
  private func unindexed(at path: String, _ state: PublishedState.State) throws(StoreError) -> ObjectID? {
    guard case .other = StoreLayout.place(of: path, state.index.kinds), let head = state.head else { return nil }
    let objects = reader.objects
    return try StoreOpening.reading(path) { () throws(GitError) in
      try TreeReader(root: objects.commit(head).tree, objects: objects).file(at: path)
    }
  }

  private static func unreadable(_ path: String, _ obstacle: FileError) -> StoreError {
    StoreError(
      .refused, "\(path) cannot be read: \(obstacle.reason). The last good value is served.",
      hint: "Put a plain file there that the store may read, or bring it back with `git checkout -- \(path)`.",
      document: path, cause: obstacle)
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

  private func commit(_ batch: [FoundEdit]) throws(StoreError) -> [TakenEdit] {
    let operations = batch.flatMap(\.operations)
    let prepared = try writes.prepare(operations)
    let changed = Set(prepared.changes.map(\.path))
    if !prepared.changes.isEmpty {
      let transaction = PreparedTransaction(
        operations: operations, changes: prepared.changes, kinds: prepared.kinds, author: author, message: nil,
        origin: .hand,
        commitPolicy: .each, adoptions: batch.filter { changed.contains($0.path) }.map(\.adoption))
      _ = try writes.submitBlocking(transaction, .durable)
    }
    try putBack(batch.filter { !changed.contains($0.path) && !$0.isNobodys })
    return batch.compactMap { TakenEdit($0) }
  }

  /// Brings Git's index up to date about files that are as they should be and did not look so, as `git status` does: after
  /// a store was copied that is each of them, and all would be read at each opening.
  func noteUntouched() throws(StoreError) {
    let untouched = state.withLock { state in
      defer { state.untouched = [] }
      return state.untouched
    }
    guard !untouched.isEmpty else { return }
    let published = writes.published
    try tree.restore(untouched.sorted()) { path in published.current.index.revision(at: path) }
  }

  /// Files of which no commit says anything new are put back to what the store holds.
  private func putBack(_ found: [FoundEdit]) throws(StoreError) {
    if found.isEmpty { return }
    for edit in found { files.adopt(edit.adoption) }
    let published = writes.published
    try tree.restore(found.map(\.path)) { path in published.current.index.revision(at: path) }
  }
}

extension StoreLayout.Place {
  fileprivate var isSegment: Bool { if case .segment = self { true } else { false } }
}
