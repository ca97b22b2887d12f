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

  private func leases(_ store: Store, at place: String = "here") throws -> Leases {
    try Leases(store, place: place, now: time.now)
  }

  private func begin(_ store: Store, at place: String = "here") async throws -> Tasks {
    let lease = try await leases(store, at: place).beginService(holder: "a service")
    return Tasks(store, lease: lease, now: time.now)
  }

  @Test func aRestartInterruptsTheTasksOfTheServiceBeforeItAndOfNoOther() async throws {
    let here = try await begin(store)
    let there = try await begin(store, at: "there")
    let worker = try await leases(store).begin(holder: "worker", for: .ann)
    let pending = try await here.create(type: "digest", for: .ann).id
    let processing = try await here.create(type: "digest", for: .bob).id
    try await here.start(processing, for: .bob)
    let done = try await here.create(type: "digest", for: .ann).id
    try await here.complete(done, for: .ann)
    let elsewhere = try await there.create(type: "digest", for: .ann).id
    let applications = try await here.create(type: "digest", under: worker.id, for: .ann).id
    let nobodys = try await Tasks(store, now: time.now).create(type: "digest", for: .ann).id
    // Nothing says goodbye.
    try await store.close()
    // The application could not renew its lease while no service ran.
    time.advance(seconds: 3_600)

    let reopened = try temporary.open()
    let tasks = try await begin(reopened)
    #expect(try await tasks.failInterrupted(for: .service) == 2)
    for (id, caller) in [(pending, Caller.ann), (processing, .bob)] {
      let task = try tasks.task(id, for: caller)
      #expect(task["status"] == "failed" && task["error"] == "interrupted by a restart")
      let error = await #expect(throws: StoreError.self) { try await tasks.complete(id, for: caller) }
      #expect(error?.message.hasSuffix("has failed at \(time.moment.text) (interrupted by a restart).") == true)
    }
    #expect(try tasks.task(done, for: .ann)["status"] == "completed")
    for id in [elsewhere, nobodys, applications] {
      #expect(try tasks.task(id, for: .ann)["status"] == "pending")
    }
    #expect(try await tasks.failInterrupted(for: .service) == 0)
    _ = try await leases(reopened).renew(worker.id, for: .ann)
    try await tasks.complete(applications, for: .ann)
    try await reopened.close()
  }

  /// Whether a lease of another place was renewed since it was synced, no clock tells.
  @Test func theTasksOfAnotherPlaceAreLeftAloneUntilItIsKnownToBeGone() async throws {
    let here = try await begin(store)
    let there = try await begin(store, at: "there")
    let worker = try await leases(store, at: "there").begin(holder: "worker", for: .ann)
    let ids = [
      try await there.create(type: "digest", for: .ann).id,
      try await there.create(type: "digest", under: worker.id, for: .ann).id,
    ]
    time.advance(seconds: 3 * 86_400)
    #expect(try await here.failInterrupted(for: .service) == 0)
    // It was started again, as arrives with the next sync.
    _ = try await leases(store, at: "there").beginService(holder: "a service")
    #expect(try await here.failInterrupted(for: .service) == 1)
    #expect(try here.task(ids[0], for: .ann)["status"] == "failed")
    #expect(try here.task(ids[1], for: .ann)["status"] == "pending")
    try await store.close()
  }

  @Test func theTasksOfAnApplicationThatIsGoneFailAndThoseOfOneThatRenewsDoNot() async throws {
    let tasks = try await begin(store)
    let leases = try leases(store)
    let gone = try await leases.begin(holder: "gone", for: .ann)
    let alive = try await leases.begin(holder: "alive", for: .ann)
    let lost = try await tasks.create(type: "digest", under: gone.id, for: .ann).id
    let kept = try await tasks.create(type: "digest", for: .ann).id
    try await tasks.start(kept, under: alive.id, for: .ann)
    let reported = try await tasks.create(type: "digest", for: .ann).id
    try await tasks.report(TaskProgress(percent: JSONNumber(1)), of: reported, under: alive.id, for: .ann)
    for _ in 0..<4 {
      time.advance(seconds: 600)
      _ = try await leases.renew(alive.id, for: .ann)
      _ = try await tasks.failInterrupted(for: .service)
    }
    #expect(try tasks.task(lost, for: .ann)["error"] == "interrupted by a restart")
    for id in [kept, reported] { #expect(try tasks.task(id, for: .ann)["status"] == "processing") }
    await expectRefusal(.conflict, of: store) {
      _ = try await tasks.create(type: "digest", under: gone.id, for: .ann)
    }
    await expectRefusal(.conflict, of: store) {
      _ = try await tasks.create(type: "digest", under: alive.id, for: .bob)
    }
    // Its next self takes its place.
    _ = try await leases.begin(holder: "alive", for: .ann)
    #expect(try await tasks.failInterrupted(for: .service) == 2)
    try await store.close()
  }

  @Test func aTaskThatAnotherServiceStartsIsThatServicesOwnAndAnApplicationsStaysItsOwn() async throws {
    let here = try await begin(store)
    let there = try await begin(store, at: "there")
    let worker = try await leases(store).begin(holder: "worker", for: .ann)
    let id = try await here.create(type: "digest", for: .ann).id
    try await there.start(id, for: .ann)
    let own = try await here.create(type: "digest", under: worker.id, for: .ann).id
    try await here.start(own, for: .ann)
    let again = try await begin(store)
    #expect(try await again.failInterrupted(for: .service) == 0)
    #expect(try here.task(own, for: .ann)["owner"]?.string == worker.id)
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

  @Test func aTaskThatDoesNotSayWhenItWasFinishedIsNotCleanedUp() async throws {
    try await store.transaction {
      _ = try $0.create(in: "tasks", ["user": "ann", "task_type": "digest", "status": "completed"])
    }
    #expect(try await Tasks(store, now: time.now).cleanUp(finishedBefore: time.moment, for: .ann) == 0)
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
