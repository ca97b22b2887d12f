import Daybook
import Documents
import TestSupport
import Testing

@testable import DaybookRuntime

@Suite struct AgentThreadsTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let time = TestTime()
  private let threads: AgentThreads
  private let caller = Caller.owner(Author(name: "Owner", email: "owner@example.org"))

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
    threads = AgentThreads(store) { [time] in time.moment }
  }

  @Test func aThreadIsMadeOnceWithWhatItsAgentNeeds() async throws {
    let thread = try await threads.create(
      "t", agent: "researcher", config: ["recursion_limit": 50], metadata: ["topic": "hardware"], for: caller)
    #expect(thread.root["agent_name"]?.string == "researcher")
    #expect(thread.root["user"]?.string == "owner")
    #expect(thread.root["created_at"]?.string == time.moment.text)
    await expectRefusal(.conflict, of: store) { _ = try await threads.create("t", for: caller) }
    let other = try await threads.create(for: caller)
    #expect(UUIDv7(parsing: other.root["thread_id"]?.string ?? "") != nil)
    try await store.close()
  }

  @Test func listsAreNewestFirstAndFiltered() async throws {
    for name in ["a", "b", "c"] {
      try await threads.create(name, agent: name == "b" ? "other" : "writer", metadata: ["n": 1], for: caller)
      time.advance(seconds: 1)
    }
    try await threads.move("a", to: .interrupted, for: caller)
    func names(_ page: Page) -> [String?] { page.documents.map { $0.root["thread_id"]?.string } }
    #expect(names(try threads.list(for: caller)) == ["a", "c", "b"])
    #expect(names(try threads.list(status: .running, for: caller)) == ["c", "b"])
    #expect(names(try threads.list(agent: "writer", for: caller)) == ["a", "c"])
    #expect(names(try threads.list(metadata: ["n": 2], for: caller)) == [])
    let page = try threads.list(limit: 2, for: caller)
    #expect(names(try threads.list(limit: 2, after: page.next, for: caller)) == ["b"])
    try await store.close()
  }

  @Test func statusesFollowEachOtherAsTheMachineSays() async throws {
    try await threads.create("t", for: caller)
    try await threads.move("t", to: .error, error: "no network", for: caller)
    #expect(try threads.thread("t", for: caller).root["error"]?.string == "no network")
    await expectRefusal(.refused, of: store) { try await threads.move("t", to: .completed, for: caller) }
    try await threads.move("t", to: .running, for: caller)
    #expect(try threads.thread("t", for: caller).root["error"]?.kind == .null)
    try await threads.move("t", to: .completed, for: caller)
    await expectRefusal(.notFound, of: store) { try await threads.move("none", to: .running, for: caller) }
    try await store.close()
  }

  @Test func onlySomeMembersCanBeSetAndOnlyOnTheRevisionThatWasSeen() async throws {
    let thread = try await threads.create("t", for: caller)
    try await threads.update("t", setting: ["config": ["a": 1]], if: thread.revision, for: caller)
    await expectRefusal(.conflict, of: store) {
      try await threads.update("t", setting: ["config": ["a": 2]], if: thread.revision, for: caller)
    }
    await expectRefusal(.refused, of: store) {
      try await threads.update("t", setting: ["user": "ann"], for: caller)
    }
    #expect(try threads.thread("t", for: caller).root["config"]?.value == ["a": 1])
    try await store.close()
  }

  @Test func aThreadIsAsNewAsWhatIsSavedOfItToTheMinute() async throws {
    let checkpoints = Checkpoints(threads)
    for name in ["a", "b"] {
      try await threads.create(name, for: caller)
      time.advance(seconds: 1)
    }
    for (seconds, expected) in [(10, ["b", "a"]), (60, ["a", "b"])] as [(Int64, [String])] {
      time.advance(seconds: seconds)
      let draft = CheckpointDraft(id: "c\(seconds)", checkpoint: .json(1))
      try await checkpoints.put(draft, in: "a", for: caller)
      #expect(try threads.list(for: caller).documents.map { $0.root["thread_id"]?.string } == expected)
    }
    time.advance(seconds: 600)
    let before = store.snapshot().sequence
    try await checkpoints.put(CheckpointDraft(id: "c60", checkpoint: .json(1)), in: "a", for: caller)
    #expect(store.snapshot().sequence == before, "what is sent again is no news")
    try await store.close()
  }

  @Test func aCopyBeginsAnewAndWaitsForNobody() async throws {
    _ = try await Interrupts(threads).raise([InterruptDraft(request: "Go on?")], in: "t", for: caller)
    let copy = try await threads.copy("t", to: "u", for: caller)
    #expect(copy.threadStatus == .running && copy.root["open_interrupts"] == nil)
    try await threads.move("t", to: .error, error: "no network", for: caller)
    let other = try await threads.copy("t", to: "v", for: caller)
    #expect(other.threadStatus == .running && other.root["error"] == nil)
    try await store.close()
  }

  @Test func pruningAndDeletingPassOverWhatIsNotThere() async throws {
    let before = store.snapshot().sequence
    #expect(try await threads.delete("none", for: caller) == 0)
    #expect(try await threads.prune(["none"], .keepLast(1), for: caller) == 0)
    #expect(try await threads.prune([], .delete, for: caller) == 0)
    await expectRefusal(.notFound, of: store) { try await threads.copy("none", to: "t", for: caller) }
    #expect(store.snapshot().sequence == before)
    try await store.close()
  }

  @Test func aThreadThatIsPrunedAwayIsGoneWithItsDocument() async throws {
    try await threads.create("t", for: caller)
    #expect(try await threads.prune(["t"], .delete, for: caller) == 1)
    #expect(try threads.list(for: caller).documents.isEmpty)
    try await store.close()
  }
}
