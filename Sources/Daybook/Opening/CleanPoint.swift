import Git
import Storage

/// The newest commit whose working files are known to be on the disk, not just on their way to it.
///
/// Working files are written without a sync of their own. So after a power cut those that changed since the clean point
/// may be empty, cut short or older than their commits say, and that is no wish of anybody's: `WorkingFiles.settle` tells
/// such a file from a hand edit by its content, and writes it again.
struct CleanPoint {
  let root: String
  let fileSystem: any FileSystem

  private var path: String { "\(root)/\(StoreLayout.cleanPoint)" }

  /// Everything up to this commit is on the disk.
  func mark(_ head: ObjectID?) throws(FileError) {
    guard let head, read() != head else { return }
    try fileSystem.syncFileSystem(root)
    let text = Array(head.hex.utf8)
    try fileSystem.atomicallyReplace(path, with: text.span, durable: true)
  }

  func read() -> ObjectID? {
    guard let bytes = try? fileSystem.read(path) else { return nil }
    return ObjectID(hex: String(decoding: bytes, as: UTF8.self))
  }

  /// The files that changed between the clean point and `head`, each with the revisions it had since, the newest last, nil
  /// for nothing.
  func changedFiles(through head: ObjectID, objects: ObjectReader) throws(StoreError) -> [String: [ObjectID?]] {
    let clean = read()
    guard clean != head else { return [:] }
    return try StoreOpening.reading("the newest commits") { () throws(GitError) in
      let known = try objects.withRepository { repository throws(GitError) in
        guard let clean, repository.contains(clean) else { return false }
        return try repository.isAncestor(clean, of: head)
      }
      return try Self.changedFiles(from: known ? clean : nil, through: head, objects)
    }
  }

  private static func changedFiles(
    from clean: ObjectID?, through head: ObjectID, _ objects: ObjectReader
  ) throws(GitError) -> [String: [ObjectID?]] {
    var changed: [String: [ObjectID?]] = [:]
    let commits = try objects.withRepository { repository throws(GitError) in
      try repository.commits(after: clean, through: head)
    }
    for id in commits {
      let commit = try objects.commit(id)
      let before = try commit.parents.first.map { parent throws(GitError) in try objects.commit(parent).tree }
      try TreeDifference(objects: objects).visit(from: before, to: commit.tree) { path, old, new throws(GitError) in
        changed[path, default: [old]].append(new)
      }
    }
    return changed
  }
}
