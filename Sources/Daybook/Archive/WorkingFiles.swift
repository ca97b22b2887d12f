import Git
import Storage
import Synchronization

/// The files that people see and edit. They are ours to replace only while they hold what we last put there: anything
/// else is a hand edit, which no write may cover up.
///
/// A file follows its document with a delay. For those that are behind, `pending` remembers what is on disk, so that "what
/// we last put there" is known at any time without any memory for all the others: they hold the newest revision. What a
/// file holds is told by its content, never by its time.
final class WorkingFiles: Sendable {
  private struct Pending {
    /// What is on disk; nil for nothing.
    var put: ObjectID?
    /// Its content, where that is a hand edit that was taken in: the store may not have it as it stood there.
    var content: [UInt8]?
    /// What is on its way there: at any moment the disk holds the one or the other.
    var next: ObjectID?
    /// How many commits wait to be put there.
    var commits: Int
    /// What the newest of them holds.
    var newest: ObjectID?
  }

  /// What a crash may have left incomplete.
  private struct Suspects {
    /// The revisions that a file had since it was known to be on the disk, the newest last, nil for nothing.
    var revisions: [String: [ObjectID?]]
    /// Those that had to be written again.
    var restored: [String] = []
  }

  private let fileSystem: any FileSystem
  private let root: String
  private let objects: ObjectReader
  private let suspects: Mutex<Suspects>
  /// Read without the lock on each write; most stores never have any.
  private let hasSuspects: Atomic<Bool>
  private let pending = Mutex<[String: Pending]>([:])
  /// What files that hold a hand edit held before it, nil for nothing, as far as such edits were noticed.
  private let edited = Mutex<[String: Base]>([:])
  /// What the files looked like that we put in place last: our own work is told from others' without reading it.
  private let asPut = Mutex<[String: FileStatus]>([:])

  /// `suspects` are the files that changed since the clean point, with their revisions.
  init(root: String, fileSystem: any FileSystem, objects: ObjectReader, suspects: [String: [ObjectID?]]) {
    self.root = root
    self.fileSystem = fileSystem
    self.objects = objects
    self.suspects = Mutex(Suspects(revisions: suspects))
    hasSuspects = Atomic(!suspects.isEmpty)
  }

  /// The paths that hold a hand edit, as far as it was noticed.
  var editedPaths: [String] { edited.withLock { $0.keys.sorted() } }

  /// The paths of which Git's index may not tell yet: their files are to follow, or did so lately and have changed since.
  var latePaths: Set<String> {
    let put = asPut.withLock { Set($0.keys) }.filter { !isAsPut($0) }
    return put.union(pending.withLock { $0.keys })
  }

  func holdsEdit(_ path: String) -> Bool { edited.withLock { $0[path] != nil } }

  // MARK: Hand edits

  /// What a person made of a file.
  struct Edit {
    /// What the file holds; nil when it is gone.
    var content: [UInt8]?
    var id: ObjectID?
    var base: Base
    /// Why it cannot be read, if so.
    var obstacle: FileError?
  }

  /// What a hand edit started from: what we had put there.
  struct Base {
    /// Nil for nothing.
    var id: ObjectID?
    /// Its content, if the store may not have it.
    var content: [UInt8]?
  }

  /// The hand edit that a file holds; nil when it holds one of these revisions, the newest last, or what we put there.
  func edit(at path: String, revisions: [ObjectID?]) throws(StoreError) -> Edit? {
    try settle(path)
    var edit: Edit?
    for _ in 1...Limits.handEditAttempts {
      let found = try look(at: path)
      let known = pending.withLock { $0[path] }
      let isOurs = known.map { [$0.put, $0.next, $0.newest].contains(found.id) } ?? false
      if found.obstacle == nil, isOurs || revisions.contains(found.id) {
        edited.withLock { _ = $0.removeValue(forKey: path) }
        return nil
      }
      // The file may be replaced at this very moment; then another look agrees.
      let base = known.map { Base(id: $0.put, content: $0.content) } ?? Base(id: revisions.last ?? nil)
      edit = Edit(content: found.content, id: found.id, base: base, obstacle: found.obstacle)
    }
    guard var edit else { return nil }
    edit.base = edited.withLock { edited in
      let base = edited[path] ?? edit.base
      edited[path] = base
      return base
    }
    return edit
  }

  /// A hand edit that is taken in.
  struct Adoption {
    var path: String
    /// What the file holds, nil for nothing, with its content if the store may not have it.
    var id: ObjectID?
    var content: [UInt8]?
    /// What the store held before.
    var newest: ObjectID?
  }

