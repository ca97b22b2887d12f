import Foundation
import TestSupport
import Testing

/// `daybook task watch` beside a service, which lets others change the task meanwhile; the transcript shows it alone.
struct TaskWatchTests {
  private static let task = "019aa4f0-7c00-7000-8000-000000000001"

  @Test func eachChangeIsALineUntilTheTaskIsOver() throws {
    try CommandSession.withService { session in
      let watch = try Self.startWatch(session)
      _ = try session.succeed(
        "daybook patch tasks/\(Self.task) --set status=processing --set progress=40 --set message='Reading 12 feeds'")
      try session.wait(for: "processing  40%  Reading 12 feeds", in: "watch", of: watch)
      _ = try session.succeed("daybook task cancel \(Self.task)")
      #expect(watch.wait() == .exit(1))
      let lines = try session.read("../watch").split(separator: "\n")
      #expect(lines.count == 3 && lines.last?.contains("cancelled") == true, "\(lines)")
    }
  }

  @Test func aServiceStopsWithoutWaitingForTheTask() throws {
    var watch: RunningProgram?
    try CommandSession.withService { session in
      watch = try Self.startWatch(session)
    } afterwards: { session in
      #expect(watch?.wait() == .exit(4))
      let said = try session.read("../watch")
      #expect(said.contains("is not over."), "\(said)")
    }
  }

  /// As many as the service runs commands at once.
  @Test func whoeverHasGoneHoldsNoPlace() throws {
    try CommandSession.withService { session in
      for _ in 0..<16 {
        let watch = try Self.startWatch(session)
        watch.send(SIGKILL)
        watch.wait()
      }
      _ = try session.succeed("timeout 300 daybook task show \(Self.task)")
    }
  }

  /// As many as the service runs commands at once, and each waits for what only another command can bring.
  @Test func whoeverWaitsKeepsNobodyOut() throws {
    try CommandSession.withService { session in
      let watches = try (0..<16).map { _ in try Self.startWatch(session) }
      _ = try session.succeed("timeout 300 daybook task cancel \(Self.task)")
      for watch in watches { #expect(watch.wait() == .exit(1)) }
    }
  }

  /// Returns when the watch has said how the task is.
  private static func startWatch(_ session: CommandSession) throws -> RunningProgram {
    if try session.run("daybook task show \(task)").status != 0 {
      _ = try session.succeed(
        "echo '{\"task_type\": \"digest\", \"status\": \"pending\"}' | daybook put tasks/\(task)")
    }
    let watch = try session.start(["task", "watch", task], output: "watch")
    try session.wait(for: "pending", in: "watch", of: watch)
    return watch
  }
}
