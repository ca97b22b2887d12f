import Daybook
import Documents
import TestSupport
import Testing

@testable import DaybookRuntime

struct ConflictModelTests {
  /// Random documents, places, values and decisions.
  private struct Draw {
    var random: RepeatableRandom

    init(seed: UInt64) { random = RepeatableRandom(seed: seed) }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
    mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }

    mutating func scalar() -> JSONValue { pick(["a", "b", "c\n", 1, 7, true, .null]) }
    mutating func list() -> JSONValue { .array((0..<below(4)).map { _ in .string(pick(["a", "b", "c", "d"])) }) }
    mutating func object(_ depth: Int = 2) -> JSONValue {
      .object(JSONObject((0..<below(3)).map { (key: "k\($0)", value: depth > 0 ? value(depth) : scalar()) }))
    }
    mutating func value(_ depth: Int = 2) -> JSONValue {
      switch below(4) {
      case 0: list()
      case 1: object(depth - 1)
      default: scalar()
      }
    }

    mutating func card() -> JSONValue {
      ["title": "one", "stars": .number(JSONNumber(below(6))), "tags": list(), "extra": ["v": value(), "w": value()]]
    }

    mutating func lost(at pointer: String) -> JSONValue? {
      if below(5) == 0 { return nil }
      return switch pointer {
      case "/title": pick(["two", 2])
      case "/stars": .number(JSONNumber(below(8)))
      case "/tags": list()
      case "": card()
      default: value()
      }
    }

    mutating func resolution() -> ConflictResolution { pick([.mine, .theirs, .both, .both, .value(value())]) }
  }

  @Test(arguments: 0..<8) func afterResolvingTheDocumentHoldsWhatWasChosenOrNothingHasChanged(seed: UInt64) async throws
  {
    let collided = try CollidedStore()
    var draw = Draw(seed: seed)
    for round in 0..<40 {
      let name = "seed \(seed), round \(round)"
      let before = draw.card()
      try await collided.put(before)
      let place = draw.pick(["/title", "/stars", "/tags", "/extra", "/extra/v", "/extra/new", ""])
      let pointer = try JSONPointer(parsing: place)
      let (lost, resolution) = (draw.lost(at: place), draw.resolution())
      let id = try await collided.collide(at: place, kept: before[pointer] ?? 0, lost: lost)
      do {
        try await collided.conflicts.resolve(id, as: resolution, for: .owner)
      } catch let error as StoreError {
        #expect(error.code == .invalid || error.code == .refused, "\(name): \(error)")
        #expect(try collided.value() == before, "\(name)")
        #expect(try collided.conflicts.conflict(id, for: .owner)["status"] == "open", "\(name)")
        continue
      }
      let after = try collided.value()
      #expect(Self.holds(after?[pointer], before[pointer], lost, resolution), "\(name)")
      if pointer != .root {
        #expect(after.map { Self.without(pointer, $0) } == Self.without(pointer, before), "\(name)")
      }
      try await collided.undo()
      #expect(try collided.value() == before, "\(name)")
      #expect(try collided.conflicts.conflict(id, for: .owner)["status"] == "open", "\(name)")
    }
    #expect(try await collided.store.check().findings == [], "seed \(seed)")
    try await collided.store.close()
  }

  private static func holds(
    _ after: JSONValue?, _ present: JSONValue?, _ lost: JSONValue?, _ resolution: ConflictResolution
  ) -> Bool {
    switch resolution {
    case .mine: after == present
    case .theirs: after == lost
    case .value(let value): after == value
    case .both:
      if let after, let present, let lost { isBoth(after, present, lost) } else { false }
    }
  }

  private static func isBoth(_ after: JSONValue, _ present: JSONValue, _ lost: JSONValue) -> Bool {
    switch (after, present, lost) {
    case (.array(let items), .array(let first), .array(let others)):
      items.starts(with: first) && Set(items) == Set(first + others)
    case (.object(let members), .object(let first), .object(let others)):
      Set(members.keys) == Set(first.keys + others.keys)
        && members.allSatisfy { key, value in
          isBoth(value, first[key] ?? others[key] ?? .null, others[key] ?? first[key] ?? .null)
        }
    case (.string(let text), .string(let first), .string(let other)) where first != other:
      text.hasPrefix(first) && text.hasSuffix(other) && text.count >= first.count + other.count
    default: after == present && after == lost
    }
  }

  private static func without(_ pointer: JSONPointer, _ value: JSONValue) -> JSONValue {
    (try? JSONPatch([.remove(pointer)]).applied(to: value)) ?? value
  }
}
