import Foundation
import TestSupport
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
    let (output, errors) = ("\(folder)/runs/\(runs)-output", "\(folder)/runs/\(runs)-errors")
    let program = try RunningProgram(
      "/bin/sh", ["-c", line], in: workingFolder, environment: self.environment.merging(environment) { _, new in new },
      output: .file(output), errors: .file(errors))
    let ending = program.wait()
    return Outcome(
      output: try String(contentsOfFile: output, encoding: .utf8),
      errors: try String(contentsOfFile: errors, encoding: .utf8), status: ending.status)
  }

  /// Starts the command, and goes on while it runs. What it prints goes into a file, as `run` would have it.
  func start(_ arguments: [String], output name: String) throws -> RunningProgram {
    try RunningProgram(
      "\(Self.buildFolder)/daybook", arguments, in: workingFolder, environment: environment,
      output: .file("\(folder)/\(name)"), errors: .output)
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

  /// Variables that programs get beside the usual ones.
  var variables: [String: String] = [:]

  private var environment: [String: String] {
    let usual = [
      "PATH": "\(Self.buildFolder):/usr/local/bin:/usr/bin:/bin", "HOME": "\(folder)/home", "LANG": "C.UTF-8",
      "XDG_CONFIG_HOME": "\(folder)/config", "TMPDIR": "\(folder)/temporary", "USER": "ann",
      "DAYBOOK_AUTHOR": "Ann <ann@example.org>",
      "LD_LIBRARY_PATH": ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? "",
    ]
    return usual.merging(variables) { _, new in new }
  }

  /// Where the build puts the test bundle, and the command beside it; long tests name a release build instead.
  private static let buildFolder: String = {
    if let named = ProcessInfo.processInfo.environment["DAYBOOK_BUILD"] { return named }
    let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: executable).deletingLastPathComponent().path
  }()

  /// The built command.
  static let program = "\(buildFolder)/daybook"

  private func realpath(_ path: String) -> String? {
    URL(filePath: path).resolvingSymlinksInPath().path
  }
}
