import Daybook
import DaybookRuntime
import Documents
import TestSupport
import Testing

/// Sessions as agent frameworks use them: against plain arrays, and by many at once.
struct SessionItemTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let sessions: Sessions

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
    sessions = Sessions(store)
  }

  private static func item(_ number: Int) -> JSONValue {
    switch number % 4 {
    case 0: ["role": "user", "content": .string("m\(number)")]
    case 1:
      [
        "id": "x", "type": "message", "role": "assistant",
        "content": [["type": "output_text", "text": .string("a\(number)")]],
      ]
    case 2: ["type": "function_call", "call_id": .string("c\(number)"), "name": "read", "arguments": "{\"n\": 1}"]
    default: ["type": "function_call_output", "call_id": .string("c\(number)"), "output": "12 items"]
    }
  }

  @Test func itemsComeBackAsTheyWereGivenAndAreReadableToPeople() async throws {
    let id = try await sessions.create(for: .ann).id
    let items =
      (0..<4).map(Self.item) + [
        try JSONText(parsing: #"{"type":"reasoning","z":1.50,"a":[],"summary":[{"type":"summary_text","text":"Hm."}]}"#)
          .root.value,
        ["role": "developer", "content": "Be brief."],
      ]
    try await sessions.add(items: items, to: id, for: .ann)
    #expect(try sessions.items(of: id, for: .ann).map(\.compactText) == items.map(\.compactText))
    let messages = try sessions.messages(of: id, for: .ann)
    #expect(
      messages.map { "\($0["role"]?.string ?? ""): \($0["content"]?.string ?? "")" } == [
        "user: m0", "assistant: a1", "assistant: read({\"n\": 1})", "tool: 12 items", "assistant: Hm.",
        "system: Be brief.",
      ])
    try await sessions.append([["role": "user", "content": "By hand"]], to: id, for: .ann)
    #expect(try sessions.items(of: id, last: 1, for: .ann) == [["role": "user", "content": "By hand"]])
    try await store.close()
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func aSessionBehavesLikeAnArray(seed: UInt64) async throws {
    var random = RepeatableRandom(seed: seed)
    let temporary = try TemporaryStore()
    var store = try temporary.open()
    let id = try await Sessions(store).create(for: .ann).id
    var model: [JSONValue] = []
    for step in 0..<100 {
      let sessions = Sessions(store)
      let new = (0..<Int.random(in: 0..<30, using: &random)).map { Self.item(step * 100 + $0) }
      switch Int.random(in: 0..<12, using: &random) {
      case 0..<4:
        try await sessions.add(items: new, to: id, for: .ann)
        model += new
      case 4..<7:
        #expect(try await sessions.popItem(of: id, for: .ann) == model.popLast(), "seed \(seed) step \(step)")
      case 7..<9:
        let expected = Array(model.suffix(Int.random(in: 0..<80, using: &random)))
        #expect(try await sessions.replaceSuffix(expected, with: new, of: id, for: .ann), "seed \(seed) step \(step)")
        model.removeLast(expected.count)
        model += new
      case 9:
        let before = store.snapshot().sequence
        let wrong = Array(model.suffix(3)) + [Self.item(-4)]
        #expect(try await !sessions.replaceSuffix(wrong, with: new, of: id, for: .ann), "seed \(seed) step \(step)")
        #expect(store.snapshot().sequence == before)
      case 10 where step % 3 == 0:
        try await sessions.clear(id, for: .ann)
        model = []
      default:
        try await store.close()
        store = try temporary.open()
      }
      #expect(try Sessions(store).items(of: id, for: .ann) == model, "seed \(seed) step \(step)")
      #expect(try Sessions(store).items(of: id, last: 5, for: .ann) == Array(model.suffix(5)))
    }
    #expect(try await store.check().findings == [])
    try await store.close()
    try temporary.checkGit()
  }

  @Test func ofManyWhoPopAtOnceEachGetsAnother() async throws {
    let id = try await sessions.create(for: .ann).id
    let items = (0..<70).map { Self.item($0 * 4) }
    try await sessions.add(items: items, to: id, for: .ann)
    let popped = try await withThrowingTaskGroup(of: [JSONValue].self) { group in
      for _ in 0..<8 {
        group.addTask {
          var popped: [JSONValue] = []
          while let item = try await sessions.popItem(of: id, for: .ann) { popped.append(item) }
          return popped
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(popped.count == 70)
    #expect(Set(popped) == Set(items))
    try await store.close()
  }

  @Test func ofManyWhoCompactTheSameEndOneDoes() async throws {
    let id = try await sessions.create(for: .ann).id
    let items = (0..<64).map { Self.item($0 * 4) }
    try await sessions.add(items: items, to: id, for: .ann)
    let winners = try await withThrowingTaskGroup(of: Int?.self) { group in
      for number in 0..<8 {
        group.addTask {
          let summary: JSONValue = ["role": "system", "content": .string("summary \(number)")]
          let isMine = try await sessions.replaceSuffix(
            Array(items.suffix(40)), with: [summary], of: id, for: .ann)
          return isMine ? number : nil
        }
      }
      return try await group.reduce(into: []) { $0 += [$1].compactMap(\.self) }
    }
    #expect(winners.count == 1)
    let expected = Array(items.prefix(24)) + [["role": "system", "content": .string("summary \(winners[0])")]]
    #expect(try sessions.items(of: id, for: .ann) == expected)
    try await store.close()
  }
}
