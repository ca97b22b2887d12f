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
  private var stale: [String: Written] = [:]
  private var holdsLock = false
  private var notBefore = DispatchTime.now()

  /// The part of the time that writing the index may take, as a divisor.
  private static let share: UInt64 = 20
  /// How long we wait for a person's Git command to let go of the lock, in milliseconds a try.
  private static let lockDelays = [1, 4, 16, 64, 256]

  init(root: String, fileSystem: any FileSystem) {
    self.root = root
    self.fileSystem = fileSystem
  }

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
  @discardableResult
  mutating func update(_ written: [Written], now: Bool) throws(StoreError) -> Bool {
    for file in written { stale[file.path] = file }
    guard !stale.isEmpty || holdsLock, now || notBefore <= .now() else { return true }
    let start = DispatchTime.now()
    do {
      guard try guardIndex() else { return false }
      try write()
    } catch let error as FileError {
      throw StoreError(.unavailable, "The Git index could not be written.", cause: error)
    } catch {
      throw StoreError(
        .damaged, "The Git index could not be read.", hint: "Remove \(StoreLayout.gitIndex): it is made anew.",
        cause: error)
    }
    let end = DispatchTime.now()
    notBefore = end + .nanoseconds(Int((end.uptimeNanoseconds - start.uptimeNanoseconds) * Self.share))
    return true
  }

  private mutating func write() throws {
    let path = "\(root)/\(StoreLayout.gitIndex)"
    let index = try fileSystem.exists(path) ? IndexFile(parsing: fileSystem.read(path)) : IndexFile()
    let changes = stale.values
      .map { IndexFile.Change(path: Array($0.path.utf8), entry: Self.entry($0)) }
      .sorted { $0.path.lexicographicallyPrecedes($1.path) }
    try fileSystem.atomicallyReplace(path, with: index.applying(changes).span, durable: false)
    stale.removeAll()
    try fileSystem.remove("\(root)/\(StoreLayout.gitIndexLock)")
    holdsLock = false
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
