import Foundation
import TestSupport

/// The stock `git`, in a folder of its own that goes away with it: what our bytes are held against.
final class GitClient {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "daybook-git-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try run(["init", "-q", "-b", "main", "."])
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Runs a command and answers what it prints; throws with what it says on failure.
  @discardableResult
  func run(_ arguments: [String], input: [UInt8] = []) throws -> [UInt8] {
    let arguments = ["-C", folder, "-c", "user.name=Test", "-c", "user.email=test@example.org"] + arguments
    let outcome = try Command.outcome(of: "/usr/bin/git", arguments, input: input)
    guard outcome.ending == .exit(0) else {
      throw RunningProgram.Failure(description: "git \(arguments.joined(separator: " ")): \(outcome.complaint)")
    }
    return outcome.output
  }

  func text(_ arguments: [String], input: [UInt8] = []) throws -> String {
    String(decoding: try run(arguments, input: input), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func write(_ bytes: [UInt8], to path: String) throws {
    let url = URL(fileURLWithPath: "\(folder)/\(path)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func read(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(path)")))
  }

  func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/\(path)")
  }
}

/// The same numbers for the same seed, on every machine.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
