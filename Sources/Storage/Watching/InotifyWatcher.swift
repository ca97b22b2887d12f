import Synchronization

/// Watches folders through Linux's inotify, one watch for each folder.
///
/// A folder that comes is watched from then on, and what is in it by that time is reported: it may have come before the
/// watch. When the queue overflows, a folder is moved or one cannot be watched, the news are incomplete.
package final class InotifyWatcher: FolderWatcher {
  private struct State {
    /// The watched folders, below the root, by the number of their watch; the root is "".
    var folders: [Int32: String] = [:]
    var watches: [String: Int32] = [:]
  }

  private let root: String
  private let fileSystem: any FileSystem
  private let isWatched: @Sendable (String) -> Bool
  private let queue: InotifyQueue
  private let state = Mutex(State())

  /// Watches nothing yet: `arm` does, which takes its time for many folders.
  ///
  /// - Parameter isWatched: Whether a folder, by its path below the root, is to be watched with what is in it.
  package init(
    root: String, fileSystem: any FileSystem, isWatched: @escaping @Sendable (String) -> Bool
  ) throws(FileError) {
    self.root = root
    self.fileSystem = fileSystem
    self.isWatched = isWatched
    queue = try InotifyQueue()
  }

  package func arm() throws(FileError) {
    var found: Set<String> = []
    try watch("", &found)
  }

  package func take() throws(FileError) -> FolderNews {
    let events = try queue.drain()
    guard !events.isEmpty else { return FolderNews() }
    var news = FolderNews()
    for event in events { handle(event, &news) }
    return news
  }

  package func wait(milliseconds: Int?) { queue.wait(milliseconds: milliseconds) }
  package func wake() { queue.wake() }
  package func isExact(for folder: String) -> Bool { state.withLock { $0.watches[folder] != nil } }

  // MARK: Events

  private func handle(_ event: InotifyQueue.Event, _ news: inout FolderNews) {
    if event.folder < 0 { return news.isIncomplete = true }
    guard let folder = state.withLock({ $0.folders[event.folder] }) else { return }
    if event.isEnd { return forget(folder) }
    guard !event.name.isEmpty else { return }
    let path = folder.isEmpty ? event.name : "\(folder)/\(event.name)"
    guard event.isFolder else {
      news.paths.insert(path)
      return
    }
    if event.hasCome {
      do { try watch(path, &news.paths) } catch { news.isIncomplete = true }
    }
    if event.hasMovedAway, isWatched(path) {
      // Watches would go with it, and of what is in it nothing is told. From a folder that is removed all went before.
      forgetAll(in: path)
      news.isIncomplete = true
    }
  }

  private func forget(_ folder: String) {
    state.withLock { state in
      if let watch = state.watches.removeValue(forKey: folder) { state.folders[watch] = nil }
    }
  }

  private func forgetAll(in folder: String) {
    let below = state.withLock { $0.watches.filter { $0.key == folder || $0.key.hasPrefix(folder + "/") } }
    for (folder, watch) in below {
      queue.remove(watch)
      forget(folder)
    }
  }

  // MARK: Watching

  /// First the watch, then the look: nothing can come unseen between the two.
  private func watch(_ folder: String, _ found: inout Set<String>) throws(FileError) {
    guard isWatched(folder) else { return }
    do {
      let path = folder.isEmpty ? root : "\(root)/\(folder)"
      let number = try queue.add(path)
      state.withLock { state in
        if let before = state.folders.updateValue(folder, forKey: number), before != folder {
          state.watches[before] = nil
        }
        state.watches[folder] = number
      }
      for name in try fileSystem.list(path) {
        let below = folder.isEmpty ? name : "\(folder)/\(name)"
        switch try fileSystem.status("\(root)/\(below)")?.kind {
        case .directory: try watch(below, &found)
        case nil: continue
        default: found.insert(below)
        }
      }
    } catch  where error.isMissing || error.isNotDirectory || error.isObstacle {
      // It has gone again, or nobody can look into it.
    }
  }
}
