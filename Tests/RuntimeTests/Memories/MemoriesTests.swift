import Daybook
import Documents
import TestSupport
import Testing

@testable import DaybookRuntime

@Suite struct MemoriesTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let time = TestTime()
  private let memories: Memories
  private let owner = Caller.owner(Author(name: "Owner", email: "owner@example.org"))
  private let ann = Caller(user: "ann", author: Author(name: "Ann", email: "ann@example.org"))

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
    memories = Memories(store) { [time] in time.moment }
  }

  private func name(_ key: String, _ labels: String...) throws -> MemoryName {
    MemoryName(key, in: try MemoryNamespace(labels))
  }

  @Test func aBatchIsOneCommitThatSeesTheStateBeforeIt() async throws {
    let food = try name("food", "users", "ann")
    try await memories.put(["n": 1], as: food, for: owner)
    let before = store.snapshot().sequence
    let results = try await memories.batch(
      [
        .put(food, ["n": 2], minutesToLive: nil), .get(food, refreshing: true),
        .put(food, ["n": 3], minutesToLive: nil),
        .put(try name("other", "users"), ["n": 4], minutesToLive: nil), .search(MemorySearch(in: food.namespace)),
      ], for: owner)
    #expect(store.snapshot().sequence == before + 1)
    #expect(results.map(\.json) == [nil, results[1].json, nil, nil, [results[1].json]])
    #expect(results[1].json["value"] == ["n": 1])
    #expect(try await memories.memory(food, for: owner)?.value == ["n": 3])
    try await store.close()
  }

  @Test func allWishesOfABatchLookAtABoundedNumberOfMemoriesTogether() async throws {
    for number in 0..<12 { try await memories.put(["n": 1], as: name("k\(number)", "users"), for: owner) }
    var search = MemorySearch(in: try MemoryNamespace(["users"]))
    search.filter = ["n": 2]
    func batch(_ operations: [MemoryOperation], _ budget: MemoryBudget) throws(StoreError) -> MemoryBatch {
      try MemoryBatch(
        operations, in: store.snapshot(), refreshing: false, for: owner, at: time.moment, within: budget)
    }
    let list = MemoryOperation.namespaces(NamespaceList())
    for operations in [[.search(search), .search(search)], [.search(search), list, list, list, list, list, list]] {
      let error = #expect(throws: StoreError.self) { try batch(operations, MemoryBudget(looks: 23)) }
      #expect(error?.code == .limit)
      #expect(try batch(operations, MemoryBudget(looks: 25)).results.count == operations.count)
    }
    let all = MemorySearch(in: try MemoryNamespace(["users"]))
    let wishes: [MemoryOperation] = [.search(all), .get(try name("k1", "users"), refreshing: false)]
    #expect(#expect(throws: StoreError.self) { try batch(wishes, MemoryBudget(bytes: 1_000)) }?.code == .limit)
    #expect(try batch(wishes, MemoryBudget(bytes: 6_000)).results.count == 2)
    try await store.close()
  }

  @Test func readingMakesNoCommitUnlessItPutsAnEndOff() async throws {
    let food = try name("food", "users")
    try await memories.put(["n": 1], as: food, minutesToLive: 60, for: owner)
    let before = store.snapshot().sequence
    time.advance(seconds: 60)
    _ = try await memories.memory(food, for: owner)
    #expect(store.snapshot().sequence == before)
    time.advance(seconds: 30 * 60)
    _ = try await memories.memory(food, refreshing: false, for: owner)
    #expect(store.snapshot().sequence == before)
    _ = try await memories.memory(food, for: owner)
    #expect(store.snapshot().sequence == before + 1)
    time.advance(seconds: 59 * 60)
    #expect(try await memories.memory(food, refreshing: false, for: owner) != nil)
    time.advance(seconds: 60)
    #expect(try await memories.memory(food, for: owner) == nil)
    try await store.close()
  }

  @Test func memoriesOfAnotherUserAreNotThere() async throws {
    let food = try name("food", "users")
    try await memories.put(["n": 1], as: food, for: owner)
    #expect(try await memories.memory(food, for: ann) == nil)
    #expect(try await memories.search(MemorySearch(in: MemoryNamespace([])), for: ann).isEmpty)
    #expect(try await memories.namespaces(NamespaceList(), for: ann).isEmpty)
    try await memories.delete(food, for: ann)
    #expect(try await memories.memory(food, for: owner)?.value == ["n": 1])
    try await store.close()
  }

  @Test func aBatchWithOneBadWishChangesNothing() async throws {
    let good = MemoryOperation.put(try name("a", "users"), ["n": 1], minutesToLive: nil)
    var search = MemorySearch(in: try MemoryNamespace(["users"]))
    search.filter = ["n": ["$in": [1]]]
    let bad: [MemoryOperation] = [
      .put(try name("a"), ["n": 1], minutesToLive: nil), .put(try name("a", "langgraph"), ["n": 1], minutesToLive: nil),
      .put(try name("b", "users"), ["n": 1], minutesToLive: 0), .search(search),
    ]
    for operation in bad {
      await expectRefusal(.invalid, of: store) { _ = try await memories.batch([good, operation], for: owner) }
    }
    let long = MemoryName(String(repeating: "k", count: 1_025), in: try MemoryNamespace(["users"]))
    await expectRefusal(.invalid, of: store) { try await memories.put([:], as: long, for: owner) }
    for labels in [[""], ["a.b"], ["a\u{0}"]] {
      #expect(throws: StoreError.self) { try MemoryNamespace(labels) }
    }
    try await store.close()
  }

  @Test func requestsAreReadAsLangGraphSendsThem() async throws {
    let requests: [JSONObject] = [
      ["op": "put", "namespace": ["users", "ann"], "key": "food", "value": ["likes": "soup"], "ttl": 5.5],
      ["op": "get", "namespace": ["users", "ann"], "key": "food"],
      ["op": "search", "namespace_prefix": ["users"], "filter": ["likes": "soup"], "limit": 3, "refresh_ttl": false],
      [
        "op": "list_namespaces", "match_conditions": [["match_type": "suffix", "path": ["*", "ann"]]], "max_depth": 1,
      ],
      ["op": "delete", "namespace": ["users", "ann"], "key": "food"],
    ]
    var answers: [JSONValue] = []
    for request in requests {
      answers += try await memories.batch([MemoryOperation(parsing: request)], for: owner).map(\.json)
    }
    let memory: JSONValue = [
      "namespace": ["users", "ann"], "key": "food", "value": ["likes": "soup"],
      "created_at": .string(time.moment.text), "updated_at": .string(time.moment.text),
    ]
    #expect(answers == [nil, memory, [memory], [["users"]], nil])
    for request in [[:], ["op": "get"], ["op": "get", "namespace": "users", "key": "a"]] as [JSONObject] {
      #expect(throws: StoreError.self) { try MemoryOperation(parsing: request) }
    }
    try await store.close()
  }
}
