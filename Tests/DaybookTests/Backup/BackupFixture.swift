import Daybook
import Documents
import Foundation
import Storage
import TestSupport
import Testing

/// A store and a place for its backups.
struct BackupFixture {
  let temporary: TemporaryStore

  init() throws {
    temporary = try TemporaryStore(kinds: SampleKinds.all)
  }

  var file: String { temporary.folder + "/store.bundle" }

  func path(_ name: String) -> String { "\(temporary.folder)/\(name)" }

  func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: file))) }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
  }

  /// What is in the folder beside the store, hidden files too.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: temporary.folder).sorted()
  }

  func git(_ folder: String, _ arguments: String...) throws -> String {
    try Command.run("/usr/bin/git", ["-C", folder] + arguments, environment: temporary.environment)
  }

  func restore(
    to name: String, environment: [String: String]? = nil, fileSystem: any FileSystem = LocalFileSystem()
  ) throws -> RestoreReport {
    try Store.restoreBlocking(
      file, to: path(name), options: TemporaryStore.options(environment: environment ?? temporary.environment),
      fileSystem: fileSystem)
  }

  func open(_ name: String) throws -> Store {
    try Store.openBlocking(at: path(name), options: temporary.options())
  }

  /// A history of all that a store can hold: series, secrets, a commit and a merge by hand, a tag, other branches and refs of
  /// ours. Answers what the store holds in the end.
  func fill(seed: UInt64, steps: Int = 40) async throws -> HistoryModel.World {
    let store = try temporary.open()
    var model = HistoryModel(store, seed: seed)
    for _ in 0..<steps { try await model.step() }
    try await store.condense()
    for _ in 0..<10 { try await model.step() }
    try await store.transaction {
      try $0.put(
        "profiles/llm/x", ["name": "x", "provider": "openai", "model": "m", "api_key": "sk-very-secret"])
    }
    try await store.close()
    try temporary.git("checkout", "-q", "-b", "side", "HEAD~3")
    try temporary.write("by hand\n", to: "README")
    try temporary.git("add", "README")
    try temporary.git("commit", "-q", "-m", "by hand")
    try temporary.git("checkout", "-q", "main")
    try temporary.git("merge", "-q", "--no-edit", "side")
    try temporary.git("tag", "-a", "v1", "-m", "a tag")
    try temporary.git("update-ref", "refs/daybook/backup/3", "HEAD~5")
    try temporary.git("update-ref", "refs/remotes/origin/main", "HEAD~1")
    let after = try temporary.open()
    try await after.transaction { try $0.patch("profiles/llm/x", merging: ["name": "y"]) }
    try await after.close()
    return model.world
  }

  /// Opens a restored store, and sees that nothing is wrong with it. Answers its root hash.
  func checkedRoot(_ name: String) async throws -> String {
    let store = try open(name)
    let report = try await store.check()
    #expect(report.findings == [])
    try await store.close()
    #expect(try git(path(name), "fsck", "--strict", "--no-progress") == "")
    #expect(try git(path(name), "status", "--porcelain") == "")
    return report.rootHash
  }
}

/// The code of the error that the body throws.
func errorCode(_ body: () async throws -> Void) async -> StoreError.Code? {
  do {
    try await body()
    return nil
  } catch {
    return (error as? StoreError)?.code
  }
}
