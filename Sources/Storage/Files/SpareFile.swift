/// Replaces files by exchange, with one file that goes round: what a replacement displaced takes the next content.
///
/// Making a file and removing another each time would cost more than all else. ext4 gives an inode away again only a minute
/// after it was freed, and until then looks at it whenever it searches for a free one: 3,000 replacements a second took
/// 30–45 % of two cores for that search.
///
/// An emptied file is as good as a new one: after a crash it holds nothing or a part of what was written to it last. What
/// somebody else still has open, has linked to, or has given other permissions is never used again.
package struct SpareFile: Sendable {
  private let path: String
  private let fileSystem: any FileSystem
  /// What a file looks like that we made.
  private var made: FileStatus?
  /// Whether there is an empty file at `path`.
  private var isReady = false

  /// `path` is for nobody else, and on the file system of the files that are replaced.
  package init(_ path: String, in fileSystem: any FileSystem) {
    self.path = path
    self.fileSystem = fileSystem
  }

  /// Puts a new content in the place of a file so that everyone sees either the old content or the new one, unless somebody
  /// touched that file after its status was taken: then it stays, and the answer is false.
  package mutating func replace(
    _ target: String, with bytes: Span<UInt8>, ifStill expected: FileStatus
  ) throws(FileError) -> Bool {
    try fill(with: bytes)
    do {
      try fileSystem.exchange(path, with: target)
    } catch {
      remove()
      if error.isMissing { throw error }
      // This file system cannot exchange.
      try fileSystem.atomicallyReplace(target, with: bytes, durable: false)
      return true
    }
    let displaced = try fileSystem.status(path)
    let isUntouched = displaced?.hasSameContent(as: expected) ?? false
    if !isUntouched { try giveBack(to: target) }
    reclaim()
    return isUntouched
  }

  /// Leaves nothing behind.
  package mutating func remove() {
    isReady = false
    // It may be missing, and nobody reads it.
    try? fileSystem.remove(path)
  }

  private mutating func fill(with bytes: Span<UInt8>) throws(FileError) {
    do {
      guard isReady else { return try create(bytes) }
      let file = try fileSystem.open(path, create: false)
      defer { file.close() }
      try file.write(bytes, at: 0)
    } catch {
      remove()
      throw error
    }
  }

  private mutating func create(_ bytes: Span<UInt8>) throws(FileError) {
    do {
      try fileSystem.create(path, bytes: bytes, durable: false)
    } catch  where error.isExisting {
      // A crash left it.
      try fileSystem.remove(path)
      try fileSystem.create(path, bytes: bytes, durable: false)
    }
    made = try fileSystem.status(path)
  }

  /// Whatever happens to our own content: theirs comes back.
  private func giveBack(to target: String) throws(FileError) {
    do {
      try fileSystem.exchange(path, with: target)
    } catch {
      try fileSystem.rename(path, to: target)
    }
  }

  /// Keeps what lies at `path` now for the next time, if it is like a file that we made.
  private mutating func reclaim() {
    do {
      let status = try fileSystem.status(path)
      isReady = try status?.hasSameRights(as: made) ?? false && fileSystem.emptyIfUnshared(path)
    } catch {
      isReady = false
    }
    if !isReady { remove() }
  }
}

extension FileStatus {
  fileprivate func hasSameContent(as other: FileStatus) -> Bool {
    inode == other.inode && size == other.size && modifiedNanoseconds == other.modifiedNanoseconds
  }

  fileprivate func hasSameRights(as other: FileStatus?) -> Bool {
    mode == other?.mode && userID == other?.userID && groupID == other?.groupID
  }
}
