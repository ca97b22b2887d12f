import Foundation

/// A program that is run to its end.
package enum Command {
  package struct Outcome: Sendable {
    package let output: [UInt8]
    package let errors: [UInt8]
    package let ending: RunningProgram.Ending

    package var text: String { String(decoding: output, as: UTF8.self) }
    package var complaint: String { String(decoding: errors, as: UTF8.self) }
  }

  /// What a program prints, which must end well.
  ///
  /// - Parameter environment: variables beside those of the tests.
  @discardableResult
  package static func run(
    _ program: String, _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:],
    input: [UInt8] = []
  ) throws -> String {
    let outcome = try outcome(of: program, arguments, in: folder, environment: environment, input: input)
    guard outcome.ending == .exit(0) else {
      let line = ([program] + arguments).joined(separator: " ")
      throw RunningProgram.Failure(
        description: "\(line): \(outcome.ending)\n\(outcome.text)\(outcome.complaint)")
    }
    return outcome.text
  }

  /// What comes of a program, however it ends. Its streams are files: nobody has to read while it runs, and what it
  /// leaves running holds nobody up.
  package static func outcome(
    of program: String, _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:],
    input: [UInt8] = []
  ) throws -> Outcome {
    let streams = URL(filePath: NSTemporaryDirectory()).appending(path: "daybook-streams-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: streams, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: streams) }
    let (given, output, errors) = (
      streams.appending(path: "input"), streams.appending(path: "output"), streams.appending(path: "errors")
    )
    try Data(input).write(to: given)
    let running = try RunningProgram(
      program, arguments, in: folder,
      environment: ProcessInfo.processInfo.environment.merging(environment) { _, new in new },
      input: .file(given.path()), output: .file(output.path()), errors: .file(errors.path()))
    let ending = running.wait()
    return Outcome(
      output: Array(try Data(contentsOf: output)), errors: Array(try Data(contentsOf: errors)), ending: ending)
  }
}
