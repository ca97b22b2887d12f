import Daybook
import Documents
import Storage
import Synchronization
import TestSupport
import Testing

/// The end of a series replaced: by a model of plain arrays, and by many at once. Segments take four items.
@Suite struct SeriesReplacingTests {
  private static let address = "threads/t"

  private func event(_ number: Int) -> JSONValue { ["id": .string("e\(number)"), "n": .number(JSONNumber(number))] }

  private func replace(
    _ store: Store, from place: Int, expecting expected: [JSONValue]? = nil, with items: [JSONValue] = []
  ) async throws {
    try await store.transaction {
      try $0.replaceItems(of: "events", in: Self.address, from: place, expecting: expected, with: items)
    }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func aSeriesBehavesLikeAnArray(seed: UInt64) async throws {
    var random = RepeatableRandom(seed: seed)
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    var store = try temporary.open()
    try await store.transaction { try $0.put(Self.address, ["n": 1]) }
    var model: [JSONValue] = []
    for step in 0..<120 {
      let new = (0..<Int.random(in: 0..<7, using: &random)).map { event(step * 10 + $0) }
      let place = Int.random(in: 0...model.count, using: &random)
      switch Int.random(in: 0..<8, using: &random) {
      case 0..<3:
        try await store.transaction { try $0.append(new, to: "events", of: Self.address) }
        model += new
      case 3..<5:
        try await replace(store, from: place, expecting: Array(model[place...]), with: new)
        model.replaceSubrange(place..., with: new)
      case 5:
        try await replace(store, from: place, with: new)
        model.replaceSubrange(place..., with: new)
      case 6:
        let wrong = Array(model[place...]) + [event(-1)]
        let error = await #expect(throws: StoreError.self) { try await replace(store, from: place, expecting: wrong) }
        #expect(error?.code == .conflict, "seed \(seed) step \(step)")
      default:
        try await store.close()
        store = try temporary.open()
      }
      #expect(try store.snapshot().series("events", of: Self.address) == model, "seed \(seed) step \(step)")
      #expect(try store.snapshot().seriesCount("events", of: Self.address) == model.count)
    }
    #expect(try await store.check().findings == [])
    try await store.close()
    try temporary.checkGit()
  }

  @Test(arguments: [-1, 3])
  func aPlaceOutsideOfTheSeriesIsAConflict(place: Int) async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await store.transaction { transaction in
      try transaction.put(Self.address, ["n": 1])
      try transaction.append([event(1), event(2)], to: "events", of: Self.address)
    }
    let error = await #expect(throws: StoreError.self) { try await replace(store, from: place, with: [event(3)]) }
    #expect(error?.code == .conflict)
    #expect(try store.snapshot().seriesCount("events", of: Self.address) == 2)
    try await store.close()
  }

  @Test func aTransactionSeesWhatItDidToTheSeriesBefore() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await store.transaction { transaction in
      try transaction.put(Self.address, ["n": 1])
      try transaction.append((0..<6).map(event), to: "events", of: Self.address)
    }
    try await store.transaction { transaction in
      try transaction.replaceItems(of: "events", in: Self.address, from: 3, with: [event(7)])
      try transaction.append([event(8), event(9)], to: "events", of: Self.address)
      try transaction.replaceItems(of: "events", in: Self.address, from: 5, expecting: [event(9)], with: [event(10)])
    }
    #expect(try store.snapshot().series("events", of: Self.address) == [0, 1, 2, 7, 8, 10].map(event))
    try await store.transaction { transaction in
      try transaction.delete(Self.address)
      try transaction.put(Self.address, ["n": 2])
      try transaction.append([event(11)], to: "events", of: Self.address)
    }
    #expect(try store.snapshot().series("events", of: Self.address) == [event(11)])
    #expect(try await store.check().findings == [])
    try await store.close()
  }

  /// The last segment is full, so that what is appended meanwhile touches none of the files that the replacing knows.
  @Test func whatWasAppendedMeanwhileIsNoPartOfTheExpectedEnd() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let isHeld = Mutex(false)
    let (started, release) = (Reply<Bool>(), Reply<Bool>())
    let store = try temporary.open { step in
      let holds = isHeld.withLock { isHeld in
        defer { isHeld = isHeld && step != .staged }
        return isHeld && step == .staged
      }
      guard holds else { return }
      started.send(true)
      _ = release.wait()
    }
    try await store.transaction { transaction in
      try transaction.put(Self.address, ["n": 1])
      try transaction.append((0..<4).map(event), to: "events", of: Self.address)
    }
    isHeld.withLock { $0 = true }
    let first = WorkerThread { _ = try? store.transactionBlocking { try $0.put("notes/first", ["n": 0]) } }
    _ = started.wait()
    let appended = Task { try await store.transaction { try $0.append([event(4)], to: "events", of: Self.address) } }
    while try store.status().waitingWrites < 1 { try await Task.sleep(for: .milliseconds(1)) }
    let replaced = Task { try await replace(store, from: 3, expecting: [event(3)]) }
    while try store.status().waitingWrites < 2 { try await Task.sleep(for: .milliseconds(1)) }
    release.send(true)
    _ = try await appended.value
    let error = await #expect(throws: StoreError.self) { try await replaced.value }
    first.join()
    #expect(error?.code == .conflict)
    #expect(try store.snapshot().series("events", of: Self.address) == (0..<5).map(event))
    try await store.close()
  }

  @Test func whatIsTakenAwayGoesBackAsOtherChangesDo() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await store.transaction { transaction in
      try transaction.put(Self.address, ["n": 1])
      try transaction.append((0..<10).map(event), to: "events", of: Self.address)
    }
    try await replace(store, from: 2, with: [event(77)])
    let plan = try store.snapshot().planRevert(of: .newest)
    try await store.transaction { try $0.apply(plan) }
    #expect(try store.snapshot().series("events", of: Self.address) == (0..<10).map(event))
    try await store.close()
  }
}
