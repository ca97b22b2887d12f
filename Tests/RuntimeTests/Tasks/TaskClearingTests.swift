import Daybook
import DaybookRuntime
import Documents
import TestSupport
import Testing

/// Tasks whose service went away, and tasks that nobody needs any more.
struct TaskClearingTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let time = TestTime()

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
  }

  private func begin(_ holder: String, _ store: Store) async throws -> (lease: Lease, tasks: Tasks) {
    let lease = try await Leases(store, now: time.now).begin(holder: holder, for: .service)
    return (lease, Tasks(store, lease: lease.id, now: time.now))
  }

  @Test func aRestartInterruptsTheTasksOfTheServiceBeforeItAndOfNoOther() async throws {
    let (_, here) = try await begin("desk", store)
    let (thereLease, there) = try await begin("laptop", store)
    let pending = try await here.create(type: "digest", for: .ann).id
    let processing = try await here.create(type: "digest", for: .bob).id
    try await here.start(processing, for: .bob)
    let done = try await here.create(type: "digest", for: .ann).id
    try await here.complete(done, for: .ann)
    let elsewhere = try await there.create(type: "digest", for: .ann).id
    let nobodys = try await Tasks(store, now: time.now).create(type: "digest", for: .ann).id
    // Nothing says goodbye: the lease of the first service is still good.
    try await store.close()

    let reopened = try temporary.open()
    let (lease, tasks) = try await begin("desk", reopened)
    #expect(try await tasks.failInterrupted(for: .service) == 2)
    for (id, caller) in [(pending, Caller.ann), (processing, .bob)] {
      let task = try tasks.task(id, for: caller)
      #expect(task["status"] == "failed" && task["error"] == "interrupted by a restart")
      let error = await #expect(throws: StoreError.self) { try await tasks.complete(id, for: caller) }
      #expect(error?.message.hasSuffix("has failed at \(time.moment.text) (interrupted by a restart).") == true)
    }
    #expect(try tasks.task(done, for: .ann)["status"] == "completed")
    #expect(try tasks.task(elsewhere, for: .ann)["status"] == "pending")
    #expect(try tasks.task(nobodys, for: .ann)["status"] == "pending")
    #expect(try await tasks.failInterrupted(for: .service) == 0)

    // The other one renews in time, then no more.
    time.advance(seconds: 800)
    let leases = Leases(reopened, now: time.now)
    _ = try await leases.renew(thereLease, for: .service)
    _ = try await leases.renew(lease, for: .service)
    time.advance(seconds: 800)
    #expect(try await tasks.failInterrupted(for: .service) == 0)
    time.advance(seconds: 200)
    #expect(try await tasks.failInterrupted(for: .service) == 1)
    #expect(try tasks.task(elsewhere, for: .ann)["error"] == "interrupted by a restart")
    try await reopened.close()
  }

  @Test func aTaskThatAnotherServiceStartsIsThatServicesOwn() async throws {
    let (lease, here) = try await begin("desk", store)
    let (_, there) = try await begin("laptop", store)
    let id = try await here.create(type: "digest", for: .ann).id
    try await there.start(id, for: .ann)
    try await Leases(store, now: time.now).end(lease, for: .service)
    #expect(try await there.failInterrupted(for: .service) == 0)
    #expect(try there.task(id, for: .ann)["status"] == "processing")
    try await store.close()
  }

  @Test func moreTasksThanATransactionTakesAreInterruptedInSeveral() async throws {
    try await store.transaction { transaction in
      for number in 0..<450 {
        let owner: JSONValue = number % 3 == 0 ? .null : "gone"
        var task: JSONObject = ["task_type": "digest", "status": "processing", "updated_at": "2026-11-21T06:40:00Z"]
        if owner != .null { task["owner"] = owner }
        _ = try transaction.create(in: "tasks", .object(task))
      }
    }
    let before = store.snapshot().sequence
    #expect(try await Tasks(store, now: time.now).failInterrupted(for: .service) == 300)
    #expect(store.snapshot().sequence == before + 3)
    try await store.close()
  }

  @Test func cleaningUpDeletesWhatWasFinishedBeforeATime() async throws {
    let tasks = Tasks(store, now: time.now)
    var ids: [String] = []
    for _ in 0..<6 { ids.append(try await tasks.create(type: "digest", for: .ann).id) }
    let others = try await tasks.create(type: "digest", for: .bob).id
    try await tasks.complete(others, for: .bob)
    for id in ids[0..<3] { try await tasks.complete(id, for: .ann) }
    time.advance(seconds: 100)
    let between = time.moment
    time.advance(seconds: 100)
    try await tasks.cancel(ids[3], for: .ann)
    #expect(try await tasks.cleanUp(finishedBefore: between, for: .ann) == 3)
    #expect(try Set(tasks.list(for: .ann).ids) == Set(ids[3...]))
    #expect(try tasks.list(for: .bob).ids == [others])
    #expect(try store.snapshot().history(of: "tasks/\(ids[0])").count == 3, "the history keeps them")
    #expect(try await tasks.cleanUp(finishedBefore: between, for: .ann) == 0)
    try await store.close()
  }

  @Test func twoWhoCleanUpAtOnceDeleteEachTaskOnce() async throws {
    try await store.transaction { transaction in
      for _ in 0..<500 {
        _ = try transaction.create(
          in: "tasks",
          ["user": "ann", "task_type": "digest", "status": "failed", "updated_at": "2026-11-21T06:40:00.000Z"])
      }
    }
    let tasks = Tasks(store, now: time.now)
    let moment = time.moment
    async let first = tasks.cleanUp(finishedBefore: moment, for: .ann)
    async let second = tasks.cleanUp(finishedBefore: moment, for: .ann)
    _ = try await (first, second)
    #expect(try store.snapshot().count(of: "tasks") == 0)
    #expect(try await store.check().findings == [])
    try await store.close()
  }
}
