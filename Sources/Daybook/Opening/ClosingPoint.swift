import Git
import Storage

/// The commit with which the store was closed, in a file of its own: which of a merge's parents is our own history does not
/// show in the commit when another clone made the merge and this one was moved ahead to it.
///
/// A hint, written without a sync: without it the first parent is taken for ours.
struct ClosingPoint {
  let root: String
  let fileSystem: any FileSystem

  private var path: String { "\(root)/\(StoreLayout.closingPoint)" }

  var head: ObjectID? {
    (try? fileSystem.read(path)).flatMap { ObjectID(hex: String(decoding: $0, as: UTF8.self)) }
  }

  func note(_ head: ObjectID) throws(FileError) {
    if self.head == head { return }
    try fileSystem.atomicallyReplace(path, with: Array(head.hex.utf8).span, durable: false)
  }
}
