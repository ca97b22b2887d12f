import Daybook
import Documents
import TestSupport
import Testing

@testable import DaybookRuntime

/// Random batches on memories in a store and on the oracle, while time goes by: they agree, also after closing and
/// opening.
@Suite struct MemoryModelTests {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func memoriesInAStoreBehaveLikeThoseInADictionary(seed: UInt64) async throws {
    let temporary = try TemporaryStore()
    var store = try temporary.open()
    var run = MemoryRun(seed: seed)
    for step in 0..<240 {
      try await run.step(on: store, "seed \(seed) step \(step)")
      guard step % 60 == 59 else { continue }
      try await store.close()
      store = try temporary.open()
    }
    #expect(try await store.check().findings == [], "seed \(seed)")
    try await store.close()
  }
}

private struct MemoryRun {
  private let time = TestTime()
  private var model = MemoryModel()
  private var random: RepeatableRandom
  private let caller = Caller.owner(Author(name: "Test", email: "test@example.org"))

  private static let long = String(repeating: "a-long-label-", count: 12)
  private static let namespaces = [
    ["users"], ["users", "ann"], ["users", "anna"], ["users", "ann", "food"], ["docs"], ["docs-2", "é"],
    [long, "x"], [long, "y"],
  ]

  init(seed: UInt64) { random = RepeatableRandom(seed: seed) }

  mutating func step(on store: Store, _ place: String) async throws {
    time.advance(seconds: Int64.random(in: 1...90, using: &random))
    model.moment = time.moment.milliseconds
    let operations = try (0..<Int.random(in: 1...4, using: &random)).map { _ in try operation() }
    let results = try await Memories(store) { [time] in time.moment }.batch(operations, for: caller)
    #expect(results.count == operations.count, "\(place)")
    // All reads see the state before the batch, so the oracle writes when all are compared.
    var read: [MemoryModel.Name] = []
    for (operation, result) in zip(operations, results) {
      read += try compare(result, with: operation, Comment(rawValue: place))
    }
    for name in read { model.refresh(name) }
    var put: Set<MemoryModel.Name> = []
    for case .put(let name, let value, let minutes) in operations.reversed() where put.insert(modelName(name)).inserted
    {
      model.put(value, as: modelName(name), minutes: minutes.map { Int64($0) })
    }
  }

  private mutating func operation() throws -> MemoryOperation {
    let namespace = pick(Self.namespaces)
    let name = MemoryName(pick(["a", "b", "c/d", ""]), in: try MemoryNamespace(namespace))
    switch Int.random(in: 0..<10, using: &random) {
    case 0: return .put(name, nil, minutesToLive: nil)
    case 1..<5:
      let minutes: Double? = Bool.random(using: &random) ? Double(Int.random(in: 1...10, using: &random)) : nil
      return .put(name, ["n": .number(JSONNumber(Int.random(in: 0..<9, using: &random)))], minutesToLive: minutes)
    case 5..<7: return .get(name, refreshing: Bool.random(using: &random))
    case 7..<9:
      var search = MemorySearch(in: name.namespace.prefix(Int.random(in: 0...2, using: &random)))
      if Bool.random(using: &random) {
        search.filter = ["n": ["$gt": .number(JSONNumber(Int.random(in: 0..<9, using: &random)))]]
      }
      search.limit = Int.random(in: 0...6, using: &random)
      search.offset = Int.random(in: 0...2, using: &random)
      search.refreshing = Bool.random(using: &random)
      return .search(search)
    default:
      var list = NamespaceList()
      list.conditions = pick([[], [.begins(["users"])], [.begins(["*", "ann"])]])
      list.depth = pick([nil, 1, 2])
      list.offset = Int.random(in: 0...1, using: &random)
      return .namespaces(list)
    }
  }

  /// Compares a result and returns what was read and lives anew.
  private func compare(
    _ result: MemoryResult, with operation: MemoryOperation, _ comment: Comment
  ) throws -> [MemoryModel.Name] {
    switch (operation, result) {
    case (.get(let name, let refreshing), .memory(let memory)):
      #expect(memory?.value.object == model.alive[modelName(name)]?.value, comment)
      return refreshing ? [modelName(name)] : []
    case (.search(let search), .memories(let memories)):
      let expected = model.search(search.namespace.labels, above: search.filter["n"]?["$gt"]?.integer)
      let page = expected.dropFirst(search.offset).prefix(search.limit)
      // What was put in one batch has no order, so the times are compared, and that each one is rightly there.
      let times = memories.map { $0.document.root["updated_at"]?.string }
      #expect(times == page.map { Timestamp(milliseconds: $0.item.updated).text }, comment)
      let names = memories.map { modelName(MemoryName($0.key, in: $0.namespace)) }
      #expect(Set(names).count == names.count, comment)
      for (name, memory) in zip(names, memories) {
        let item = try #require(expected.first { $0.name == name }, comment).item
        #expect(memory.value.object == item.value, comment)
        #expect(memory.document.root["created_at"]?.string == Timestamp(milliseconds: item.created).text, comment)
      }
      return search.refreshing ? names : []
    case (.namespaces(let list), .namespaces(let namespaces)):
      let pattern = list.conditions.lazy.compactMap { if case .begins(let pattern) = $0 { pattern } else { nil } }.first
      let expected = model.namespaces(beginning: pattern ?? [], depth: list.depth).dropFirst(list.offset)
      #expect(namespaces.map(\.labels) == Array(expected), comment)
      return []
    case (.put, .done): return []
    default:
      Issue.record("an answer to another question")
      return []
    }
  }

  private func modelName(_ name: MemoryName) -> MemoryModel.Name {
    MemoryModel.Name(namespace: name.namespace.labels, key: name.key)
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }
}
