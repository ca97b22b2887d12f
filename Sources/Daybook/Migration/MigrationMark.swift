import Git
import Storage

/// Notes that a migration is under way, so that its tag is put even if the process dies between the commit and the tag.
///
///     mark ─▶ one commit ─▶ tag ─▶ mark removed
///
/// The file holds the sequence from before the commit, and how the tag ends, such as `4710 up-0001-rating`. Whoever opens the
/// store finds the commit behind that sequence, or none: then the migration did not happen.
struct MigrationMark {
  let sequence: UInt64
  let ending: String

  static func tag(at sequence: UInt64, ending: String) -> String { "refs/tags/migration/\(sequence)-\(ending)" }

  // MARK: The file

  func set(_ parts: StoreParts) throws(StoreError) {
    let text = Array("\(sequence) \(ending)".utf8)
    try Self.reaching { () throws(FileError) in
      try parts.fileSystem.atomicallyReplace(Self.path(parts), with: text.span, durable: true)
    }
  }

  static func clear(_ parts: StoreParts) throws(StoreError) {
    try reaching { () throws(FileError) in try parts.fileSystem.remove(path(parts)) }
  }

  private static func left(in parts: StoreParts) throws(StoreError) -> MigrationMark? {
    let bytes = try reaching { () throws(FileError) in
      try parts.fileSystem.exists(path(parts)) ? try parts.fileSystem.read(path(parts)) : nil
    }
    let words = bytes.map { String(decoding: $0, as: UTF8.self).split(separator: " ") } ?? []
    guard words.count == 2, let sequence = UInt64(words[0]) else { return nil }
    return MigrationMark(sequence: sequence, ending: String(words[1]))
  }

  private static func path(_ parts: StoreParts) -> String { "\(parts.root)/\(StoreLayout.migrating)" }

  private static func reaching<Result>(_ body: () throws(FileError) -> Result) throws(StoreError) -> Result {
    do {
      return try body()
    } catch {
      throw StoreError(.unavailable, "\(StoreLayout.migrating) could not be reached.", cause: error)
    }
  }

  // MARK: After a crash

  /// Puts the tag that a migration could not put any more.
  static func finish(_ store: Store) throws(StoreError) {
    guard let mark = try left(in: store.parts) else { return }
    let snapshot = store.snapshot()
    for (sequence, id) in snapshot.index.commits(after: mark.sequence, limit: Limits.historyBatch) {
      let commit = try StoreOpening.reading("commit \(id.short)") { () throws(GitError) in
        try snapshot.objects.commit(id)
      }
      guard CommitSummary(id, sequence, commit).origin == .migration else { continue }
      try store.parts.waitForArchive(of: sequence)
      _ = try store.parts.setReference(tag(at: sequence, ending: mark.ending), to: id)
      break
    }
    try clear(store.parts)
  }
}

extension StoreParts {
  /// Returns once a commit is in a pack, and the branch has moved.
  func waitForArchive(of sequence: UInt64) throws(StoreError) {
    let reply = Reply<StoreError?>()
    queue.whenArchived(sequence) { reply.send($0) }
    if let failure = reply.wait() { throw failure }
  }

  /// Makes a ref, unless there is one of that name.
  func setReference(_ name: String, to id: ObjectID) throws(StoreError) -> String {
    do {
      // A crash may have left the lock of this very ref.
      _ = try BranchLock(branch: name, root: root, fileSystem: fileSystem).removeLeftover()
    } catch {
      throw StoreError(.unavailable, "A lock on the ref \(name) could not be removed.", cause: error)
    }
    try StoreOpening.reading("the ref \(name)") { () throws(GitError) in
      try objects.withRepository { repository throws(GitError) in
        guard try repository.reference(name) == nil else { return }
        try repository.moveReference(name, from: nil, to: id, message: "daybook migrate")
      }
    }
    return name
  }
}
