import Daybook
import Documents
import TestSupport
import Testing

@testable import DaybookRuntime

/// Random steps of agents and people on a thread, beside the plainest bookkeeping of what is open: a thread never goes on
/// past a question, never waits for nothing, and resumes once for each time that its last question was decided.
@Suite struct WaitingModelTests {
  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func aThreadWaitsExactlyAsLongAsSomethingIsOpen(seed: UInt64) async throws {
    var run = try WaitingRun(seed: seed)
    for step in 0..<150 {
      let what = try await run.step()
      try run.compare("seed \(seed) step \(step): \(what)")
    }
    let findings = try await run.store.check().findings
    #expect(findings == [])
    try await run.store.close()
  }
}

private struct WaitingRun {
  private let temporary: TemporaryStore
  private(set) var store: Store
  private var sessions: AgentSessions
  private var random: RepeatableRandom
  private var checkpoint = 0

  // What should be.
  private var status: ThreadStatus?
  private var interrupts: Set<String> = []
  private var todos: Set<String> = []
  private var resumptions = 0

  init(seed: UInt64) throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
    sessions = AgentSessions(store)
    random = RepeatableRandom(seed: seed)
  }

  mutating func step() async throws -> String {
    switch Int.random(in: 0..<12, using: &random) {
    case 0, 1, 2: return try await raise()
    case 3: return try await add()
    case 4, 5, 6: return try await decideOnInterrupt()
    case 7: return try await decideOnTodo()
    case 8, 9: return try await move()
    case 10: return try await removeByHand()
    default:
      if Bool.random(using: &random) { return try await restore() }
      try await store.close()
      store = try temporary.open()
      sessions = AgentSessions(store)
      return "opened again"
    }
  }

  // MARK: The agent

  private mutating func raise() async throws -> String {
    let ids = ["a", "b", "c"].filter { _ in Bool.random(using: &random) }
    guard !ids.isEmpty else { return "nothing" }
    checkpoint += Int.random(in: 0...1, using: &random)
    let drafts = ids.map {
      InterruptDraft(request: .string("Go on?"), id: $0, checkpoint: CheckpointName("c\(checkpoint)"))
    }
    let before = try sessions.interrupts.list(status: nil, thread: "t", for: .owner).documents
    let raised = try await sessions.interrupts.raise(drafts, in: "t", for: .owner)
    var asks = false
    for (id, document) in zip(ids, raised) {
      let known = before.first { $0.address == document.address }
      let isSame = known?.root["checkpoint_id"]?.string == "c\(checkpoint)"
      // An answer stays; whatever else there is waits now.
      let keepsAnswer = isSame && known?.root["status"]?.string == "answered"
      #expect(document.root["status"]?.string == (keepsAnswer ? "answered" : "open"))
      if keepsAnswer { continue }
      interrupts.insert(id)
      asks = true
    }
    if asks { status = .interrupted }
    return "raised \(ids) at \(checkpoint)"
  }

  private mutating func add() async throws -> String {
    let made = try await sessions.todos.create([TodoDraft(.approval, title: "Todo?")], in: "t", for: .owner)
    todos.insert(made[0].address.id.text)
    status = status ?? .running
    return "added a todo"
  }

  private mutating func move() async throws -> String {
    guard let status else { return "nothing" }
    let next = ThreadStatus.allCases.randomElement(using: &random) ?? .running
    let isPast = !interrupts.isEmpty && next != .interrupted && next != .error
    if isPast || !status.mayBecome(next) {
      await expectRefusal(.refused, of: store) { try await sessions.threads.move("t", to: next, for: .owner) }
    } else {
      try await sessions.threads.move("t", to: next, for: .owner)
      self.status = next
    }
    return "\(status) to \(next)"
  }

  private mutating func restore() async throws -> String {
    guard status != nil else { return "nothing" }
    _ = try await sessions.restore("t", for: .owner)
    status = interrupts.isEmpty ? .running : .interrupted
    return "restored"
  }

  // MARK: The person

  private mutating func decideOnInterrupt() async throws -> String {
    let open = try sessions.interrupts.list(thread: "t", for: .owner).documents
    guard let document = open.randomElement(using: &random), let name = document.root["interrupt_id"]?.string else {
      return "nothing"
    }
    let id = document.address.id.text
    let decision =
      Bool.random(using: &random)
      ? try await sessions.interrupts.answer(id, with: "yes", on: document.revision, for: .owner)
      : try await sessions.interrupts.withdraw(id, on: document.revision, for: .owner)
    interrupts.remove(name)
    #expect(decision.resumed == (interrupts.isEmpty && status != .error))
    left(wasLast: interrupts.isEmpty)
    return "decided on \(name)"
  }

  private mutating func decideOnTodo() async throws -> String {
    let open = try sessions.todos.list(status: "open", thread: "t", for: .owner).documents
    guard let todo = open.randomElement(using: &random) else { return "nothing" }
    let decision = try await sessions.todos.complete(
      todo.address.id.text, with: true, on: todo.revision, for: .owner)
    todos.remove(todo.address.id.text)
    let isLast = todos.isEmpty && interrupts.isEmpty
    #expect(decision.resumed == (isLast && status != .error))
    left(wasLast: isLast)
    return "did a todo"
  }

  /// As a hand edit, a generic write or a machine from which it is synced would.
  private mutating func removeByHand() async throws -> String {
    let open = try sessions.interrupts.list(thread: "t", for: .owner).documents
    guard let document = open.randomElement(using: &random), let name = document.root["interrupt_id"]?.string else {
      return "nothing"
    }
    try await store.transaction { try $0.delete("\(document.address)") }
    try await sessions.threads.settle("t", for: .owner)
    interrupts.remove(name)
    left(wasLast: interrupts.isEmpty)
    return "deleted \(name)"
  }

  private mutating func left(wasLast: Bool) {
    guard status != .error else { return }
    status = wasLast ? .running : interrupts.isEmpty ? status : .interrupted
    if wasLast { resumptions += 1 }
  }

  // MARK: Comparing

  func compare(_ moment: String) throws {
    let comment = Comment(rawValue: moment)
    guard let status else { return }
    let thread = try sessions.threads.thread("t", for: .owner)
    #expect(thread.threadStatus == status, comment)
    #expect(thread.root["open_interrupts"]?.integer ?? 0 == interrupts.count, comment)
    #expect(thread.root["open_todos"]?.integer ?? 0 == todos.count, comment)
    #expect(thread.root["resumptions"]?.integer ?? 0 == resumptions, comment)
    if !interrupts.isEmpty { #expect(status == .interrupted || status == .error, comment) }
  }
}
