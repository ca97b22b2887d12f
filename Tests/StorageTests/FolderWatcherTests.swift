import Storage
import Testing

@Suite struct FolderWatcherTests {
  private let files = LocalFileSystem()
  private let root: String

  init() throws {
    root = "/tmp/daybook-\(UInt64.random(in: .min ... .max))"
    try files.makeDirectory(root)
  }

  private func write(_ path: String) throws {
    try files.create("\(root)/\(path)", bytes: [1 as UInt8].span, durable: false)
  }

  /// As when the last document of a folder is deleted: nothing else has to be looked at.
  @Test func aFolderThatIsRemovedLeavesNothingUntold() throws {
    defer { try? files.removeAll(root) }
    try files.makeDirectory("\(root)/a/b")
    try write("a/b/file")
    let watcher = try InotifyWatcher(root: root, fileSystem: files) { _ in true }
    try watcher.arm()
    try files.removeAll("\(root)/a")
    let news = try watcher.take()
    #expect(!news.isIncomplete)
    #expect(news.paths.contains("a/b/file"))
    #expect(!watcher.isExact(for: "a"))
    try files.makeDirectory("\(root)/a")
    #expect(try !watcher.take().isIncomplete && watcher.isExact(for: "a"))
  }

  @Test func aFolderThatIsMovedAwayMakesTheNewsIncomplete() throws {
    defer { try? files.removeAll(root) }
    try files.makeDirectory("\(root)/a")
    try write("a/file")
    let watcher = try InotifyWatcher(root: root, fileSystem: files) { $0 != "elsewhere" }
    try watcher.arm()
    try files.rename("\(root)/a", to: "\(root)/elsewhere")
    #expect(try watcher.take().isIncomplete)
    #expect(!watcher.isExact(for: "a"))
  }

  @Test func pollingSaysOnceInAnIntervalThatAnythingMayHaveChanged() {
    let watcher = PollingWatcher(interval: 1_000_000)
    #expect(watcher.take().isIncomplete)
    #expect(!watcher.take().isIncomplete && !watcher.isExact(for: ""))
  }
}
