import Foundation
import TestSupport

@testable import Daybook

/// Clones of one store, and a hub in a folder between them.
struct SyncedMachines {
  let clones: [TemporaryStore]
  let hub: String
  let name: RemoteName

  init(_ count: Int) async throws {
    let first = try TemporaryStore(kinds: SampleKinds.all)
    try await first.open().close()
    try self.init(count, of: first)
  }

  /// - Parameter first: the one that the others are copies of.
  init(_ count: Int, of first: TemporaryStore) throws {
    hub = "\(first.folder)/hub.git"
    _ = try Command.run("/usr/bin/git", ["init", "-q", "--bare", "-b", "main", hub])
    try first.git("remote", "add", "hub", hub)
    clones = try [first] + (1..<count).map { _ in try first.copy() }
    name = try RemoteName("hub")
  }

  @discardableResult
  func sync(_ store: Store) throws -> SyncReport {
    try store.syncBlocking(with: name, by: RemoteConnector(InProcessTransport(), trust: RemoteTrust()))
  }

  func plan(_ store: Store) throws -> SyncReport {
    try store.planSyncBlocking(with: name, by: RemoteConnector(InProcessTransport(), trust: RemoteTrust()))
  }

  /// What the hub holds.
  var head: String {
    get throws {
      try Command.run("/usr/bin/git", ["-C", hub, "rev-parse", "main"]).trimmingCharacters(in: .newlines)
    }
  }

  /// What a person with plain Git pushes to the hub.
  func push(_ files: [String: String]) throws {
    let person = clones[0].folder + "/person"
    _ = try Command.run("/usr/bin/git", ["clone", "-q", hub, person])
    defer { try? FileManager.default.removeItem(atPath: person) }
    for (name, text) in files {
      let file = URL(filePath: "\(person)/\(name)")
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    for arguments in [["add", "."], ["commit", "-qm", "by hand"], ["push", "-q"]] {
      _ = try Command.run(
        "/usr/bin/git", ["-C", person, "-c", "user.name=P", "-c", "user.email=p@example.org"] + arguments)
    }
  }
}
