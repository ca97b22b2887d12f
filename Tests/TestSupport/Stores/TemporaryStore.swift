package import Daybook
import Foundation
import Logging
package import Storage

/// A store in a folder of its own, with a key ring of its own, that goes away with this value.
package final class TemporaryStore: Sendable {
  package let folder: String
  /// Where its store is.
  package var path: String { folder + "/store" }
  package let environment: [String: String]

  /// Makes a store with the shipped kinds, and those given as name and schema text.
  package init(kinds: [(name: String, schema: String)] = [], withTemplate: Bool = false) throws {
    folder = NSTemporaryDirectory() + "daybook-\(UUID().uuidString)"
    environment = ["HOME": folder, "XDG_CONFIG_HOME": folder + "/config"]
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try Store.createBlocking(at: path, options: options(), withTemplate: withTemplate)
    for kind in kinds { try write(kind.schema, to: "schemas/\(kind.name).schema.json") }
  }

  private init(copying folder: String) throws {
    self.folder = NSTemporaryDirectory() + "daybook-\(UUID().uuidString)"
    environment = ["HOME": self.folder, "XDG_CONFIG_HOME": self.folder + "/config"]
    _ = try Command.run("/bin/cp", ["-a", folder, self.folder])
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// The same store once more; nobody may be writing to it.
  package func copy() throws -> TemporaryStore { try TemporaryStore(copying: folder) }

  /// Saves the store from being removed with this value; answers where it is.
  package func keep() throws -> String {
    try FileManager.default.moveItem(atPath: folder, toPath: folder + "-kept")
    return folder + "-kept"
  }

  package func options(onStep: @escaping @Sendable (WriteStep) -> Void = { _ in }) -> StoreOptions {
    var options = Self.options(environment: environment)
    options.onStep = onStep
    return options
  }

  /// What the tests' own programs open a store with. They say nothing of what they mend.
  package static func options(environment: [String: String]) -> StoreOptions {
    var options = StoreOptions(
      author: Author(name: "Test", email: "test@example.org"), environment: environment,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, owner: "a test")
    options.handEdits = .whenAsked
    options.sweepInterval = nil
    return options
  }

  package func open(
    fileSystem: any FileSystem = LocalFileSystem(), onStep: @escaping @Sendable (WriteStep) -> Void = { _ in }
  ) throws -> Store {
    try Store.openBlocking(at: path, options: options(onStep: onStep), fileSystem: fileSystem)
  }

  /// The store as programs open it: it watches its files.
  package func openWatching() throws -> Store {
    var options = options()
    options.handEdits = .watch
    return try Store.openBlocking(at: path, options: options)
  }

  // MARK: Files

  package func write(_ text: String, to file: String) throws {
    let url = URL(fileURLWithPath: "\(path)/\(file)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  package func read(_ file: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(file)")), as: UTF8.self)
  }

  package func exists(_ file: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(path)/\(file)")
  }

  package func remove(_ file: String) throws {
    try FileManager.default.removeItem(atPath: "\(path)/\(file)")
  }

  // MARK: Git

  /// What the stock client prints; throws with what it says on failure.
  @discardableResult
  package func git(_ arguments: String...) throws -> String { try git(arguments) }

  /// - Parameter date: What Git is to take for the time.
  @discardableResult
  package func git(_ arguments: [String], at date: String? = nil) throws -> String {
    let time = date.map { ["GIT_AUTHOR_DATE": $0, "GIT_COMMITTER_DATE": $0] } ?? [:]
    return try Command.run(
      "/usr/bin/git",
      ["-C", path, "-c", "user.name=Person", "-c", "user.email=person@example.org", "-c", "core.pager=cat"] + arguments,
      environment: environment.merging(time) { $1 })
  }

  /// Throws unless `git fsck --strict` finds nothing.
  package func checkGit() throws {
    try git("fsck", "--strict", "--no-dangling", "--no-progress")
  }
}
