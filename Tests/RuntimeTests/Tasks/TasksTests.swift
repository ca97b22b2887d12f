import Daybook
import DaybookRuntime
import Documents
import TestSupport
import Testing

struct TasksTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let time = TestTime()
  private let tasks: Tasks

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
    tasks = Tasks(store, now: time.now)
  }

  @Test func aTaskGoesFromPendingByWayOfProcessingToItsEnd() async throws {
    let created = try await tasks.create(
      type: "digest", message: "Queued", metadata: ["feed": ["a": 1]], for: .ann)
    #expect(created["status"] == "pending" && created["user"] == "ann")
    #expect(created["created_at"] == .string(time.moment.text))
    time.advance(seconds: 5)
    var task = try await tasks.report(
      TaskProgress(percent: JSONNumber(40), message: "Reading", detail: ["step": "read", "done": 12]), of: created.id,
      for: .ann)
    #expect(task["status"] == "processing" && task["progress"] == 40)
    task = try await tasks.report(TaskProgress(detail: ["step": "write"]), of: created.id, for: .ann)
    #expect(task["progress_detail"] == ["step": "write"], "a detail takes the place of the one before it")
    #expect(task["progress"] == 40 && task["message"] == "Reading" && task["metadata"] == ["feed": ["a": 1]])
    time.advance(seconds: 5)
    task = try await tasks.complete(created.id, result: ["items": [1, 2]], for: .ann)
    #expect(task["status"] == "completed" && task["progress"] == 100 && task["result"] == ["items": [1, 2]])
    #expect(task["finished_at"] == .string(time.moment.text) && task["finished_by"] == "ann")
    let commit = try #require(try store.snapshot().history(of: "tasks/\(created.id)").first).commit
    #expect(commit.author == Caller.ann.author && commit.origin == .service)
    try await store.close()
  }

  @Test func whoComesSecondIsToldWhoFinishedWhenAndWhat() async throws {
    let id = try await tasks.create(type: "digest", for: .ann).id
    _ = try await tasks.fail(id, error: "No feed answered.", for: .ann)
    let before = store.snapshot().sequence
    time.advance(seconds: 60)
    let error = await #expect(throws: StoreError.self) { try await tasks.complete(id, for: .ann) }
    #expect(error?.code == .conflict)
    #expect(error?.message == "'tasks/\(id)' has failed by ann at 2027-01-15T08:00:00.000Z (No feed answered.).")
    let attempts: [() async throws -> Document] = [
      { try await tasks.cancel(id, for: .ann) }, { try await tasks.start(id, for: .ann) },
      { try await tasks.report(TaskProgress(percent: JSONNumber(1)), of: id, for: .ann) },
    ]
    for attempt in attempts {
      let error = await #expect(throws: StoreError.self) { try await attempt() }
      #expect(error?.code == .conflict)
    }
    #expect(store.snapshot().sequence == before)
    try await store.close()
  }

  @Test func ofManyWhoFinishAtOnceOneDoes() async throws {
    let id = try await tasks.create(type: "digest", for: .ann).id
    let before = store.snapshot().sequence
    let wins = try await withThrowingTaskGroup(of: Int?.self) { group in
      for number in 0..<12 {
        group.addTask {
          do {
            _ = try await tasks.complete(id, result: .number(JSONNumber(number)), for: .ann)
            return number
          } catch let error as StoreError where error.code == .conflict {
            return nil
          }
        }
      }
      return try await group.reduce(into: []) { $0 += [$1].compactMap(\.self) }
    }
    #expect(wins.count == 1)
    #expect(try tasks.task(id, for: .ann)["result"]?.integer == wins.first)
    #expect(store.snapshot().sequence == before + 1)
    try await store.close()
  }

  @Test func reportsByManyAtOnceAreAllMade() async throws {
    let id = try await tasks.create(type: "digest", for: .ann).id
    let before = store.snapshot().sequence
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 1...12 {
        group.addTask { try await tasks.report(TaskProgress(percent: JSONNumber(number)), of: id, for: .ann) }
      }
      try await group.waitForAll()
    }
    #expect(store.snapshot().sequence == before + 12)
    try await store.close()
  }

  @Test func whoNamesARevisionIsToldOfAnotherOne() async throws {
    let task = try await tasks.create(type: "digest", for: .ann)
    let seen = try await tasks.start(task.id, if: task.revision, for: .ann)
    let error = await #expect(throws: StoreError.self) { try await tasks.cancel(task.id, if: task.revision, for: .ann) }
    #expect(error?.code == .conflict)
    #expect(try await tasks.cancel(task.id, if: seen.revision, for: .ann)["status"] == "cancelled")
    try await store.close()
  }

  @Test func aTaskOfSomebodyElseIsNotThere() async throws {
    let task = try await tasks.create(type: "digest", for: .ann)
    let before = store.snapshot().sequence
    for id in [task.id, "019aa4f0-7c00-7000-8000-3f2b6c1d9e55", "none", "a/b", "..", ""] {
      let attempts: [() async throws -> Document] = [
        { try tasks.task(id, for: .bob) }, { try await tasks.complete(id, for: .bob) },
        { try await tasks.report(TaskProgress(percent: JSONNumber(1)), of: id, for: .bob) },
      ]
      for attempt in attempts {
        let error = await #expect(throws: StoreError.self) { try await attempt() }
        #expect(error?.code == .notFound || error?.code == .refused, "\(id): \(error?.message ?? "")")
      }
    }
    #expect(try tasks.list(for: .bob).documents.isEmpty)
    #expect(store.snapshot().sequence == before)
    try await store.close()
  }

  @Test func aTaskThatNamesNobodyIsTheOwners() async throws {
    let receipt = try await store.transaction {
      _ = try $0.create(in: "tasks", ["task_type": "digest", "status": "pending"])
    }
    let id = try #require(receipt.documents.first?.address.id.text)
    let other = try await tasks.create(type: "digest", for: .owner).id
    _ = try await tasks.create(type: "digest", for: .ann)
    #expect(try Set(tasks.list(for: .owner).ids) == [id, other])
    #expect(try await tasks.cancel(id, for: .owner)["status"] == "cancelled")
    try await store.close()
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func tasksBehaveLikeAModel(seed: UInt64) async throws {
    var random = RepeatableRandom(seed: seed)
    let temporary = try TemporaryStore()
    var store = try temporary.open()
    var model: [String: (user: String, type: String, status: TaskStatus)] = [:]
    for step in 0..<150 {
      let tasks = Tasks(store, now: time.now)
      let caller = [Caller.ann, .bob].randomElement(using: &random)!
      let id = model.keys.sorted().randomElement(using: &random) ?? "none"
      let status = model[id]?.user == caller.user ? model[id]?.status : nil
      var next: TaskStatus?
      var outcome: Document?
      switch Int.random(in: 0..<9, using: &random) {
      case 0..<3:
        let type = ["digest", "fetch", "research"].randomElement(using: &random)!
        let task = try await tasks.create(type: type, for: caller)
        model[task.id] = (caller.user, type, .pending)
        continue
      case 3:
        outcome = try? await tasks.start(id, for: caller)
        next = status == .pending ? .processing : nil
      case 4:
        outcome = try? await tasks.report(TaskProgress(percent: JSONNumber(50)), of: id, for: caller)
        next = status?.isFinal == false ? .processing : nil
      case 5:
        outcome = try? await tasks.complete(id, for: caller)
        next = status?.isFinal == false ? .completed : nil
      case 6:
        outcome = try? await tasks.fail(id, error: "no", for: caller)
        next = status?.isFinal == false ? .failed : nil
      case 7:
        outcome = try? await tasks.cancel(id, for: caller)
        next = status?.isFinal == false ? .cancelled : nil
      default:
        try await store.close()
        store = try temporary.open()
        continue
      }
      #expect(outcome?["status"]?.string == next?.rawValue, "seed \(seed) step \(step)")
      if let next { model[id]?.status = next }
    }
    let tasks = Tasks(store, now: time.now)
    for caller in [Caller.ann, .bob, .owner] {
      for type in [nil, "digest", "fetch"] as [String?] {
        for status in [nil] + TaskStatus.allCases {
          let expected = model.filter { entry in
            entry.value.user == caller.user && type.map { $0 == entry.value.type } ?? true
              && status.map { $0 == entry.value.status } ?? true
          }.keys.sorted(by: >)
          let found = try allPages { try tasks.list(type: type, status: status, limit: 3, after: $0, for: caller) }
          #expect(found.map(\.id) == expected, "seed \(seed) \(caller.user) \(type ?? "") \(status?.rawValue ?? "")")
        }
      }
    }
    try await store.close()
  }
}
