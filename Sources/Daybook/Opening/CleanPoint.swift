import Git
import Storage

/// The newest commit whose working files are known to be on the disk, not just on their way to it.
///
/// Working files are written without a sync of their own. So after a crash those that changed since the clean point may be
/// empty, cut short or older than their commits say, and that is no wish of anybody's: `WorkingFiles.settle` tells such a
/// file from a hand edit by its content, and writes it again.
///
/// A file notes the commit from before the first change until all are on the disk. Without it the store is clean: whatever
/// a file holds then was put there by a person or by Git.
struct CleanPoint {
  let root: String
  let fileSystem: any FileSystem

  private var path: String { "\(root)/\(StoreLayout.cleanPoint)" }

  /// Files are about to change from what they are at this commit.
  func leave(_ head: ObjectID?) throws(FileError) {
    let text = Array((head ?? .zero).hex.utf8)
    try fileSystem.atomicallyReplace(path, with: text.span, durable: true)
  }

  /// All files are as they should be, and on the disk.
  func reach() throws(FileError) {
    if try fileSystem.exists(path) { try fileSystem.remove(path) }
  }

  /// The commit that was left; nil when the store is clean. What cannot be read counts as having been left at the beginning.
  func left() throws(FileError) -> ObjectID? {
    guard try fileSystem.exists(path) else { return nil }
    return ObjectID(hex: String(decoding: try fileSystem.read(path), as: UTF8.self)) ?? .zero
  }

  /// The files that changed between the clean point and `head`, each with the revisions it had since, the newest last, nil
  /// for nothing.
  func changedFiles(through head: ObjectID, objects: ObjectReader) throws(StoreError) -> [String: [ObjectID?]] {
    let clean: ObjectID?
    do {
      clean = try left()
    } catch {
      throw StoreError(.unavailable, "\(StoreLayout.cleanPoint) could not be read.", cause: error)
    }
    guard let clean, clean != head else { return [:] }
    return try StoreOpening.reading("the newest commits") { () throws(GitError) in
      let isKnown = try objects.withRepository { repository throws(GitError) in
        repository.contains(clean) ? try repository.isAncestor(clean, of: head) : false
      }
      return try Self.changedFiles(from: isKnown ? clean : nil, through: head, objects)
    }
  }

  private static func changedFiles(
    from clean: ObjectID?, through head: ObjectID, _ objects: ObjectReader
  ) throws(GitError) -> [String: [ObjectID?]] {
    var changed: [String: [ObjectID?]] = [:]
    let line = try objects.withRepository { repository throws(GitError) in
      try repository.line(after: clean, through: head)
    }
    var before = try clean.map { clean throws(GitError) in try objects.commit(clean).tree }
    for id in line ?? [] {
      let tree = try objects.commit(id).tree
      try TreeDifference(objects: objects).visit(from: before, to: tree) { path, old, new throws(GitError) in
        changed[path, default: [old]].append(new)
      }
      before = tree
    }
    return changed
  }
}
