import Daybook
import DaybookRuntime
import Documents
import TestSupport
import Testing

/// Questions that wait for their users, and their answers.
struct SessionQuestionTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let time = TestTime()

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
  }

  private func sessions(_ store: Store) -> Sessions { Sessions(store, now: time.now) }

  private func question(_ session: Document) throws -> String {
    try #require(session["pending_question"]?["id"]?.string)
  }

  @Test func anAnswerAfterARestartGoesOnWithAllThatWasSaid() async throws {
    let id = try await sessions(store).create(messages: [["role": "user", "content": "Read my feed"]], for: .ann).id
    let asked = try await sessions(store).ask(
      "Which of the two?", options: ["Swift", "Rust"], metadata: ["step": 2],
      messages: [["role": "assistant", "content": "There are two."]], in: id, for: .ann)
    #expect(asked["status"] == "waiting_user")
    #expect(asked["pending_question"]?["options"] == ["Swift", "Rust"])
    try await store.close()

    let reopened = try temporary.open()
    time.advance(seconds: 3_600)
    #expect(try sessions(reopened).list(status: .waitingUser, for: .ann).ids == [id])
    let view = try await sessions(reopened).answer("Swift", to: question(asked), in: id, for: .ann)
    #expect(view.messages.items.map { $0["content"] } == ["Read my feed", "There are two.", "Swift"])
    #expect(view.messages.items.last?["metadata"]?["answers"]?.string == (try question(asked)))
    #expect(view.session["status"] == "active" && view.session["pending_question"] == .null)
    try await reopened.close()
  }

  @Test func aSecondAnswerIsToldWhoAnsweredAndWhen() async throws {
    let sessions = sessions(store)
    let id = try await sessions.create(for: .ann).id
    let first = try question(try await sessions.ask("Go on?", in: id, for: .ann))
    _ = try await sessions.answer("yes", to: first, in: id, for: .ann)
    time.advance(seconds: 60)
    for question in [first, nil] {
      let error = await #expect(throws: StoreError.self) {
        try await sessions.answer("no", to: question, in: id, for: .ann)
      }
      #expect(error?.code == .conflict)
      #expect(
        error?.message == "The question of 'sessions/\(id)' was answered by ann at 2027-01-15T08:00:00.000Z.")
    }
    let second = try question(try await sessions.ask("And now?", in: id, for: .ann))
    #expect(
      await #expect(throws: StoreError.self) { try await sessions.answer("no", to: first, in: id, for: .ann) }?.message
        .contains("was answered by ann") == true, "an answer that comes late answers no other question")
    let error = await #expect(throws: StoreError.self) { try await sessions.ask("Hm?", in: id, for: .ann) }
    #expect(error?.message == "'sessions/\(id)' waits for an answer already: And now?")
    _ = try await sessions.answer("yes", to: second, in: id, for: .ann)
    #expect(try sessions.messages(of: id, for: .ann).map { $0["content"] } == ["yes", "yes"])
    try await store.close()
  }

  @Test func ofManyAnswersAtOnceOneIsTaken() async throws {
    let sessions = sessions(store)
    let id = try await sessions.create(for: .ann).id
    try await sessions.ask("Go on?", in: id, for: .ann)
    let taken = try await withThrowingTaskGroup(of: Int?.self) { group in
      for number in 0..<12 {
        group.addTask {
          do {
            _ = try await sessions.answer("\(number)", in: id, for: .ann)
            return number
          } catch let error as StoreError where error.message.contains("was answered by ann") {
            return nil
          }
        }
      }
      return try await group.reduce(into: []) { $0 += [$1].compactMap(\.self) }
    }
    #expect(taken.count == 1)
    #expect(try sessions.messages(of: id, for: .ann).map { $0["content"]?.string } == taken.map { "\($0)" })
    try await store.close()
  }

  @Test func messagesMayComeWhileAQuestionWaits() async throws {
    let sessions = sessions(store)
    let id = try await sessions.create(for: .ann).id
    try await sessions.ask("Go on?", in: id, for: .ann)
    try await sessions.append([["role": "user", "content": "Wait."]], to: id, for: .ann)
    #expect(try sessions.session(id, for: .ann)["status"] == "waiting_user")
    #expect(try await sessions.answer("yes", in: id, for: .ann).messages.items.count == 2)
    try await store.close()
  }

  @Test func aQuestionIsWithdrawnWhenTheConversationEnds() async throws {
    let sessions = sessions(store)
    let id = try await sessions.create(for: .ann).id
    let asked = try await sessions.ask("Go on?", in: id, for: .ann)
    #expect(try await sessions.complete(id, for: .ann)["pending_question"] == .null)
    let error = await #expect(throws: StoreError.self) {
      try await sessions.answer("yes", to: question(asked), in: id, for: .ann)
    }
    #expect(error?.code == .conflict && error?.message.contains("does not wait for an answer to") == true)
    #expect(try await sessions.ask("Again?", in: id, for: .ann)["status"] == "waiting_user")
    try await store.close()
  }
}
