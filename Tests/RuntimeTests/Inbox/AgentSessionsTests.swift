import Daybook
import Documents
import TestSupport
import Testing

@testable import DaybookRuntime

@Suite struct AgentSessionsTests {
  private let temporary: TemporaryStore

  init() throws { temporary = try TemporaryStore() }

  private func save(_ id: String, in namespace: String = "", _ sessions: AgentSessions) async throws {
    let draft = CheckpointDraft(id: id, namespace: namespace, checkpoint: .json(["v": .string(id)]))
    try await sessions.checkpoints.put(draft, in: "t", for: .owner)
  }

  @Test func theStateOfASessionIsAllOfItAtOneMoment() async throws {
    let store = try temporary.open()
    let sessions = AgentSessions(store)
    for id in ["c1", "c2", "c3"] { try await save(id, sessions) }
    for id in ["d1", "d2"] { try await save(id, in: "child:1", sessions) }
    let long = String(repeating: "child:1|", count: 30)
    for end in ["a", "b"] { try await save("e-\(end)", in: long + end, sessions) }
    _ = try await sessions.todos.create([TodoDraft(.input, title: "Tell me")], in: "t", for: .owner)
    let raised = try await sessions.interrupts.raise([InterruptDraft(request: "Go on?")], in: "t", for: .owner)
    let namespaces = ["", "child:1", "nothing", long + "a", long + "b"]
    let state = try sessions.state(of: "t", namespaces: namespaces, for: .owner)
    #expect(try sessions.state(of: "t", for: .owner).checkpoints.map(\.id) == ["c3"])
    #expect(state.thread.threadStatus == .interrupted)
    #expect(state.checkpoints.map(\.id) == ["c3", "d2", "e-a", "e-b"])
    #expect(state.interrupts.map(\.address) == raised.map(\.address))
    #expect(state.todos.count == 1)
    #expect(state.sequence == store.snapshot().sequence)
    #expect(throws: StoreError.self) { try sessions.state(of: "none", for: .owner) }
    try await store.close()
  }

  @Test func aSessionIsTakenUpAfterItsServiceWasGone() async throws {
    var store = try temporary.open()
    try await save("c1", AgentSessions(store))
    try await AgentSessions(store).threads.move("t", to: .error, error: "killed", for: .owner)
    try await store.close()
    store = try temporary.open()
    let sessions = AgentSessions(store)
    let state = try await sessions.restore("t", for: .owner)
    #expect(state.thread.threadStatus == .running && state.thread.root["error"]?.kind == .null)
    #expect(try state.checkpoints.first?.checkpoint() == .json(["v": "c1"]))
    let before = store.snapshot().sequence
    _ = try await sessions.restore("t", for: .owner)
    #expect(store.snapshot().sequence == before)
    try await store.close()
  }

  @Test func aSessionThatWaitsGoesOnWaiting() async throws {
    let store = try temporary.open()
    let sessions = AgentSessions(store)
    _ = try await sessions.interrupts.raise([InterruptDraft(request: "Go on?")], in: "t", for: .owner)
    #expect(try await sessions.restore("t", for: .owner).thread.threadStatus == .interrupted)
    try await store.close()
  }

  @Test func anOlderCheckpointTakesThePlaceOfTheLatest() async throws {
    let store = try temporary.open()
    let sessions = AgentSessions(store)
    for id in ["c1", "c2"] { try await save(id, sessions) }
    let state = try await sessions.restore("t", to: CheckpointName("c1"), for: .owner)
    #expect(state.checkpoints.map(\.id) == ["c1"])
    await expectRefusal(.notFound, of: store) {
      _ = try await sessions.restore("t", to: CheckpointName("c9"), for: .owner)
    }
    await expectRefusal(.notFound, of: store) { _ = try await sessions.restore("none", for: .owner) }
    try await store.close()
  }
}
