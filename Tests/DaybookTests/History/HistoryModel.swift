import Daybook
import Documents
import TestSupport

/// A history that is known twice: in a store, and as a list of dictionaries, one for each sequence.
struct HistoryModel {
  /// A whole store as the model knows it.
  struct World: Equatable {
    /// Members of each document.
    var documents: [String: [String: Int]] = [:]
    /// Ids of the items of each thread's series.
    var items: [String: [String]] = [:]
    /// The sequence that set each member.
    var blame: [String: [String: UInt64]] = [:]

    static func == (one: World, other: World) -> Bool { one.documents == other.documents && one.items == other.items }
  }

  private(set) var worlds: [UInt64: World] = [:]
  /// The newest one.
  private(set) var world = World()
  private var nextItem = 0
  let store: Store
  var random: RepeatableRandom

  static let author = Author(name: "Test", email: "test@example.org")

  init(_ store: Store, seed: UInt64) {
    self.store = store
    random = RepeatableRandom(seed: seed)
    worlds[store.snapshot().sequence] = world
  }

  var sequences: [UInt64] { worlds.keys.sorted() }
  var addresses: [String] { (0..<6).flatMap { ["notes/d\($0)", "pins/d\($0)", "threads/d\($0)"] } }

  /// One random transaction of a few operations; returns its sequence, or nil when it changed nothing.
  mutating func step(author: Author = Self.author) async throws {
    var next = world
    var touched: [String: [String: Int]] = [:]
    var operations: [(inout Transaction) throws -> Void] = []
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let address = addresses[Int.random(in: 0..<addresses.count, using: &random)]
      guard touched[address] == nil else { continue }
      touched[address] = [:]
      operations += [operation(on: address, &next)]
    }
    let receipt = try await store.transaction(author: author, origin: .library) { transaction in
      for operation in operations { try operation(&transaction) }
    }
    if receipt.changed { record(next, at: receipt.sequence) }
  }

  private mutating func operation(on address: String, _ world: inout World) -> (inout Transaction) throws -> Void {
    let member = "m\(Int.random(in: 0..<4, using: &random))"
    let number = Int.random(in: 0..<5, using: &random)
    let choice = Int.random(in: 0..<10, using: &random)
    guard world.documents[address] != nil else {
      world.documents[address] = ["n": number, member: number]
      return { try $0.put(address, ["n": .number(JSONNumber(number)), member: .number(JSONNumber(number))]) }
    }
    if choice == 0 {
      world.documents[address] = nil
      world.items[address] = nil
      return { try $0.delete(address) }
    }
    if choice < 3 {
      world.documents[address]?[member] = nil
      return { try $0.patch(address, merging: .object([member: .null])) }
    }
    if choice < 7 || !address.hasPrefix("threads/") {
      world.documents[address]?[member] = number
      return { try $0.patch(address, merging: .object([member: .number(JSONNumber(number))])) }
    }
    let ids = (0..<(1 + number)).map { "e\(nextItem + $0)" }
    nextItem += ids.count
    world.items[address, default: []] += ids
    return { try $0.append(ids.map { ["id": .string($0)] }, to: "events", of: address) }
  }

  /// Takes in what a plan came to, or any other new state.
  mutating func record(_ next: World, at sequence: UInt64) {
    var next = next
    var blame: [String: [String: UInt64]] = [:]
    for (address, members) in next.documents {
      for (member, value) in members {
        let isOld = world.documents[address]?[member] == value
        blame[address, default: [:]][member] = isOld ? world.blame[address]?[member] ?? sequence : sequence
      }
    }
    next.blame = blame
    world = next
    worlds[sequence] = next
  }

  // MARK: What the store says

  static func world(of snapshot: Snapshot) throws -> World {
    try world(
      { try snapshot.query($0) }, { try snapshot.series("events", of: $0) })
  }

  static func world(of past: PastSnapshot) throws -> World {
    try world(
      { try past.query($0) }, { try past.series("events", of: $0) })
  }

  private static func world(_ query: (Query) throws -> Page, _ series: (String) throws -> [JSONValue]) throws -> World {
    var world = World()
    for collection in ["notes", "pins", "threads"] {
      for document in try query(Query(collection).limited(to: 1_000)).documents {
        let address = "\(document.address)"
        let members = document.root.members.map { ($0.key, $0.value.integer ?? -1) }
        world.documents[address] = Dictionary(uniqueKeysWithValues: members)
        guard collection == "threads" else { continue }
        let ids = try series(address).compactMap { $0["id"]?.string }
        if !ids.isEmpty { world.items[address] = ids }
      }
    }
    return world
  }
}
