import Foundation
import Measuring

/// The service over HTTP beside FastAPI on SQLite, both as processes of their own, under load from `wrk`.
final class HTTPMeasurements {
  /// What a load came to.
  struct Result {
    var rate: Double
    /// The 99th percentile of latency, in milliseconds.
    var latency: Double
  }

  private static let documents = 10_000
  private let folder: URL
  private let processes: ServiceProcesses
  private(set) var ours = ""
  private(set) var peer = ""

  static let files = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../HTTP")
    .standardized
  static let schema = """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "x-daybook": { "collection": "documents", "partition": "hash" },
      "properties": { "title": { "type": "string" }, "text": { "type": "string" } }
    }
    """

  init(folder: URL) throws {
    self.folder = folder.appending(path: "http")
    try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
    processes = ServiceProcesses(self.folder)
    do {
      ours = try startOurs()
      peer = try startPeer()
    } catch {
      stop()
      throw error
    }
  }

  func stop() { processes.stop() }

  /// Puts all documents in, so that reads find them.
  func fill() throws {
    _ = try load("FILL", ours: true, connections: 64, seconds: 20)
    _ = try load("FILL", ours: false, connections: 64, seconds: 20)
  }

  /// Of documents at random.
  func load(_ method: String, ours isOurs: Bool, connections: Int, seconds: Int) throws -> Result {
    let path = isOurs ? "/v1/documents/documents/" : "/documents/"
    return try load(method, path, ours: isOurs, connections: connections, seconds: seconds)
  }

  /// - Parameter method: `READ` takes the path as it is; others add a document's id, and `FILL` puts one after the other.
  func load(_ method: String, _ path: String, ours isOurs: Bool, connections: Int, seconds: Int) throws -> Result {
    let output = try ServiceProcesses.run(
      "/usr/bin/wrk",
      [
        "-t1", "-c\(connections)", "-d\(seconds)s", "-s", Self.files.appending(path: "load.lua").path(),
        isOurs ? ours : peer, "--",
        method, path, "\(Self.documents)",
      ])
    let words = output.split(separator: "\n").last { $0.hasPrefix("RESULT") }?.split(separator: " ") ?? []
    guard words.count == 4, let rate = Double(words[1]), let latency = Double(words[2]), words[3] == "0" else {
      throw CocoaError(.fileReadUnknown, userInfo: [NSLocalizedDescriptionKey: output])
    }
    return Result(rate: rate, latency: latency)
  }

  /// That of ours.
  var service: Int32 { processes.first }

  /// What of a process is in memory.
  static func residentMegabytes(of process: Int32) throws -> Double {
    let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }
    guard let kilobytes else { throw CocoaError(.fileReadCorruptFile) }
    return kilobytes / 1024
  }

  // MARK: Processes

  /// The command as it is released.
  static var program: String { files.appending(path: "../../.build/release/daybook").standardized.path() }

  private func startOurs() throws -> String {
    let program = Self.program
    let environment = ["HOME": folder.path(), "XDG_CONFIG_HOME": folder.appending(path: "config").path()]
    let store = folder.appending(path: "store").path()
    _ = try ServiceProcesses.run(program, ["init", "--empty", store], environment)
    try Data(Self.schema.utf8).write(to: URL(filePath: "\(store)/schemas/document.schema.json"))
    return try processes.start(program, ["-C", store, "serve", "--port", "0", "--log-level", "error"], environment) {
      line in
      line.hasPrefix("http://") ? line : nil
    }
  }

  private func startPeer() throws -> String {
    let environment = folder.appending(path: "../fastapi").path()
    _ = try ServiceProcesses.run("/usr/bin/python3", ["-m", "venv", environment])
    _ = try ServiceProcesses.run(
      "\(environment)/bin/pip", ["install", "--quiet", "fastapi", "uvicorn[standard]", "aiosqlite"])
    return try processes.start(
      "\(environment)/bin/uvicorn",
      ["--app-dir", Self.files.path(), "app:app", "--port", "0", "--no-access-log"],
      ["BENCH_DATABASE": folder.appending(path: "peer.sqlite").path()]
    ) { line in
      line.firstRange(of: "http://").map { String(line[$0.lowerBound...].prefix { $0 != " " }) }
    }
  }
}
