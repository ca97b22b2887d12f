import Dispatch
import Synchronization

/// Tells which files in a folder, and in those below it, may have changed.
///
/// It reports too much rather than too little: what is reported must be looked at, and need not have changed.
package protocol FolderWatcher: Sendable {
  /// Watches the folders that are there by now; those that are watched already stay so.
  func arm() throws(FileError)

  /// What was seen since this was last asked, by any thread. What was done before the call is in it or was in an earlier one.
  /// Cheap: after news that are incomplete it is the caller's to look at everything, when it has time, and to `arm` before.
  func take() throws(FileError) -> FolderNews

  /// Blocks until something was seen, `wake` is called, or the time is over; nil: without end.
  func wait(milliseconds: Int?)

  /// Ends the waiting of another thread.
  func wake()

  /// Whether `take` alone tells that a file in this folder is untouched. Not so before the folder is watched.
  func isExact(for folder: String) -> Bool
}

/// What a watcher saw.
package struct FolderNews: Sendable {
  /// Paths below the root that may have changed.
  package var paths: Set<String>
  /// Whether other paths may have changed as well: everything must be looked at.
  package var isIncomplete: Bool

  package init(paths: Set<String> = [], isIncomplete: Bool = false) {
    self.paths = paths
    self.isIncomplete = isIncomplete
  }
}

/// Looks at everything from time to time: for systems, and for numbers of folders, that cannot be watched.
package final class PollingWatcher: FolderWatcher {
  private let interval: Int
  private let alarm = DispatchSemaphore(value: 0)
  private let due = Mutex(DispatchTime.now())

  /// - Parameter interval: Milliseconds from one look to the next.
  package init(interval: Int = Limits.pollingMilliseconds) {
    self.interval = interval
  }

  package func arm() {}
  /// Says once in an interval that anything may have changed.
  package func take() -> FolderNews {
    due.withLock { due in
      let now = DispatchTime.now()
      guard due <= now else { return FolderNews() }
      due = now + .milliseconds(interval)
      return FolderNews(isIncomplete: true)
    }
  }
  package func wait(milliseconds: Int?) {
    _ = alarm.wait(timeout: .now() + .milliseconds(min(milliseconds ?? interval, interval)))
  }
  package func wake() { alarm.signal() }
  package func isExact(for folder: String) -> Bool { false }
}
