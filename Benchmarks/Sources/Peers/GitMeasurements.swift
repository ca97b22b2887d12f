import Foundation
import Measuring

/// What the stock Git client is asked.
public struct GitMeasurements: Sendable {
  private let folder: URL
  private let workload: Workload

  public init(folder: URL, workload: Workload) {
    self.folder = folder
    self.workload = workload
  }

  /// A bare repository with these documents in one commit, as a starting point; its path.
  public func makeRepository(_ name: String, documents: Int) throws -> URL {
    let repository = folder.appending(path: name)
    try? FileManager.default.removeItem(at: repository)
    try run(["init", "--quiet", "--bare", repository.path])
    try fastImport(into: repository) { stream in
      stream.append(Self.commitHead("start", isFirst: true))
      for number in 0..<documents {
        let task = workload.task(number)
        stream.append("M 100644 inline \(task.path)\n\(Self.data(task.text))")
      }
    }
    return repository
  }

  /// Commits a second that `git fast-import` takes, one changed document each; the stream is made beforehand.
  public func fastImportRate(into repository: URL, documents: Int, commits: Int, round: Int = 0) throws -> Double {
    var stream = Stream()
    for commit in 0..<commits {
      let task = workload.task((commit * 7_919 + round) % documents, version: commit + 1 + round * commits)
      stream.append(Self.commitHead("\(task.path): update", isFirst: commit == 0 && false))
      if commit == 0 { stream.append("from refs/heads/main^0\n") }
      stream.append("M 100644 inline \(task.path)\n\(Self.data(task.text))")
    }
    let seconds = try Rounds.seconds { try fastImport(into: repository) { $0 = stream } }
    return Double(commits) / seconds
  }

  /// How long `git log -- path` takes, in milliseconds.
  public func logMilliseconds(of path: String, in repository: URL) throws -> Double {
    try Rounds.seconds { try run(["-C", repository.path, "log", "--oneline", "main", "--", path]) } * 1e3
  }

  /// How long `git blame` takes, in milliseconds.
  public func blameMilliseconds(of path: String, in repository: URL) throws -> Double {
    try Rounds.seconds { try run(["-C", repository.path, "blame", "main", "--", path]) } * 1e3
  }

  /// How long `git diff` between two commits takes for one file, in milliseconds.
  public func diffMilliseconds(of path: String, from old: String, in repository: URL) throws -> Double {
    try Rounds.seconds { try run(["-C", repository.path, "diff", old, "main", "--", path]) } * 1e3
  }

  /// How long `git show` takes for a file as it was at a time, in milliseconds.
  public func showMilliseconds(of path: String, at commit: String, in repository: URL) throws -> Double {
    try Rounds.seconds { try run(["-C", repository.path, "show", "\(commit):\(path)"]) } * 1e3
  }

  /// A copy with working files, in which commits can be made.
  public func makeClone(_ name: String, of repository: URL) throws -> URL {
    let clone = folder.appending(path: name)
    try run(["clone", "--quiet", "--no-local", repository.path, clone.path])
    try run(["-C", clone.path, "config", "user.name", "Bench"])
    try run(["-C", clone.path, "config", "user.email", "bench@example.org"])
    return clone
  }

  /// How long `git revert` of the newest commit takes, in milliseconds.
  public func revertMilliseconds(in clone: URL) throws -> Double {
    try Rounds.seconds { try run(["-C", clone.path, "revert", "--no-edit", "HEAD"]) } * 1e3
  }

  /// How long it takes Git to bring a tree back so many commits as a new commit, in milliseconds.
  public func rollbackMilliseconds(of commits: Int, in clone: URL) throws -> Double {
    try Rounds.seconds {
      try run(["-C", clone.path, "read-tree", "-u", "--reset", "HEAD~\(commits)"])
      try run(["-C", clone.path, "commit", "--quiet", "-m", "back"])
    } * 1e3
  }

  /// The bytes of the packs, with their indexes, that `git gc` leaves of a copy of this repository, when it finds its
  /// deltas by itself: it would take over ours as they stand.
  public func packBytesAfterCollecting(_ original: URL) throws -> Int {
    let repository = folder.appending(path: "collected")
    defer { try? FileManager.default.removeItem(at: repository) }
    try run(["clone", "--quiet", "--mirror", "--no-local", original.path, repository.path])
    try run(["-C", repository.path, "repack", "-a", "-d", "-f", "-q"])
    let packs = repository.appending(path: "objects/pack")
    return try FileManager.default.contentsOfDirectory(atPath: packs.path)
      .filter { $0.hasSuffix(".pack") || $0.hasSuffix(".idx") }
      .reduce(0) { sum, name in
        let attributes = try FileManager.default.attributesOfItem(atPath: packs.appending(path: name).path)
        return sum + (attributes[.size] as? Int ?? 0)
      }
  }

  // MARK: The stream of fast-import

  private struct Stream {
    var bytes = Data()

    mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
  }

  private static func commitHead(_ message: String, isFirst: Bool) -> String {
    "commit refs/heads/main\ncommitter Bench <bench@example.org> 1780000000 +0000\n\(data(message))"
  }

  private static func data(_ text: String) -> String { "data \(text.utf8.count)\n\(text)\n" }

  private func fastImport(into repository: URL, _ fill: (inout Stream) -> Void) throws {
    var stream = Stream()
    fill(&stream)
    let file = folder.appending(path: "stream")
    try stream.bytes.write(to: file)
    let input = try FileHandle(forReadingFrom: file)
    defer { try? FileManager.default.removeItem(at: file) }
    try run(["-C", repository.path, "fast-import", "--quiet"], input: input)
  }

  public func run(_ arguments: [String], input: FileHandle? = nil) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = input ?? FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw GitFailure(arguments: arguments) }
  }
}

struct GitFailure: Error {
  let arguments: [String]
}