  /// Counts what a file holds as put there by us: from now on it may be replaced. To be called when the edit is in the log,
  /// and before its commit is expected.
  func adopt(_ edit: Adoption) {
    edited.withLock { _ = $0.removeValue(forKey: edit.path) }
    pending.withLock { pending in
      let known = pending[edit.path]
      pending[edit.path] = Pending(
        put: edit.id, content: edit.content, next: edit.id, commits: known?.commits ?? 0,
        newest: known?.newest ?? edit.newest)
    }
  }

  /// Counts what a file holds as a hand edit of this revision, although a commit held it for a moment: it was not taken in.
  func disown(_ path: String, base: ObjectID?) {
    pending.withLock { pending in
      pending[path]?.put = base
      pending[path]?.next = base
    }
    edited.withLock { $0[path] = Base(id: base) }
  }

  // MARK: Behind a write

  /// The newest commits change these files; their turn will come.
  func expect(_ files: [ChangedFile]) {
    pending.withLock { pending in
      for file in files {
        pending[file.path, default: Pending(put: file.basis, next: file.basis, commits: 0)].commits += 1
        pending[file.path]?.newest = file.id
      }
    }
  }

  /// The same for the commits that the log still held when the store was opened: a file may hold any of their revisions by
  /// now, as a power failure may have kept the file and lost what was written before it. One that looks so because it is
  /// behind the branch, such as a file that was never made and is to go, is made first: see `settle`.
  func expectAgain(_ files: [ChangedFile]) throws(StoreError) {
    expect(files)
    for (path, changes) in Dictionary(grouping: files, by: \.path) {
      let found = try look(at: path)
      let isBehind = suspects.withLock { $0.revisions[path]?.contains(found.id) ?? false }
      guard found.obstacle == nil, !isBehind, changes.contains(where: { $0.id == found.id }) else { continue }
      pending.withLock { pending in
        pending[path]?.put = found.id
        pending[path]?.next = found.id
      }
    }
  }

  /// Makes a file hold what commits say, `commits` of those that were expected having been reached.
  ///
  /// Answers what the file looks like then; nil, and leaves the file alone, when it holds neither what we put there nor what
  /// we want to put.
  func put(
    _ content: (id: ObjectID, bytes: [UInt8])?, at path: String, commits: Int
  ) throws(StoreError) -> Put? {
    try settle(path)
    let found = try look(at: path)
    let known = pending.withLock { $0[path] }
    let isThere = found.obstacle == nil && found.id == content?.id
    var isOurs = isThere || found.obstacle == nil && known.map { found.id == $0.put } ?? false
    if isOurs && !isThere {
      pending.withLock { $0[path]?.next = content?.id }
      isOurs = try replace(path, found, by: content?.bytes)
    }
    pending.withLock { pending in
      pending[path]?.commits -= commits
      pending[path]?.put = content?.id
      pending[path]?.content = nil
      if let left = pending[path]?.commits, left <= 0 { pending[path] = nil }
    }
    edited.withLock { edited in
      let base = known.map { Base(id: $0.put, content: $0.content) }
      edited[path] = isOurs ? nil : edited[path] ?? base ?? Base()
    }
    guard isOurs else { return nil }
    let status = content == nil ? nil : try status(of: path)
    asPut.withLock { asPut in
      if asPut.count >= Limits.filesAsPut { asPut.removeAll(keepingCapacity: true) }
      asPut[path] = status
    }
    return Put(status: status)
  }

  /// A file that is as it should be.
  struct Put {
    /// What it looks like; nil for one that is not there.
    var status: FileStatus?
  }

  /// Whether a file looks just as when we put it there.
  func isAsPut(_ path: String) -> Bool {
    guard let status = asPut.withLock({ $0[path] }) else { return false }
    return (try? fileSystem.status("\(root)/\(path)")) == status
  }

  /// Answers false when somebody was faster, or something is in the way: then all is as they left it.
  private func replace(_ path: String, _ found: Found, by content: [UInt8]?) throws(StoreError) -> Bool {
    do {
      guard let content else { return try remove(path, found) }
      guard let status = found.status else { return try create(path, content) }
      return try fileSystem.atomicallyReplace("\(root)/\(path)", with: content.span, ifStill: status)
    } catch  where error.isObstacle || error.isNotDirectory || error.isExisting || error.isMissing {
      return false
    } catch {
      throw StoreError(.unavailable, "The file \(path) could not be written.", document: path, cause: error)
    }
  }

