import Daybook
import Documents
import TestSupport
import Testing

@testable import DaybookRuntime

@Suite struct TodosTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let sessions: AgentSessions
  private let owner = Caller.owner(Author(name: "Owner", email: "owner@example.org"))

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
    sessions = AgentSessions(store)
  }

  private func create(_ drafts: [TodoDraft], in thread: String = "t") async throws -> [Document] {
    try await sessions.todos.create(drafts, in: thread, for: owner)
  }

  private func complete(_ todo: Document, _ result: JSONValue = true) async throws -> Decision {
    try await sessions.todos.complete(todo.address.id.text, with: result, on: todo.revision, for: owner)
  }

  @Test func aTodoLetsTheAgentGoOnAndTheLastOneResumesIt() async throws {
    let todos = try await create([TodoDraft(.approval, title: "A?"), TodoDraft(.approval, title: "B?")])
    #expect(try sessions.threads.thread("t", for: owner).threadStatus == .running)
    try await sessions.threads.move("t", to: .completed, for: owner)
    #expect(try await !complete(todos[0]).resumed)
    let last = try await complete(todos[1], ["approved": false, "comment": "no"])
    #expect(last.resumed && last.thread.threadStatus == .running)
    #expect(last.thread.root["resumptions"]?.integer == 1 && last.thread.root["open_todos"]?.integer == 0)
    let error = await #expect(throws: StoreError.self) { try await complete(todos[1]) }
    #expect(error?.code == .conflict && error?.message.hasPrefix("owner has decided this already at ") == true)
    try await store.close()
  }

  /// Each of them sees others open when it begins; exactly one of them is the last.
  @Test(arguments: [2, 9])
  func ofTodosThatAreCompletedAtOnceOneResumesTheThread(count: Int) async throws {
    for round in 1...12 {
      let todos = try await create((0..<count).map { TodoDraft(.approval, title: "Todo \($0)?") })
      let resumed = try await withThrowingTaskGroup(of: Bool.self) { group in
        for todo in todos {
          // Each from a service of its own, as it were: nothing but the store brings them into an order.
          group.addTask { [store, owner] in
            try await Todos(store).complete(todo.address.id.text, with: true, on: todo.revision, for: owner).resumed
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(resumed.count { $0 } == 1)
      #expect(try sessions.threads.thread("t", for: owner).root["resumptions"]?.integer == round)
    }
    try await store.close()
  }

  @Test func aTodoOutlivesTheServiceAndStillResumesItsThread() async throws {
    let todo = try await create([TodoDraft(.input, title: "Where to?")])[0]
    try await store.close()
    let reopened = try temporary.open()
    let decision = try await Todos(reopened).complete(
      todo.address.id.text, with: "Bern", on: todo.revision, for: owner)
    #expect(decision.resumed && decision.document.root["result"]?.string == "Bern")
    try await reopened.close()
  }

  @Test func anInterruptHoldsAThreadThatItsTodosWouldLetGo() async throws {
    let todo = try await create([TodoDraft(.approval, title: "A?")])[0]
    let interrupt = try await sessions.interrupts.raise([InterruptDraft(request: "B?")], in: "t", for: owner)[0]
    #expect(try await !complete(todo).resumed)
    #expect(try sessions.threads.thread("t", for: owner).threadStatus == .interrupted)
    let decision = try await sessions.interrupts.answer(
      interrupt.address.id.text, with: "yes", on: interrupt.revision, for: owner)
    #expect(decision.resumed && decision.thread.root["resumptions"]?.integer == 1)
    try await store.close()
  }

  @Test func aTodoThatIsGivenUpIsWaitedForNoLonger() async throws {
    let todos = try await create([TodoDraft(.approval, title: "A?"), TodoDraft(.approval, title: "B?")])
    _ = try await complete(todos[0])
    let decision = try await sessions.todos.cancel(todos[1].address.id.text, on: todos[1].revision, for: owner)
    #expect(decision.resumed && decision.document.root["status"]?.string == "cancelled")
    #expect(try sessions.todos.list(status: "open", thread: "t", for: owner).documents.isEmpty)
    try await store.close()
  }

  @Test func resultsAreHeldToTheTypeOfTheTodo() async throws {
    var selection = TodoDraft(.selection, title: "Which?")
    selection.options = [["id": "a", "label": "A"], ["id": "b"]]
    var several = selection
    several.takesSeveral = true
    var number = TodoDraft(.input, title: "How many?")
    number.responseSchema = ["type": "integer"]
    var review = TodoDraft(.approval, title: "Send?")
    review.request = ["action_request": ["action": "send"], "config": ["allow_accept": true]]
    let drafts = [
      TodoDraft(.approval, title: "A?"), TodoDraft(.input, title: "B?"), selection, several, number, review,
    ]
    let wrong: [[JSONValue]] = [
      ["yes", ["approved": 1], ["approved": true, "comment": 1]], [1, nil], ["c", ["a"], nil],
      ["a", [], ["a", "a"], ["c"]],
      ["3"], [true, [["type": "edit"]]],
    ]
    let right: [(JSONValue, JSONValue)] = [
      (false, ["approved": false]), ("text", "text"), ("b", "b"), (["b", "a"], ["b", "a"]), (3, 3),
      (["type": "accept"], [["type": "accept", "args": nil]]),
    ]
    for (place, todo) in try await create(drafts).enumerated() {
      let before = store.snapshot().sequence
      for result in wrong[place] {
        let error = await #expect(throws: StoreError.self) { try await complete(todo, result) }
        #expect([.invalid, .refused].contains(error?.code), "\(place)")
      }
      #expect(store.snapshot().sequence == before)
      #expect(try await complete(todo, right[place].0).document.root["result"]?.value == right[place].1)
    }
    await expectRefusal(.invalid, of: store) { _ = try await create([TodoDraft(.selection, title: "Which?")]) }
    try await store.close()
  }

  @Test func draftsAreReadFromRequests() throws {
    let draft = try TodoDraft(parsing: [
      "todo_type": "selection", "title": "Which?", "options": [["id": "a"]], "multiple": true, "checkpoint_id": "c1",
      "metadata": ["n": 1],
    ])
    #expect(draft.type == .selection && draft.takesSeveral && draft.checkpoint == CheckpointName("c1"))
    for request in [[:], ["todo_type": "wish", "title": "x"], ["todo_type": "input"]] as [JSONObject] {
      #expect(throws: StoreError.self) { try TodoDraft(parsing: request) }
    }
  }
}
