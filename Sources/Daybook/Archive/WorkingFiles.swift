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

  private let fileSystem: any FileSystem
  private let root: String
  private let pending = Mutex<[String: Pending]>([:])
  /// Files that were found edited when their turn came, and are left as they are.
  private let handEdits = Mutex<Set<String>>([])

  private static let attempts = 3

  init(root: String, fileSystem: any FileSystem) {
    self.root = root
    self.fileSystem = fileSystem
  }

  /// The paths that hold a hand edit, as far as it was noticed.
  var editedPaths: [String] { handEdits.withLock { $0.sorted() } }

  // MARK: Before a write

  /// Throws `.conflict` when the file holds a hand edit that this change would cover up.
  func checkUntouched(_ change: FileChange) throws(StoreError) {
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

  /// Puts the newest revision back where a crash left an empty file, a part of it, or an older one. Anything else that is
  /// not the newest revision is a hand edit, and stays.
  func restore(_ path: String, revisions: [ObjectID?], objects: ObjectReader) throws(StoreError) -> Bool {
    guard let newest = revisions.last, try content(at: path) != newest else { return false }
    do {
      let found = try? fileSystem.read("\(root)/\(path)")
      let isOlder = revisions.contains(found.map { ObjectID(hashing: $0, as: .blob) })
      guard let newest else {
        guard isOlder, found != nil else { return false }
        try remove(path)
        return true
      }
      let content = try objects.blob(newest)
      guard isOlder || content.starts(with: found ?? []) else { return false }
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
      return ObjectID(hashing: try fileSystem.read("\(root)/\(path)"), as: .blob)
    } catch  where error.isMissing || error.isNotDirectory {
      return nil
    } catch {
      throw StoreError(.unavailable, "The file \(path) could not be read.", document: path, cause: error)
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