  private func create(_ path: String, _ content: [UInt8]) throws(FileError) -> Bool {
    do {
      return try fileSystem.atomicallyCreate("\(root)/\(path)", with: content.span)
    } catch  where error.isMissing {
      try fileSystem.makeDirectory(parentPath(of: "\(root)/\(path)"))
      return try fileSystem.atomicallyCreate("\(root)/\(path)", with: content.span)
    }
  }

  /// Removes a file and the folders that it leaves empty.
  private func remove(_ path: String, _ found: Found) throws(FileError) -> Bool {
    guard let status = found.status else { return false }
    guard try fileSystem.atomicallyRemove("\(root)/\(path)", ifStill: status) else { return false }
    var folder = parentPath(of: path)
    while folder != ".", folder != "/" {
      // A folder that is not empty stays, and that is all that can be learnt here.
      do { try fileSystem.remove("\(root)/\(folder)") } catch { return true }
      folder = parentPath(of: folder)
    }
    return true
  }

  // MARK: After a crash

  /// Makes sure of a file that a crash may have left incomplete, if it is one.
  ///
  /// Whoever meets the file first does that, the others wait: a store with many of them is open at once.
  func settle(_ path: String) throws(StoreError) {
    guard hasSuspects.load(ordering: .acquiring) else { return }
    try suspects.withLock { suspects throws(StoreError) in
      guard let revisions = suspects.revisions[path] else { return }
      if try restore(path, revisions) { suspects.restored.append(path) }
      suspects.revisions[path] = nil
      if suspects.revisions.isEmpty { hasSuspects.store(false, ordering: .releasing) }
    }
  }

  /// The paths that were written again since this was last asked.
  func takeRestored() -> [String] {
    suspects.withLock { suspects in
      defer { suspects.restored = [] }
      return suspects.restored.sorted()
    }
  }

  /// Puts the newest revision back where a crash left an empty file, a part of it, or an older revision, which no file is
  /// too if there was none. Anything else that is not the newest revision is a hand edit, and stays.
  private func restore(_ path: String, _ revisions: [ObjectID?]) throws(StoreError) -> Bool {
    guard let newest = revisions.last else { return false }
    let found = try look(at: path)
    guard found.obstacle == nil, found.id != newest else { return false }
    let isOlder = revisions.contains(found.id)
    guard let newest else { return isOlder ? try replace(path, found, by: nil) : false }
    let content = try StoreOpening.reading(path) { () throws(GitError) in try objects.blob(newest) }
    guard isOlder || found.content.map({ content.starts(with: $0) }) ?? false else { return false }
    return try replace(path, found, by: content)
  }

  // MARK: Looking

  /// What is at a path.
  struct Found {
    /// Taken before the content was read.
    var status: FileStatus?
    /// Nil for nothing.
    var content: [UInt8]?
    var id: ObjectID?
    /// Why it cannot be read: something stands there, but no file of ours.
    var obstacle: FileError?
  }

  func look(at path: String) throws(StoreError) -> Found {
    do {
      let status = try fileSystem.status("\(root)/\(path)")
      let content = try readIfPresent(path)
      return Found(status: status, content: content, id: content.map { ObjectID(hashing: $0, as: .blob) })
    } catch  where error.isObstacle {
      return Found(obstacle: error)
    } catch {
      throw StoreError(.unavailable, "The file \(path) could not be read.", document: path, cause: error)
    }
  }

  private func readIfPresent(_ path: String) throws(FileError) -> [UInt8]? {
    do {
      return try fileSystem.read("\(root)/\(path)")
    } catch  where error.isMissing || error.isNotDirectory {
      return nil
    }
  }

  /// The files in a folder, by their paths below the root.
  func files(in folder: String) throws(StoreError) -> [String] {
    do {
      return try fileSystem.list("\(root)/\(folder)").map { "\(folder)/\($0)" }
    } catch  where error.isMissing || error.isNotDirectory || error.isObstacle {
      return []
    } catch {
      throw StoreError(.unavailable, "The folder \(folder) could not be read.", cause: error)
    }
  }

  func status(of path: String) throws(StoreError) -> FileStatus? {
    do {
      return try fileSystem.status("\(root)/\(path)")
    } catch {
      throw StoreError(.unavailable, "The file \(path) could not be looked at.", document: path, cause: error)
    }
  }
}
