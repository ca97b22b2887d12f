import Daybook
import DaybookRuntime
import Documents
import TestSupport
import Testing

struct ResearchTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let time = TestTime("2026-11-21T06:40:00Z")
  private let research: Research
  private let ann = Caller(user: "ann", author: Author(name: "Ann", email: "ann@example.org"))
  private let bob = Caller(user: "bob", author: Author(name: "Bob", email: "bob@example.org"))

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
    research = Research(store, now: time.now)
  }

  private func running(_ query: String = "Who keeps history?") async throws -> String {
    let id = try await research.create(query: query, for: ann).address.id.text
    try await research.start(id, for: ann)
    return id
  }

  @Test func aTaskGoesFromItsPlanToItsReportAndIsThereAfterARestart() async throws {
    let task = try await research.create(
      query: "Who keeps history?", title: "History", plan: ["steps": ["look", "compare"]], metadata: ["page": 1],
      for: ann)
    let id = task.address.id.text
    #expect(task.root["status"]?.string == "planned")
    time.advance(seconds: 1)
    try await research.start(id, for: ann)
    try await research.append(
      ResearchItems(steps: [["title": "look", "own": true], ["title": "compare"]], panels: [["title": "Stores"]]),
      to: id, for: ann)
    try await research.append(ResearchItems(analyses: [["text": "Few do."]]), to: id, for: ann)
    time.advance(seconds: 1)
    let done = try await research.complete(id, report: "Few do.", for: ann)
    #expect(done.root["finished_at"]?.string == "2026-11-21T06:40:02.000Z")
    #expect(done.root["created_at"]?.string == "2026-11-21T06:40:00.000Z")
    #expect(done.root["step_count"]?.integer == 2)
    try await store.close()

    let reopened = try temporary.open()
    let state = try Research(reopened).state(id, for: ann)
    #expect(state.document.root["report"]?.string == "Few do.")
    #expect(state.steps.items.map { $0.object?["title"]?.string } == ["look", "compare"])
    #expect(state.steps.items[0].object?["own"]?.bool == true)
    #expect(state.panels.items[0].object?["timestamp"] == "2026-11-21T06:40:01.000Z")
    #expect(state.analyses.items[0].object?["id"]?.string != nil)
    #expect(state.sequence == reopened.snapshot().sequence)
    #expect(try await reopened.check().findings.isEmpty)
    try await reopened.close()
  }

  @Test func aFinishedTaskIsReopenedWithAllThatItHolds() async throws {
    let id = try await running()
    try await research.append(ResearchItems(steps: [["title": "look"]]), to: id, for: ann)
    try await research.fail(id, error: "The network is down.", for: ann)
    await expectRefusal(.conflict, of: store) {
      _ = try await research.append(ResearchItems(steps: [["title": "more"]]), to: id, for: ann)
    }
    let reopened = try await research.reopen(id, for: ann)
    #expect(reopened.root["error"]?.kind == .null)
    #expect(reopened.root["finished_at"]?.kind == .null)
    try await research.append(ResearchItems(steps: [["title": "more"]]), to: id, for: ann)
    #expect(try research.state(id, for: ann).steps.items.count == 2)
    try await store.close()
  }

  @Test func aPlanIsReplacedAsAWholeUntilTheTaskIsFinished() async throws {
    let id = try await research.create(query: "q", plan: ["a": 1, "b": ["c": 2]], for: ann).address.id.text
    let changed = try await research.setPlan(id, to: ["b": ["d": nil]], for: ann)
    #expect(changed.root["plan"]?.value == ["b": ["d": nil]])
    try await research.cancel(id, for: ann)
    await expectRefusal(.conflict, of: store) { _ = try await research.setPlan(id, to: 1, for: ann) }
    try await store.close()
  }

  @Test func whatBreaksARuleOfTheKindChangesNothing() async throws {
    let id = try await running()
    await expectRefusal(.invalid, of: store) { _ = try await research.create(query: "", for: ann) }
    await expectRefusal(.invalid, of: store) {
      let items = ResearchItems(steps: [["title": "good"]], panels: [["title": 1]])
      _ = try await research.append(items, to: id, for: ann)
    }
    await expectRefusal(.limit, of: store) {
      _ = try await research.append(
        ResearchItems(steps: Array(repeating: [:], count: 1_001)), to: id, for: ann)
    }
    await expectRefusal(.usage, of: store) { _ = try research.search(" \n", for: ann) }
    try await store.close()
  }

  @Test func aChangeMadeOnAnOlderRevisionIsAConflict() async throws {
    let seen = try await research.create(query: "q", for: ann)
    let id = seen.address.id.text
    try await research.start(id, if: seen.revision, for: ann)
    await expectRefusal(.conflict, of: store) { _ = try await research.cancel(id, if: seen.revision, for: ann) }
    await expectRefusal(.conflict, of: store) { try await research.delete(id, if: seen.revision, for: ann) }
    try await store.close()
  }

  @Test func somebodyElsesTaskIsNotFoundByAnyMethod() async throws {
    let id = try await running()
    let nobody = "0190b8a0-7b3c-7def-8000-0123456789ab"
    func errors(_ id: String) async throws -> [String] {
      let calls: [() async throws -> Void] = [
        { _ = try research.document(id, for: bob) }, { _ = try research.state(id, for: bob) },
        { _ = try research.items(of: .steps, of: id, for: bob) },
        { _ = try await research.setPlan(id, to: 1, for: bob) }, { _ = try await research.start(id, for: bob) },
        { _ = try await research.complete(id, for: bob) }, { _ = try await research.fail(id, error: "", for: bob) },
        { _ = try await research.cancel(id, for: bob) }, { _ = try await research.reopen(id, for: bob) },
        { _ = try await research.append(ResearchItems(steps: [[:]]), to: id, for: bob) },
        { try await research.delete(id, for: bob) },
      ]
      var messages: [String] = []
      for call in calls {
        let error = await #expect(throws: StoreError.self) { try await call() }
        #expect(error?.code == .notFound)
        messages.append("\(error?.message ?? "") \(error?.hint ?? "")".replacing(id, with: "ID"))
      }
      return messages
    }
    let before = store.snapshot().sequence
    #expect(try await errors(id) == errors(nobody))
    #expect(store.snapshot().sequence == before)
    #expect(try research.list(for: bob).documents.isEmpty)
    #expect(try research.search("history", for: bob).documents.isEmpty)
    try await store.close()
  }

  // MARK: Lists

  @Test func tasksAreListedNewestFirstInPages() async throws {
    var ids: [String] = []
    for number in 0..<7 {
      time.advance(seconds: 1)
      ids.append(try await research.create(query: "q\(number)", for: ann).address.id.text)
      _ = try await research.create(query: "of bob", for: bob)
    }
    for id in [ids[2], ids[5]] { try await research.start(id, for: ann) }
    var found: [String] = []
    var cursor: String?
    repeat {
      let page = try research.list(limit: 3, after: cursor, for: ann)
      found += page.documents.map(\.address.id.text)
      cursor = page.next
    } while cursor != nil
    #expect(found == ids.reversed())
    #expect(try research.list(status: .running, for: ann).documents.map(\.address.id.text) == [ids[5], ids[2]])
    try await store.close()
  }

  @Test func aSearchFindsAllOfItsWordsInAnyCaseAndInsideOfSentences() async throws {
    for query in ["Swift 6.3 concurrency", "Rust and swift", "文档数据库如何保存历史", "Go"] {
      time.advance(seconds: 1)
      _ = try await research.create(query: query, for: ann)
    }
    func found(_ text: String) throws -> [String?] {
      try research.search(text, for: ann).documents.map { $0.root["query"]?.string }
    }
    #expect(try found("SWIFT") == ["Rust and swift", "Swift 6.3 concurrency"])
    #expect(try found("swift  concur") == ["Swift 6.3 concurrency"])
    #expect(try found("数据库") == ["文档数据库如何保存历史"])
    #expect(try found("planned") == [])
    try await store.close()
  }

  @Test func theNextPageOfASearchGoesOnWhereTheLastEnded() async throws {
    var ids: [String] = []
    for number in 0..<20 {
      time.advance(seconds: 1)
      let id = try await research.create(query: number % 3 == 0 ? "wanted" : "other", for: ann).address.id.text
      if number % 3 == 0 { ids.append(id) }
    }
    var found: [String] = []
    var cursor: String?
    repeat {
      let page = try research.search("wanted", limit: 2, after: cursor, for: ann)
      #expect(page.documents.count <= 2)
      found += page.documents.map(\.address.id.text)
      cursor = page.next
    } while cursor != nil
    #expect(found == ids.reversed())
    try await store.close()
  }
}
