import Daybook
import Foundation
import Measuring
import Peers

/// Two machines with a hub in a folder between them, once as stores with `daybook sync`, once as clones with `git pull` and
/// `git push`; the released command, as a person runs it. Both bring over the very same commits.
struct SyncMeasurements {
  private let folder: URL
  private let store: OurMeasurements
  private let git: GitMeasurements
  private let workload: Workload
  private let program: String

  private var other: String { folder.appending(path: "sync-other").path }
  private var clones: [URL] { ["sync-one", "sync-two"].map { folder.appending(path: $0) } }

  init(folder: URL, documents: Int, workload: Workload, program: String) throws {
    (self.folder, self.workload, self.program) = (folder, workload, program)
    store = try OurMeasurements(folder: folder, name: "sync", documents: documents, workload: workload)
    git = GitMeasurements(folder: folder, workload: workload)
    let (hub, peer) = (folder.appending(path: "sync-hub.git"), folder.appending(path: "sync-peer.git"))
    for bare in [hub, peer] { try git.run(["init", "--quiet", "--bare", "-b", "main", bare.path]) }
    try daybook(["-C", store.path, "remote", "add", "origin", hub.path])
    try daybook(["-C", store.path, "sync"])
    try git.run(["clone", "--quiet", hub.path, other])
    try daybook(["-C", other, "sync"])
    try git.run(["-C", store.path, "push", "--quiet", peer.path, "main"])
    for clone in clones { try git.run(["clone", "--quiet", "--no-local", peer.path, clone.path]) }
  }

  /// Commits one document each on one machine, which both sides then bring to the other one.
  func commit(_ count: Int, round: Int) throws {
    let tasks = (0..<count).map { workload.task($0 * 7_919 % store.documents, version: 1 + round * 1_000_000 + $0) }
    _ = try store.puts(tasks, writers: 16, durability: .memory, seconds: 3_600)
    try git.run(["-C", clones[0].path, "fetch", "--quiet", store.path, "main"])
    try git.run(["-C", clones[0].path, "merge", "--quiet", "--ff-only", "FETCH_HEAD"])
  }

  func ourMilliseconds() throws -> Double {
    try Rounds.seconds {
      try daybook(["-C", store.path, "sync"])
      try daybook(["-C", other, "sync"])
    } * 1e3
  }

  func peerMilliseconds() throws -> Double {
    try Rounds.seconds {
      for clone in clones {
        try git.run(["-C", clone.path, "pull", "--quiet"])
        try git.run(["-C", clone.path, "push", "--quiet"])
      }
    } * 1e3
  }

  private func daybook(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = store.environment.merging(["PATH": "/usr/bin:/bin"]) { $1 }
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CommandFailure(arguments: arguments) }
  }

  private struct CommandFailure: Error {
    let arguments: [String]
  }
}
