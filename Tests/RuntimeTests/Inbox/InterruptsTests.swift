import Daybook
import Documents
import TestSupport
import Testing

@testable import DaybookRuntime

@Suite struct InterruptsTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let time = TestTime()
  private let sessions: AgentSessions

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
    sessions = AgentSessions(store) { [time] in time.moment }
  }

  private static let request: JSONValue = [
    "action_requests": [["name": "send_mail", "args": ["to": "ann"]]],
    "review_configs": [["action_name": "send_mail", "allowed_decisions": ["approve", "reject"]]],
  ]
  private static let approval: JSONValue = ["decisions": [["type": "approve"]]]

  private func raise(_ id: String = "i1", at checkpoint: String = "c1") async throws -> Document {
    try await sessions.interrupts.raise(
      [InterruptDraft(request: Self.request, id: id, checkpoint: CheckpointName(checkpoint))], in: "t", for: .owner)[0]
  }

  private func answer(_ interrupt: Document, _ answer: JSONValue = approval) async throws -> Decision {
    try await sessions.interrupts.answer(
      interrupt.address.id.text, with: answer, on: interrupt.revision, for: .owner)
  }

  @Test func anInterruptStopsItsThreadUntilItIsAnsweredInOneCommitEach() async throws {
    let before = store.snapshot().sequence
    let interrupt = try await raise()
    #expect(store.snapshot().sequence == before + 1)
    #expect(interrupt.root["request"]?.value == Self.request)
    #expect(interrupt.root["form"]?.string == "decisions")
    let thread = try sessions.threads.thread("t", for: .owner)
    #expect(thread.threadStatus == .interrupted && thread.root["open_interrupts"]?.integer == 1)
    time.advance(seconds: 5)
    let decision = try await answer(interrupt)
    #expect(store.snapshot().sequence == before + 2)
    #expect(decision.resumed && decision.thread.threadStatus == .running)
    #expect(decision.thread.root["resumptions"]?.integer == 1)
    #expect(decision.document.root["answer"]?.value == Self.approval)
    #expect(decision.document.root["decided_by"]?.string == "owner")
    #expect(decision.document.root["decided_at"]?.string == time.moment.text)
    #expect(decision.document.root["decided_on"]?.string == "\(interrupt.revision)")
    try await store.close()
  }

  @Test func aSecondDecisionLearnsWhoMadeTheFirstAndWhen() async throws {
    let interrupt = try await raise()
    _ = try await answer(interrupt)
    let sequence = store.snapshot().sequence
    let error = await #expect(throws: StoreError.self) {
      try await answer(interrupt, ["decisions": [["type": "reject"]]])
    }
    #expect(error?.code == .conflict)
    #expect(error?.message == "owner has decided this already at \(time.moment.text): approve.")
    #expect(store.snapshot().sequence == sequence)
    try await store.close()
  }

  @Test func ofManyWhoDecideAtOnceOneDoes() async throws {
    let interrupt = try await raise()
    let outcomes = await withTaskGroup(of: StoreError.Code?.self) { group in
      for _ in 0..<12 {
        group.addTask {
          do {
            _ = try await answer(interrupt)
            return nil
          } catch {
            return (error as? StoreError)?.code
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.count { $0 == nil } == 1)
    #expect(outcomes.count { $0 == .conflict } == 11)
    #expect(try sessions.threads.thread("t", for: .owner).root["resumptions"]?.integer == 1)
    try await store.close()
  }

  @Test func aThreadGoesOnWhenTheLastOfSeveralIsAnswered() async throws {
    let drafts = ["a", "b"].map { (id: String) in InterruptDraft(request: .string("Which \(id)?"), id: id) }
    let raised = try await sessions.interrupts.raise(drafts, in: "t", for: .owner)
    #expect(try await !answer(raised[0], "this").resumed)
    #expect(try sessions.threads.thread("t", for: .owner).threadStatus == .interrupted)
    #expect(try sessions.interrupts.list(thread: "t", for: .owner).documents.map(\.address) == [raised[1].address])
    #expect(try await answer(raised[1], "that").resumed)
    try await store.close()
  }

  @Test func theSameQuestionRaisedTwiceIsOneAndAnotherUnderItsIdIsNew() async throws {
    let first = try await raise()
    time.advance(seconds: 1)
    #expect(try await raise().revision == first.revision)
    let other = try await sessions.interrupts.raise([InterruptDraft(request: "Else?", id: "i1")], in: "t", for: .owner)[
      0]
    #expect(other.address == first.address)
    await expectRefusal(.conflict, of: store) { _ = try await answer(first) }
    _ = try await answer(other, "yes")
    let again = try await raise()
    #expect(again.root["status"]?.string == "open" && again.root["answer"] == nil)
    #expect(try sessions.threads.thread("t", for: .owner).threadStatus == .interrupted)
    try await store.close()
  }

  /// The answer to the agent was lost on the way, and the person was quicker than its second try.
  @Test func anAnswerIsNotLostWhenTheQuestionIsSentAgain() async throws {
    let interrupt = try await raise()
    let answered = try await answer(interrupt)
    let before = store.snapshot().sequence
    let again = try await raise()
    #expect(again.revision == answered.document.revision && again.root["answer"]?.value == Self.approval)
    #expect(store.snapshot().sequence == before)
    #expect(try sessions.threads.thread("t", for: .owner).threadStatus == .running)
    // At another checkpoint it is asked anew.
    #expect(try await raise(at: "c2").root["status"]?.string == "open")
    #expect(try sessions.threads.thread("t", for: .owner).threadStatus == .interrupted)
    try await store.close()
  }

  /// Without a checkpoint nothing tells a question that was sent again from one that is asked a second time.
  @Test func anOldApprovalIsNotTakenForANewQuestion() async throws {
    let draft = InterruptDraft(request: Self.request, id: "i1")
    let first = try await sessions.interrupts.raise([draft], in: "t", for: .owner)[0]
    _ = try await answer(first)
    #expect(try await sessions.interrupts.raise([draft], in: "t", for: .owner)[0].root["status"]?.string == "open")
    try await store.close()
  }

  @Test func anAnswerThatIsNotAllowedChangesNothing() async throws {
    let interrupt = try await raise()
    await expectRefusal(.refused, of: store) { _ = try await answer(interrupt, ["decisions": [["type": "edit"]]]) }
    await expectRefusal(.invalid, of: store) { _ = try await answer(interrupt, "yes") }
    await expectRefusal(.invalid, of: store) {
      let silent: JSONValue = ["action_request": ["action": "a"], "config": [:]]
      _ = try await sessions.interrupts.raise([InterruptDraft(request: silent)], in: "t", for: .owner)
    }
    try await store.close()
  }

  @Test func somebodyElsesInterruptIsNotThere() async throws {
    let interrupt = try await raise()
    await expectRefusal(.notFound, of: store) {
      _ = try await sessions.interrupts.answer(
        interrupt.address.id.text, with: Self.approval, on: interrupt.revision, for: .ann)
    }
    #expect(throws: StoreError.self) { try sessions.interrupts.interrupt(interrupt.address.id.text, for: .ann) }
    #expect(try sessions.interrupts.list(for: .ann).documents.isEmpty)
    try await store.close()
  }

  @Test func aThreadThatIsDeletedTakesWhatItAskedWithIt() async throws {
    _ = try await raise()
    _ = try await sessions.todos.create([TodoDraft(.input, title: "Tell me")], in: "t", for: .owner)
    #expect(try await sessions.threads.delete("t", for: .owner) == 3)
    #expect(try sessions.interrupts.list(status: nil, for: .owner).documents.isEmpty)
    #expect(try sessions.todos.list(for: .owner).documents.isEmpty)
    try await store.close()
  }

  @Test func manyRoundsOfAskingAndAnsweringLeaveNoError() async throws {
    for round in 1...300 {
      let decision = try await answer(try await raise("i\(round % 7)", at: "c\(round)"))
      #expect(decision.resumed)
      #expect(decision.thread.root["resumptions"]?.integer == round)
    }
    #expect(try await store.check().findings == [])
    try await store.close()
  }
}
