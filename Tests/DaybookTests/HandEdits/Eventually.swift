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
  /// Closes a store when nothing is left to do, and holds it sound: for itself, for Git, and for who opens it next.
  func closeSoundly(_ store: Store) async throws {
    try await store.settle()
    try await eventually { try store.status().editedFiles.isEmpty }
    try await expectSound(store)
    try await store.close()
    #expect(try git("status", "--porcelain") == "")
    try checkGit()
    let reopened = try open()
    #expect(reopened.snapshot().commit == store.snapshot().commit)
    try await expectSound(reopened)
    try await reopened.close()
  }

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
