import Foundation
import TestSupport
import Testing

@testable import DaybookServer

/// The description of the service, held against the service: requests made from `/openapi.json`, good ones and bad ones, whose
/// answers must be as it says. Streams of events and calls of other services are left out.
struct SchemathesisTests {
  private static let version = "4.32.5"
  /// The same requests each time, unless one asks for others.
  private static let seed = ProcessInfo.processInfo.environment["DAYBOOK_SEED"] ?? "11"
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  @Test func theServiceIsAsItsDescriptionSays() async throws {
    let program = try Self.install()
    // A process of its own: many tests at once leave little for what runs in this one.
    let store = try TemporaryStore(withTemplate: true)
    let service = try await ServiceProcess(store)
    let output = try await Self.run(
      program,
      [
        "--config-file", Self.folder.appending(path: "schemathesis.toml").path(),
        "run", "\(service.address)/openapi.json", "--exclude-path", "/v1/events",
        "--exclude-path", "/api/v1/profiles/{kind}/test", "--max-examples", "10", "--phases",
        "examples,coverage,fuzzing,stateful", "--no-color", "--seed", Self.seed,
        "--wait-for-schema", "60",
      ])
    #expect(service.stop() == 0)
    #expect(output.status == 0, "\(Self.findings(output.text).suffix(6_000))")
  }

  /// What its report says of each failure, without the long list of hints behind it.
  private static func findings(_ report: String) -> Substring {
    guard let start = report.range(of: " FAILURES ") ?? report.range(of: " ERRORS ") else { return report[...] }
    let end = report.range(of: " WARNINGS ", range: start.lowerBound..<report.endIndex)
    return report[start.lowerBound..<(end?.lowerBound ?? report.endIndex)]
  }

  /// Once for each folder of builds.
  private static func install() throws -> String {
    let folder = self.folder.appending(path: "../../.build/schemathesis-\(version)").standardized.path()
    let program = "\(folder)/bin/schemathesis"
    if FileManager.default.isExecutableFile(atPath: program) { return program }
    _ = try Command.run("/usr/bin/env", ["python3", "-m", "venv", folder])
    _ = try Command.run("\(folder)/bin/pip", ["install", "--quiet", "schemathesis==\(version)"])
    return program
  }

  private static func run(_ program: String, _ arguments: [String]) async throws -> (status: Int32, text: String) {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(
          with: Result {
            let outcome = try Command.outcome(of: program, arguments)
            return (outcome.ending.status, outcome.text + outcome.complaint)
          })
      }
    }
  }
}
