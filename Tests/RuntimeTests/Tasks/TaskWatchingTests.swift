import Daybook
import Documents
import TestSupport
import Testing

@testable import DaybookRuntime

struct TaskWatchingTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let tasks: Tasks

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
    tasks = Tasks(store)
  }

  private func make() async throws -> String {
    try await tasks.create(type: "digest", for: .owner).address.id.text
  }

  @Test func eachChangeIsHandedOutOnceUntilTheTaskIsOver() async throws {
    let (id, other) = (try await make(), try await make())
    let (seen, progress) = AsyncStream.makeStream(of: String.self)
    async let last = tasks.watch(id, for: .owner) { task in
      progress.yield("\(task.taskStatus.rawValue) \(task.root["progress"]?.integer ?? 0)")
    }
    var lines = seen.makeAsyncIterator()
    let first = await lines.next()
    #expect(first == "pending 0")
    for percent in [20, 40] {
      try await tasks.report(TaskProgress(percent: JSONNumber(percent)), of: other, for: .owner)
      try await tasks.report(TaskProgress(percent: JSONNumber(percent)), of: id, for: .owner)
    }
    try await tasks.complete(id, for: .owner)
    for expected in ["processing 20", "processing 40", "completed 100"] {
      let line = await lines.next()
      #expect(line == expected)
    }
    let task = try await last
    #expect(task.taskStatus == .completed)
    try await store.close()
  }

  @Test func aTaskThatIsOverIsHandedOutAtOnce() async throws {
    let id = try await make()
    try await tasks.fail(id, error: "The feed does not answer.", for: .owner)
    var seen: [TaskStatus] = []
    let task = try await tasks.watch(id, for: .owner) { seen.append($0.taskStatus) }
    #expect(task.taskStatus == .failed && seen == [.failed])
    await expectRefusal(.notFound, of: store) { _ = try await tasks.watch(id, for: .ann) { _ in } }
    try await store.close()
  }

  @Test func oneThatIsDeletedMeanwhileIsNotFound() async throws {
    let id = try await make()
    await #expect(throws: StoreError.self) {
      _ = try await tasks.watch(id, for: .owner) { _ in
        try store.transactionBlocking { try $0.delete("tasks/\(id)") }
      }
    }
    try await store.close()
  }

  @Test func whoDoesNotWaitAnyMoreGetsTheTaskAsItIs() async throws {
    let id = try await make()
    let (seen, progress) = AsyncStream.makeStream(of: Void.self)
    let watch = Task { [tasks] in try await tasks.watch(id, for: .owner) { _ in progress.yield() } }
    for await _ in seen { break }
    watch.cancel()
    let task = try await watch.value
    #expect(task.taskStatus == .pending)
    try await store.close()
  }
}
