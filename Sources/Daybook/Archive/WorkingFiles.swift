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
  /// Files that were found edited when their turn came, and are left as they are.
  private let handEdits = Mutex<Set<String>>([])

  private static let attempts = 3

  /// `suspects` are the files that changed since the clean point, with their revisions.
  init(root: String, fileSystem: any FileSystem, objects: ObjectReader, suspects: [String: [ObjectID?]]) {
    self.root = root
    self.fileSystem = fileSystem
    self.objects = objects
    self.suspects = Mutex(Suspects(revisions: suspects))
    hasSuspects = Atomic(!suspects.isEmpty)
  }

  /// The paths that hold a hand edit, as far as it was noticed.
  var editedPaths: [String] { handEdits.withLock { $0.sorted() } }

  // MARK: Before a write

  /// Throws `.conflict` when the file holds a hand edit that this change would cover up.
  func checkUntouched(_ change: FileChange) throws(StoreError) {
    try settle(change.path)
    for attempt in 1...Self.attempts {
      let found = try content(at: change.path)
      if found == change.basis || found == change.content?.id { return }
      // The file may be replaced at this very moment; then a second look agrees.
      let known = pending.withLock { $0[change.path] }
      if let known, [known.put, known.next, known.newest].contains(found) { return }
      if attempt == Self.attempts { throw Self.handEdit(change.path, isMissing: found == nil) }
    }
  }

  private static func handEdit(_ path: String, isMissing: Bool) -> StoreError {
    StoreError(
      .conflict, "The file \(path) was \(isMissing ? "deleted" : "edited") by hand, and that is not in the store yet.",
      hint: isMissing
        ? "Bring it back with `git checkout -- \(path)`, or delete the document."
        : "Put the file into the store with `daybook put`, or drop the edit with `git checkout -- \(path)`.",
      document: path)
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

  /// Makes a file hold what commits say, `commits` of those that were expected having been reached.
  ///
  /// Answers false, and leaves the file alone, when it holds neither what we put there nor what we want to put.
  func put(_ content: (id: ObjectID, bytes: [UInt8])?, at path: String, commits: Int) throws(StoreError) -> Bool {
    try settle(path)
    let found = try self.content(at: path)
    let isThere = found == content?.id
    let isOurs = isThere || pending.withLock { $0[path].map { found == $0.put } ?? false }
    if isOurs && !isThere {
      pending.withLock { $0[path]?.next = content?.id }
      do {
        if let content { try write(content.bytes, at: path) } else { try remove(path) }
      } catch {
        throw StoreError(.unavailable, "The file \(path) could not be written.", document: path, cause: error)
      }
    }
    pending.withLock { pending in
      pending[path]?.commits -= commits
      pending[path]?.put = content?.id
      if let left = pending[path]?.commits, left <= 0 { pending[path] = nil }
    }
    handEdits.withLock { edits in
      if isOurs { edits.remove(path) } else { edits.insert(path) }
    }
    return isOurs
  }

  private func write(_ content: [UInt8], at path: String) throws(FileError) {
    do {
      try fileSystem.atomicallyReplace("\(root)/\(path)", with: content.span, durable: false)
    } catch  where error.isMissing {
      try fileSystem.makeDirectory(parentPath(of: "\(root)/\(path)"))
      try fileSystem.atomicallyReplace("\(root)/\(path)", with: content.span, durable: false)
    }
  }

  /// Removes a file and the folders that it leaves empty.
  private func remove(_ path: String) throws(FileError) {
    try fileSystem.remove("\(root)/\(path)")
    var folder = parentPath(of: path)
    while folder != ".", folder != "/" {
      // A folder that is not empty stays, and that is all that can be learnt here.
      do { try fileSystem.remove("\(root)/\(folder)") } catch { return }
      folder = parentPath(of: folder)
    }
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
    do {
      let found = try readIfPresent(path)
      let id = found.map { ObjectID(hashing: $0, as: .blob) }
      guard id != newest else { return false }
      let isOlder = revisions.contains(id)
      guard let newest else {
        guard isOlder else { return false }
        try remove(path)
        return true
      }
      let content = try objects.blob(newest)
      guard isOlder || found.map({ content.starts(with: $0) }) ?? false else { return false }
      try write(content, at: path)
      return true
    } catch {
      throw StoreError(.unavailable, "The file \(path) could not be restored.", document: path, cause: error)
    }
  }

  // MARK: Looking

  /// The revision that a file's content has; nil when there is no such file.
  func content(at path: String) throws(StoreError) -> ObjectID? {
    do {
      return try readIfPresent(path).map { ObjectID(hashing: $0, as: .blob) }
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

  func status(of path: String) throws(StoreError) -> FileStatus? {
    do {
      return try fileSystem.status("\(root)/\(path)")
    } catch {
      throw StoreError(.unavailable, "The file \(path) could not be looked at.", document: path, cause: error)
    }
  }
}
