import Foundation
import Testing

/// A folder, a home and an environment of its own, in which the built `daybook` and other programs run.
final class CommandSession {
  /// What a program printed, and its exit status.
  struct Outcome {
    var output: String
    var errors: String
    var status: Int32
  }

  let folder: String
  private(set) var workingFolder: String
  private var runs = 0

  /// A store with two kinds of the tests' own, so that they do not depend on those that Daybook ships: `notes`, named by
  /// people, with a secret and a series; and `events`, with ids made by the store.
  static func withStore() throws -> CommandSession {
    let session = try CommandSession()
    _ = try session.succeed("daybook init --empty store --author 'Ann <ann@example.org>'")
    session.enter("store")
    try session.write(TestKinds.note, to: "schemas/note.schema.json")
    try session.write(TestKinds.event, to: "schemas/event.schema.json")
    _ = try session.succeed("daybook status")
    return session
  }

  init() throws {
    folder = URL(filePath: NSTemporaryDirectory()).resolvingSymlinksInPath().path + "/daybook-\(UUID().uuidString)"
    workingFolder = folder
    for name in ["home", "config", "temporary", "runs"] {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  func enter(_ name: String) { workingFolder += "/\(name)" }

  /// Runs a line of shell.
  func run(_ line: String, environment: [String: String] = [:]) throws -> Outcome {
    runs += 1
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", line]
    process.currentDirectoryURL = URL(filePath: workingFolder)
    process.environment = self.environment.merging(environment) { _, new in new }
    let (output, errors) = (try newFile("output"), try newFile("errors"))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output.handle
    process.standardError = errors.handle
    try process.run()
    process.waitUntilExit()
    return Outcome(
      output: try String(contentsOfFile: output.path, encoding: .utf8),
      errors: try String(contentsOfFile: errors.path, encoding: .utf8), status: process.terminationStatus)
  }

  /// Starts the command, and goes on while it runs. What it prints goes into a file, as `run` would have it.
  func start(_ arguments: [String], output name: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: "\(Self.buildFolder)/daybook")
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: workingFolder)
    process.environment = environment
    let path = "\(folder)/\(name)"
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    return process
  }

  /// Runs a line of shell that must succeed, and returns what it printed.
  func succeed(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    let outcome = try run(line)
    #expect(outcome.status == 0, "\(line)\n\(outcome.output)\(outcome.errors)", sourceLocation: sourceLocation)
    return outcome.output
  }

  // MARK: Files

  func write(_ text: String, to name: String) throws {
    let path = "\(workingFolder)/\(name)"
    let parent = URL(filePath: path).deletingLastPathComponent().path
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: false, encoding: .utf8)
  }

  func read(_ name: String) throws -> String {
    try String(contentsOfFile: "\(workingFolder)/\(name)", encoding: .utf8)
  }

  private func newFile(_ name: String) throws -> (path: String, handle: FileHandle) {
    let path = "\(folder)/runs/\(runs)-\(name)"
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    return (path, try #require(FileHandle(forWritingAtPath: path)))
  }

  private var environment: [String: String] {
    [
      "PATH": "\(Self.buildFolder):/usr/local/bin:/usr/bin:/bin", "HOME": "\(folder)/home", "LANG": "C.UTF-8",
      "XDG_CONFIG_HOME": "\(folder)/config", "TMPDIR": "\(folder)/temporary", "USER": "ann",
      "DAYBOOK_AUTHOR": "Ann <ann@example.org>",
      "LD_LIBRARY_PATH": ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? "",
    ]
  }

  /// Where the build puts the test bundle, and the command beside it; long tests name a release build instead.
  private static let buildFolder: String = {
    if let named = ProcessInfo.processInfo.environment["DAYBOOK_BUILD"] { return named }
    let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: executable).deletingLastPathComponent().path
  }()

  private func realpath(_ path: String) -> String? {
    URL(filePath: path).resolvingSymlinksInPath().path
  }
}
