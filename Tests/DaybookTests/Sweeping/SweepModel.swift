import Documents
import TestSupport
import Testing

@testable import Daybook

/// Documents that expire, known twice: in a store, and as a dictionary with the times at which things happened.
struct SweepModel {
  struct Job: Equatable {
    var at: Int64?
    var state: String
  }

  /// What is known of a document that is there.
  struct Life {
    var job: Job?
    /// How many items its series has.
    var lines = 0
    /// The times of its commits, in whole seconds.
    var lastChange: Int64
    var comeback: Int64?
  }

  let clock: TestClock
  var random: RepeatableRandom
  var store: Store
  private(set) var lives: [String: Life] = [:]
  private var deleted: Set<String> = []
  /// What each commit of a sweep took.
  private var swept: [(sequence: UInt64, lives: [String: Life])] = []

  init(_ store: Store, _ clock: TestClock, seed: UInt64) {
    (self.store, self.clock) = (store, clock)
    random = RepeatableRandom(seed: seed)
  }

  private var seconds: Int64 { clock.milliseconds / 1_000 }

  /// The oracle: the documents that are expired now, by the words of the schemas' manual.
  var expired: Set<String> {
    Set(
      lives.filter { address, life in
        let limit = clock.milliseconds - (life.job == nil ? 3_600_000 : 100_000)
        if let comeback = life.comeback, comeback * 1_000 > limit { return false }
        guard let job = life.job else { return life.lastChange * 1_000 <= limit }
        return job.state != "open" && job.at.map { $0 <= limit } ?? false
      }.keys)
  }

  // MARK: Steps

  mutating func step() async throws {
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<7: try await putJob()
    case 7..<11: try await putDraft()
    case 11..<13: try await append()
    case 13: try await delete()
    case 14..<17: clock.advance(milliseconds: .random(in: 0..<40_000, using: &random))
    case 17: clock.advance(seconds: .random(in: 0..<3_000, using: &random))
    case 18: try sweep()
    default: try await revert()
    }
  }

  private mutating func note(_ address: String, _ job: Job?, lines: Int) {
    let old = lives[address]
    let comeback = old == nil ? (deleted.contains(address) ? seconds : nil) : old?.comeback
    lives[address] = Life(job: job, lines: lines, lastChange: seconds, comeback: comeback)
  }

  private mutating func putJob() async throws {
    let address = "jobs/j\(Int.random(in: 0..<12, using: &random))"
    let job = Job(
      at: Int.random(in: 0..<8, using: &random) == 0
        ? nil : clock.milliseconds + .random(in: -150_000..<60_000, using: &random),
      state: ["open", "done", "failed"].randomElement(using: &random)!)
    var value: JSONObject = ["state": .string(job.state)]
    value["at"] = job.at.map { .string(Timestamp(milliseconds: $0).text) }
    let document = JSONValue.object(value)
    let receipt = try await store.transaction { try $0.put(address, document) }
    if receipt.changed { note(address, job, lines: 0) }
  }

  private mutating func putDraft() async throws {
    let address = "drafts/d\(Int.random(in: 0..<6, using: &random))"
    let number = Int.random(in: 0..<1_000, using: &random)
    let receipt = try await store.transaction { try $0.put(address, ["n": .number(JSONNumber(number))]) }
    if receipt.changed { note(address, nil, lines: lives[address]?.lines ?? 0) }
  }

  private mutating func append() async throws {
    guard let address = lives.keys.filter({ $0.hasPrefix("drafts") }).sorted().randomElement(using: &random) else {
      return
    }
    let items = [JSONValue](repeating: ["text": "x"], count: .random(in: 1..<6, using: &random))
    try await store.transaction { try $0.append(items, to: "lines", of: address) }
    note(address, nil, lines: (lives[address]?.lines ?? 0) + items.count)
  }

  private mutating func delete() async throws {
    guard let address = lives.keys.sorted().randomElement(using: &random) else { return }
    try await store.transaction { try $0.delete(address) }
    lives[address] = nil
    deleted.insert(address)
  }

  mutating func sweep() throws {
    let expired = expired
    #expect(try store.snapshot().expiredDocuments(at: clock.milliseconds).reduce(0) { $0 + $1.count } == expired.count)
    var all: Set<String> = []
    var walk = store.parts.sweep.begin()
    while let step = try store.parts.sweep.step(&walk) {
      let gone = try lives.filter { try store.snapshot().document($0.key) == nil }
      #expect(gone.count == step.documents)
      swept.append((store.snapshot().sequence, gone))
      for address in gone.keys { lives[address] = nil }
      all.formUnion(gone.keys)
    }
    #expect(all == expired)
    deleted.formUnion(all)
    try compare()
  }

  /// Takes a sweep back, where nobody made one of its documents anew.
  private mutating func revert() async throws {
    guard let (sequence, gone) = swept.randomElement(using: &random), gone.keys.allSatisfy({ lives[$0] == nil }) else {
      return
    }
    let plan = try store.snapshot().planRevert(of: .sequence(sequence))
    try await store.transaction { try $0.apply(plan) }
    for (address, life) in gone { note(address, life.job, lines: life.lines) }
    #expect(expired.isDisjoint(with: gone.keys))
  }

  // MARK: Comparing

  func compare() throws {
    let snapshot = store.snapshot()
    let found = try store.ids("jobs").map { "jobs/\($0)" } + store.ids("drafts").map { "drafts/\($0)" }
    #expect(Set(found) == Set(lives.keys))
    for (address, life) in lives where address.hasPrefix("drafts") {
      #expect(try snapshot.seriesCount("lines", of: address) == life.lines)
    }
  }
}
