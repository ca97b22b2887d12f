import Documents
import Sodium
import TestSupport
import Testing

@testable import Daybook

/// How the keys of a ring go through their states, as values.
@Suite struct KeyRingChangeTests {
  private func key(_ created: String, _ state: DataKey.State = .active) throws -> DataKey {
    try DataKey(created: created, state: state, secret: .random())
  }

  @Test func aNewKeySealsAndTheOldOneOpens() throws {
    var ring = try KeyRing.fresh(storeID: thisStore, created: "1")
    let next = try key("2")
    #expect(ring.needsKey)
    ring.begin(next)
    #expect(ring.active?.id == next.id)
    #expect(ring.keys.map(\.state) == [.openOnly, .active])
    #expect(!ring.needsKey, "the rotation that has begun is to be ended first")
  }

  @Test func onlyKeysThatNothingUsesAreRetired() throws {
    let used = try key("1", .openOnly)
    var ring = KeyRing(storeID: thisStore, keys: [used, try key("2", .openOnly), try key("3")])
    ring.retire { $0 == used.id }
    #expect(ring.keys.map(\.state) == [.openOnly, .retired, .active])
    ring.retire { _ in false }
    #expect(ring.keys.map(\.state) == [.retired, .retired, .active])
    #expect(ring.needsKey)
  }

  @Test func twoRingsThatWereRotatedApartBecomeTheSame() throws {
    let shared = try key("1", .openOnly)
    var (here, there) = (shared, shared)
    here.state = .retired
    there.state = .openOnly
    let (ours, theirs) = (try key("2"), try key("3"))
    var left = KeyRing(storeID: thisStore, keys: [here, ours])
    var right = KeyRing(storeID: thisStore, keys: [there, theirs])
    let before = right
    right.merge(left)
    left.merge(before)
    #expect(left.active?.id == theirs.id)
    for ring in [left, right] {
      #expect(ring[shared.id]?.state == .retired)
      #expect(ring[ours.id]?.state == .openOnly)
      #expect(ring[theirs.id]?.state == .active)
    }
  }

  @Test func anOldCopyOfARingChangesNothing() throws {
    let first = try key("1")
    let backup = KeyRing(storeID: thisStore, keys: [first])
    var ring = backup
    ring.begin(try key("2"))
    ring.retire { _ in false }
    let before = ring.fileBytes
    ring.merge(backup)
    #expect(ring.fileBytes == before)
  }

  /// Random rotations and merges of three machines: none ever loses a key or gets a second active one.
  @Test(arguments: 0..<30 as Range<UInt64>) func noKeyIsEverLost(seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    let first = try KeyRing.fresh(storeID: thisStore, created: "0")
    var rings = [first, first, first]
    var all: [Set<KeyID>] = Array(repeating: Set(first.keys.map(\.id)), count: 3)
    for step in 1...30 {
      let machine = Int.random(in: 0..<3, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: rings[machine].begin(try key("\(step)"))
      case 1:
        let isUsed = Bool.random(using: &random)
        rings[machine].retire { _ in isUsed }
      default:
        let other = Int.random(in: 0..<3, using: &random)
        rings[machine].merge(rings[other])
        all[machine].formUnion(all[other])
      }
      all[machine].formUnion(rings[machine].keys.map(\.id))
      #expect(KeyRing.isConsistent(rings[machine].keys), "seed \(seed), step \(step)")
      #expect(Set(rings[machine].keys.map(\.id)) == all[machine], "seed \(seed), step \(step)")
      #expect(rings[machine].active != nil, "seed \(seed), step \(step)")
    }
  }
}
