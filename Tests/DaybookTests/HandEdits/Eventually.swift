import Daybook
import Foundation
import TestSupport
import Testing

/// Waits for a condition, for as long as a busy machine may need.
func eventually(
  _ condition: () throws -> Bool, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
  for _ in 0..<600 {
    if try condition() { return }
    try await Task.sleep(for: .milliseconds(25))
  }
  Issue.record("it never came to hold", sourceLocation: sourceLocation)
}

func expectSound(_ store: Store, sourceLocation: SourceLocation = #_sourceLocation) async throws {
  let findings = try await store.check().findings
  #expect(findings.isEmpty, "\(findings)", sourceLocation: sourceLocation)
}

extension TemporaryStore {
  /// A Git command may find the index locked for a moment, as beside any other program.
  func gitUntilItWorks(_ arguments: String...) throws {
    for attempt in 1... {
      do {
        _ = try Command.run(
          "/usr/bin/git",
          ["-C", path, "-c", "user.name=Person", "-c", "user.email=person@example.org"] + arguments,
          environment: environment)
        return
      } catch  where attempt < 50 {
        usleep(50_000)
      }
    }
  }
}
