import Synchronization

/// The syncs of one segment's file, from whichever thread, one after the other.
///
/// The kernel tells of lost bytes once for each open file: were two syncs under way, one of them could learn of a failure
/// and the other acknowledge what is gone. So the first failure stays, and every later sync fails with it.
final class SegmentSync: Sendable {
  private let file: any File
  private let failure = Mutex<FileError?>(nil)

  init(_ file: any File) {
    self.file = file
  }

  func run() throws(FileError) {
    try failure.withLock { failure throws(FileError) in
      if let failure { throw failure }
      do throws(FileError) {
        try file.syncData()
      } catch {
        failure = error
        throw error
      }
    }
  }
}

/// A sync of what was appended so far that runs beside further appends: `Log.pendingSync`, `run`, `Log.finish`.
package struct PendingSync: Sendable {
  let segment: UInt64
  let end: Int
  let sync: SegmentSync

  package func run() throws(FileError) { try sync.run() }
}
