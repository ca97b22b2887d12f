import Dispatch
import Git
import Storage

/// Keeps the Git index true, so that a person's `git status` is clean and a plain `git commit` does not take back what
/// was written through the store.
///
/// The index costs its whole size to write, so it is not written at each archiving of a large store, but at most so often
/// that it takes a twentieth of the time. While it is behind, we hold `index.lock`: Git's own way of saying that somebody
/// is at it, upon which `git commit` and `git add` refuse. So a stale index is never committed. The lock carries our
/// mark; whoever opens the store after a crash owns it and may remove it.
///
/// An index that is missing, or of a form that `IndexFile` does not read, is made anew from the newest commit: all files
/// must be in it, or the next `git commit` would delete them.
struct GitIndexKeeper {
  /// What the lock file holds while it is ours.
  static let mark = "daybook: the index is being brought up to date\n"

  /// A file that was put in place, with what the index wants to know about it; no id: it was removed.
  struct Written {
    var path: String
    var id: ObjectID?
    var status: FileStatus?
  }

  private let fileSystem: any FileSystem
  private let root: String
  private let objects: ObjectReader
  private var stale: [String: Written] = [:]
  private var holdsLock = false
  private var notBefore = DispatchTime.now()

  /// The part of the time that writing the index may take, as a divisor.
  private static let share: UInt64 = 20
  /// How long we wait for a person's Git command to let go of the lock, in milliseconds a try.
  private static let lockDelays = [1, 4, 16, 64, 256]

  init(root: String, fileSystem: any FileSystem, objects: ObjectReader) {
    self.root = root
    self.fileSystem = fileSystem
    self.objects = objects
  }

  /// Whether the index does not know of all that was put in place.
  var isBehind: Bool { !stale.isEmpty }

  /// Takes the lock before the branch moves; answers whether we have it. A Git command of a person's that holds it fails of
  /// itself when the branch moves under it; should it hold on for long, the branch moves all the same.
  @discardableResult
  mutating func guardIndex() throws(FileError) -> Bool {
    if holdsLock { return true }
    let mark = Array(Self.mark.utf8)
    for delay in [0] + Self.lockDelays {
      if delay > 0 { SystemTime.pause(milliseconds: delay) }
      do {
        try fileSystem.create("\(root)/\(StoreLayout.gitIndexLock)", bytes: mark.span, durable: false)
        holdsLock = true
        return true
      } catch  where error.isExisting {
        continue
      }
    }
    return false
  }

  /// Notes what was replaced, and writes the index if it is time, or `now` whatever the time. Answers false when it is due
  /// and somebody else has the lock: what they then write would take our changes back.
  ///
  /// - Parameters:
  ///   - head: What the branch holds.
  ///   - isLast: Whether all files are where the branch is, and that is not about to move: only then the lock is let go of.
  @discardableResult
  mutating func update(_ written: [Written], head: ObjectID?, isLast: Bool, now: Bool) throws(StoreError) -> Bool {
    for file in written { stale[file.path] = file }
    guard !stale.isEmpty || holdsLock, now || notBefore <= .now() else { return true }
    do {
      guard try guardIndex() else { return false }
      if !stale.isEmpty { try write(head) }
      guard isLast else { return true }
      try fileSystem.remove("\(root)/\(StoreLayout.gitIndexLock)")
      holdsLock = false
      return true
    } catch let error as FileError {
      throw StoreError(.unavailable, "The Git index could not be written.", cause: error)
    } catch {
      throw StoreError(
        .damaged, "The newest commit's folders cannot be read.", hint: "Run `git fsck` in the store.", cause: error)
    }
  }

  private mutating func write(_ head: ObjectID?) throws {
    let start = DispatchTime.now()
    let path = "\(root)/\(StoreLayout.gitIndex)"
    let index = try fileSystem.exists(path) ? try? IndexFile(parsing: fileSystem.read(path)) : nil
    var entries = try index == nil ? committed(head) : [:]
    for file in stale.values { entries.updateValue(Self.entry(file), forKey: file.path) }
    let changes = entries.map { IndexFile.Change(path: Array($0.key.utf8), entry: $0.value) }
      .sorted { $0.path.lexicographicallyPrecedes($1.path) }
    let bytes = (index ?? IndexFile()).applying(changes)
    try fileSystem.atomicallyReplace(path, with: bytes.span, durable: false)
    stale.removeAll()
    let end = DispatchTime.now()
    notBefore = end + .nanoseconds(Int((end.uptimeNanoseconds - start.uptimeNanoseconds) * Self.share))
  }

  /// All files of a commit.
  private func committed(_ head: ObjectID?) throws(GitError) -> [String: IndexFile.Entry?] {
    var files: [String: IndexFile.Entry?] = [:]
    if let head { try collect(try objects.commit(head).tree, "", &files) }
    return files
  }

  private func collect(
    _ tree: ObjectID, _ folder: String, _ files: inout [String: IndexFile.Entry?]
  ) throws(GitError) {
    for entry in try objects.tree(tree).entries() {
      if entry.isFolder {
        try collect(entry.id, "\(folder)\(entry.name)/", &files)
      } else {
        let mode = UInt32(entry.mode, radix: 8) ?? IndexFile.regularFile
        files["\(folder)\(entry.name)"] = IndexFile.Entry(id: entry.id, stat: .unknown, mode: mode)
      }
    }
  }

  private static func entry(_ file: Written) -> IndexFile.Entry? {
    guard let id = file.id else { return nil }
    guard let status = file.status else { return IndexFile.Entry(id: id, stat: .unknown) }
    return IndexFile.Entry(id: id, stat: IndexFile.Stat(status))
  }

  /// Removes a lock that a crash left: only ours, which the mark tells. One that holds a part of it, or nothing yet, may also
  /// be that of a Git command which has just begun; that one is waited for.
  static func removeLeftoverLock(root: String, fileSystem: any FileSystem) throws(FileError) {
    let path = "\(root)/\(StoreLayout.gitIndexLock)"
    for delay in lockDelays + [0] {
      guard let content = try contentIfPresent(path, fileSystem), Array(mark.utf8).starts(with: content) else { return }
      if content.count == mark.utf8.count { break }
      SystemTime.pause(milliseconds: delay)
    }
    try fileSystem.remove(path)
  }

  private static func contentIfPresent(_ path: String, _ fileSystem: any FileSystem) throws(FileError) -> [UInt8]? {
    do {
      return try fileSystem.read(path)
    } catch  where error.isMissing {
      return nil
    }
  }
}

extension IndexFile.Stat {
  /// What Git compares of a file's status.
  init(_ status: FileStatus) {
    func seconds(_ nanoseconds: Int64) -> UInt32 { UInt32(truncatingIfNeeded: nanoseconds / 1_000_000_000) }
    func rest(_ nanoseconds: Int64) -> UInt32 { UInt32(truncatingIfNeeded: nanoseconds % 1_000_000_000) }
    self.init(
      changeSeconds: seconds(status.changedNanoseconds), changeNanoseconds: rest(status.changedNanoseconds),
      modificationSeconds: seconds(status.modifiedNanoseconds),
      modificationNanoseconds: rest(status.modifiedNanoseconds), device: UInt32(truncatingIfNeeded: status.device),
      inode: UInt32(truncatingIfNeeded: status.inode), user: status.userID, group: status.groupID,
      size: UInt32(truncatingIfNeeded: status.size))
  }
}
