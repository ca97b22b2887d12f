import Daybook
import DaybookRuntime
import Documents
import TestSupport
import Testing

/// Conversations in a store that Daybook made: `llm/gpt-4o` is active.
struct SessionsTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let time = TestTime()
  private let sessions: Sessions

  init() throws {
    temporary = try TemporaryStore(withTemplate: true)
    store = try temporary.open()
    sessions = Sessions(store, now: time.now)
  }

  private func message(_ text: String, role: String = "user") -> JSONValue {
    ["role": .string(role), "content": .string(text)]
  }

  private func texts(_ messages: [JSONValue]) -> [String] { messages.compactMap { $0["content"]?.string } }

  @Test func aSessionBeginsWithItsMessagesInOneCommit() async throws {
    let before = store.snapshot().sequence
    let session = try await sessions.create(
      title: "Feeds", metadata: ["page": 3], messages: [message("Be brief.", role: "system"), message("Hello")],
      for: .ann)
    #expect(store.snapshot().sequence == before + 1)
    #expect(session["status"] == "active" && session["user"] == "ann" && session["title"] == "Feeds")
    let view = try sessions.view(session.id, for: .ann)
    #expect(texts(view.messages.items) == ["Be brief.", "Hello"])
    #expect(view.messages.items.allSatisfy { $0["timestamp"] == .string(time.moment.text) })
    #expect(view.sequence == before + 1)
    try await store.close()
  }

  @Test func theLLMConfigurationInForceIsToldByProfileAndRevisionAndWithoutItsKey() async throws {
    try await store.transaction { try $0.patch("profiles/llm/gpt-4o", merging: ["api_key": "sk-canary-77"]) }
    let revision = try #require(try store.snapshot().revision("profiles/llm/gpt-4o"))
    let session = try await sessions.create(for: .ann)
    #expect(session["llm"] == ["profile": "gpt-4o", "revision": .string("\(revision)")])
    #expect(session["llm_profile"] == nil)
    try await store.transaction { try $0.patch("profiles/llm/gpt-4o", merging: ["temperature": 1]) }
    #expect(
      try sessions.session(session.id, for: .ann)["llm"] == session["llm"], "it was in force, whatever came later")
    let other = try await sessions.use(profile: "local-ollama", in: session.id, for: .ann)
    #expect(other["llm"]?["profile"] == "local-ollama" && other["llm_profile"] == "local-ollama")
    let error = await #expect(throws: StoreError.self) { try await sessions.create(profile: "none", for: .ann) }
    #expect(error?.code == .notFound && error?.message == "There is no profile 'llm/none'.")
    #expect(try !sessions.export(session.id, for: .ann).compactText.contains("canary"))
    try await store.transaction { try $0.delete("runtime/active") }
    #expect(try await sessions.create(for: .ann)["llm"] == nil)
    try await store.close()
  }

  @Test func messagesAreAppendedAllOrNone() async throws {
    let id = try await sessions.create(for: .ann).id
    let appended = try await sessions.append([message("one"), message("two", role: "assistant")], to: id, for: .ann)
    #expect(appended.allSatisfy { UUIDv7(parsing: $0["id"]?.string ?? "") != nil })
    #expect(try sessions.messages(of: id, for: .ann) == appended)
    let before = store.snapshot().sequence
    let error = await #expect(throws: StoreError.self) {
      try await sessions.append([message("three"), message("four", role: "robot")], to: id, for: .ann)
    }
    #expect(error?.code == .invalid)
    #expect(store.snapshot().sequence == before)
    let many = Array(repeating: message("x"), count: 1_001)
    #expect(
      await #expect(throws: StoreError.self) { try await sessions.append(many, to: id, for: .ann) }?.code == .limit)
    try await store.close()
  }

  @Test func theHistoryIsReadFromItsEndOrFromAPlace() async throws {
    let id = try await sessions.create(for: .ann).id
    for part in 0..<5 {
      try await sessions.append((0..<30).map { message("m\(part * 30 + $0)") }, to: id, for: .ann)
    }
    let view = try sessions.view(id, last: 70, for: .ann)
    #expect(view.messages.first == 80)
    #expect(texts(view.messages.items) == (80..<150).map { "m\($0)" })
    #expect(texts(try sessions.messages(of: id, from: 60, limit: 10, for: .ann)) == (60..<70).map { "m\($0)" })
    #expect(try sessions.view(id, last: 0, for: .ann).messages == SeriesTail(first: 150, items: []))
    #expect(try sessions.messages(of: id, from: 500, for: .ann).isEmpty)
    try await store.close()
  }

  @Test func aConversationThatEndedGoesOnWithItsNextMessage() async throws {
    let id = try await sessions.create(for: .ann).id
    #expect(try await sessions.fail(id, error: "The model is away.", for: .ann)["status"] == "error")
    try await sessions.append([message("again")], to: id, for: .ann)
    let session = try sessions.session(id, for: .ann)
    #expect(session["status"] == "active" && session["error"] == .null)
    #expect(try await sessions.complete(id, for: .ann)["status"] == "completed")
    try await store.close()
  }

  @Test func whoAppendsAtOnceLosesNothing() async throws {
    let id = try await sessions.create(for: .ann).id
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<12 {
        group.addTask {
          for part in 0..<5 {
            try await sessions.append([message("\(writer).\(part)"), message("x")], to: id, for: .ann)
          }
        }
      }
      try await group.waitForAll()
    }
    let found = texts(try sessions.view(id, for: .ann).messages.items)
    #expect(found.count == 120)
    for place in stride(from: 0, to: 120, by: 2) { #expect(found[place + 1] == "x", "what came together is together") }
    #expect(Set(found).count == 61)
    try await store.close()
  }

  @Test func theListHasThoseFirstInWhichSomethingHappenedLast() async throws {
    var ids: [String] = []
    for _ in 0..<5 {
      ids.append(try await sessions.create(for: .ann).id)
      time.advance(seconds: 1)
    }
    _ = try await sessions.create(for: .bob)
    try await sessions.append([message("me")], to: ids[1], for: .ann)
    time.advance(seconds: 1)
    try await sessions.complete(ids[3], for: .ann)
    try await sessions.complete(ids[0], for: .ann)
    let all = try allPages { try sessions.list(limit: 2, after: $0, for: .ann) }.map(\.id)
    #expect(Set(all.prefix(2)) == [ids[0], ids[3]] && Array(all[2...]) == [ids[1], ids[4], ids[2]])
    #expect(try sessions.list(status: .active, for: .ann).ids == [ids[1], ids[4], ids[2]])
    #expect(try sessions.list(status: .waitingUser, for: .ann).documents.isEmpty)
    #expect(try sessions.list(for: .owner).documents.isEmpty)
    try await store.close()
  }

  @Test func statisticsCountTheCallersOwn() async throws {
    for number in 0..<4 {
      let id = try await sessions.create(messages: (0..<number).map { message("\($0)") }, for: .ann).id
      if number > 1 { try await sessions.complete(id, for: .ann) }
    }
    _ = try await sessions.create(messages: [message("x")], for: .bob)
    try await store.transaction { _ = try $0.create(in: "sessions", ["title": "By hand"]) }
    let statistics = try sessions.statistics(for: .ann)
    #expect(statistics.messages == 6)
    #expect(
      statistics.json == [
        "sessions": 4, "by_status": ["active": 2, "waiting_user": 0, "completed": 2, "error": 0], "messages": 6,
      ])
    #expect(
      try sessions.statistics(for: .owner).sessions[.active] == 1, "one that says nothing is the owner's, and active")
    try await store.close()
  }

  @Test func aSessionOfSomebodyElseIsNotThere() async throws {
    let id = try await sessions.create(messages: [message("secret")], for: .ann).id
    try await sessions.ask("Really?", in: id, for: .ann)
    let before = store.snapshot().sequence
    let attempts: [() async throws -> Void] = [
      { _ = try sessions.session(id, for: .bob) }, { _ = try sessions.view(id, for: .bob) },
      { _ = try sessions.messages(of: id, for: .bob) }, { _ = try sessions.items(of: id, for: .bob) },
      { _ = try sessions.export(id, for: .bob) }, { try await sessions.append([], to: id, for: .bob) },
      { try await sessions.ask("Why?", in: id, for: .bob) },
      { _ = try await sessions.answer("yes", in: id, for: .bob) },
      { try await sessions.complete(id, for: .bob) }, { try await sessions.fail(id, error: "no", for: .bob) },
      { try await sessions.use(profile: nil, in: id, for: .bob) }, { try await sessions.delete(id, for: .bob) },
      { try await sessions.describe(id, title: "mine", for: .bob) },
      { _ = try await sessions.popItem(of: id, for: .bob) }, { try await sessions.clear(id, for: .bob) },
      { _ = try await sessions.replaceSuffix([], with: [], of: id, for: .bob) },
    ]
    for (number, attempt) in attempts.enumerated() {
      let error = await #expect(throws: StoreError.self, "\(number)") { try await attempt() }
      #expect(error?.code == .notFound, "\(number)")
    }
    #expect(store.snapshot().sequence == before)
    try await store.close()
  }

  @Test func deletingASessionTakesItsMessagesAndSettingsInOneCommit() async throws {
    let id = try await sessions.create(messages: [message("x")], for: .ann).id
    try await store.transaction { try $0.put("settings/sessions/\(id)", ["ui": ["theme": "dark"]]) }
    let before = store.snapshot().sequence
    try await sessions.delete(id, for: .ann)
    #expect(store.snapshot().sequence == before + 1)
    #expect(try store.snapshot().revision("settings/sessions/\(id)") == nil)
    #expect(await #expect(throws: StoreError.self) { try await sessions.delete(id, for: .ann) }?.code == .notFound)
    #expect(try await store.check().findings == [])
    try await store.close()
  }

  @Test func anExportedSessionComesBackUnderItsIDOnlyWhereThatWasAlwaysFree() async throws {
    let created = try await sessions.create(title: "Feeds", messages: [message("one"), message("two")], for: .ann)
    try await sessions.ask("Go on?", in: created.id, for: .ann)
    let export = try sessions.export(created.id, for: .ann)
    let copy = try await sessions.importSession(export, for: .bob)
    #expect(copy.id != created.id && copy["user"] == "bob")
    #expect(try sessions.messages(of: copy.id, for: .bob) == sessions.messages(of: created.id, for: .ann))
    try await sessions.delete(created.id, for: .ann)
    #expect(try await sessions.importSession(export, for: .ann).id != created.id, "the history of the id is another's")

    let elsewhere = try TemporaryStore()
    let other = try elsewhere.open()
    let arrived = try await Sessions(other, now: time.now).importSession(export, for: .owner)
    #expect(arrived.id == created.id && arrived["status"] == "waiting_user")
    let view = try await Sessions(other, now: time.now).answer("yes", in: arrived.id, for: .owner)
    #expect(texts(view.messages.items) == ["one", "two", "yes"])
    try await other.close()
    try await store.close()
  }

  @Test(arguments: [
    "null" as JSONValue, [:], ["session": [:]], ["session": ["status": "odd"], "messages": []],
    ["session": [:], "messages": [["role": "user"]]],
  ])
  func whatIsNoExportChangesNothing(value: JSONValue) async throws {
    let before = store.snapshot().sequence
    let error = await #expect(throws: StoreError.self) { try await sessions.importSession(value, for: .ann) }
    #expect(error?.code == .invalid)
    #expect(store.snapshot().sequence == before)
    try await store.close()
  }
}
