import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct TaskWatchCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Follow a task until it is over.",
    discussion: """
      A line for how it is, and one for each change; with --json the task as `daybook get --json` prints it. The exit \
      status is 0 when it is completed, 1 when it has failed or was cancelled, and 4 when nobody can say how it ends: \
      the service stops, or there is none, and only a service lets others change a store meanwhile.

        daybook task watch 0190…
        daybook task watch 0190… --json | tail -n 1
      """)

  @Argument(help: "The id of the task.")
  var id: String

  @OptionGroup var whose: UserOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let line = TaskLine(isJSON: global.json)
    let task = try await global.withStore(of: whose) { store, caller in
      let tasks = Tasks(store)
      guard Console.current.store != nil else { return try finished(tasks.task(id, for: caller), line, store) }
      let id = id
      return try await Console.current.whileAttended {
        try await tasks.watch(id, for: caller) { try line.tell($0, in: store.snapshot()) }
      }
    }
    switch task.taskStatus {
    case .completed: return
    case .failed, .cancelled: throw ExitCode.different
    case .pending, .processing:
      throw StoreError(
        .refused, "The service stops, and '\(task.address)' is not over.", hint: "Watch it again when it is back.",
        document: "\(task.address)")
    }
  }

  /// Without a service nobody else can write as long as this command has the store.
  private func finished(_ task: Document, _ line: TaskLine, _ store: Store) throws -> Document {
    try line.tell(task, in: store.snapshot())
    guard !task.taskStatus.isFinal else { return task }
    throw StoreError(
      .refused,
      "'\(task.address)' is \(task.taskStatus.rawValue), and no service has the store open that lets it go on.",
      hint: "Start `daybook serve`, and watch it then.", document: "\(task.address)")
  }
}

/// How far a task is, on one line.
private struct TaskLine: Sendable {
  let isJSON: Bool

  func tell(_ task: Document, in snapshot: Snapshot) throws {
    if isJSON { try Output.json(task.json(snapshot.masked(task))) } else { try Output.line(text(task)) }
  }

  private func text(_ task: Document) -> String {
    let root = task.root
    let percent = root["progress"]?.number.map { "\($0.text)%" }
    let words = root["error"]?.string ?? root["message"]?.string
    return [root["updated_at"]?.string, task.taskStatus.rawValue, percent, words].compactMap(\.self)
      .map(Table.printable).joined(separator: "  ")
  }
}
