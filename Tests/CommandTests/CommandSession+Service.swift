import Foundation
import TestSupport
import Testing

extension CommandSession {
  /// Has a service run on a store of its own, which must stop as it should and leave the store whole.
  ///
  /// - Parameter check: looks at what is there when the service has stopped.
  static func withService(
    _ body: (CommandSession) throws -> Void, afterwards check: (CommandSession) throws -> Void = { _ in }
  ) throws {
    let session = try CommandSession.withStore()
    let service = try session.startService()
    do {
      try body(session)
    } catch {
      service.send(SIGTERM)
      throw error
    }
    service.send(SIGTERM)
    service.wait()
    #expect(try session.read("../serve").contains("The store is closed."))
    try check(session)
    _ = try session.succeed("daybook check")
  }

  /// Starts a service, and returns when it answers.
  func startService(_ options: [String] = []) throws -> RunningProgram {
    let service = try start(["serve", "--port", "0"] + options, output: "serve")
    _ = try wait(for: "http", in: "serve", of: service)
    return service
  }

  /// Returns when a process has written something into its output.
  func wait(for text: String, in output: String, of process: RunningProgram) throws {
    _ = try succeed(
      "until grep -qF '\(text)' ../\(output); do kill -0 \(process.id) || exit 1; sleep 0.05; done")
  }
}
