/// What the file system knows about a path without opening it. Two equal values mean that the file was, most likely, not
/// touched in between; a write within the granularity of the clock can hide, so times alone prove nothing.
package struct FileStatus: Hashable, Sendable {
  /// What is at the path itself: a symbolic link is reported as one, never followed.
  package enum Kind: Sendable {
    case file, directory, symbolicLink, other
  }

  package var kind: Kind
  /// Length in bytes.
  package var size: Int
  /// When the content was last changed, in nanoseconds since 1970.
  package var modifiedNanoseconds: Int64
  /// When content, name or permissions were last changed, in nanoseconds since 1970. Programs cannot set it.
  package var changedNanoseconds: Int64
  package var inode: UInt64
  package var device: UInt64
  /// The type and permission bits, as in `st_mode`.
  package var mode: UInt32
  package var userID: UInt32
  package var groupID: UInt32
  package var linkCount: Int

  package init(
    kind: Kind, size: Int, modifiedNanoseconds: Int64, changedNanoseconds: Int64, inode: UInt64, device: UInt64,
    mode: UInt32, userID: UInt32, groupID: UInt32, linkCount: Int
  ) {
    self.kind = kind
    self.size = size
    self.modifiedNanoseconds = modifiedNanoseconds
    self.changedNanoseconds = changedNanoseconds
    self.inode = inode
    self.device = device
    self.mode = mode
    self.userID = userID
    self.groupID = groupID
    self.linkCount = linkCount
  }

  /// Whether the file's owner may execute it.
  package var isExecutable: Bool { mode & 0o100 != 0 }
}
