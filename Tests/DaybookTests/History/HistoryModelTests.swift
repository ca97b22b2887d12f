import Daybook
import Documents
import TestSupport
import Testing

/// Random histories, of which the store must say and take back what a list of dictionaries does.
@Suite struct HistoryModelTests {
  private func run(
    _ seed: UInt64, steps: Int, _ body: (inout HistoryModel, TemporaryStore) async throws -> Void
  ) async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    var model = HistoryModel(store, seed: seed)
    for _ in 0..<steps { try await model.step() }
    try await body(&model, temporary)
    #expect(try HistoryModel.world(of: store.snapshot()) == model.world, "seed \(seed)")
    let findings = try await store.check().findings
    #expect(findings == [], "seed \(seed): \(findings)")
    try await store.close()
    try temporary.checkGit()
    #expect(try temporary.git("status", "--porcelain") == "")
  }

  @Test(arguments: [11, 12] as [UInt64])
  func theStoreAtAPointIsWhatItWasThen(seed: UInt64) async throws {
    try await run(seed, steps: 80) { model, _ in
      let snapshot = model.store.snapshot()
      for sequence in model.sequences {
        let past = try snapshot.past(at: .sequence(sequence))
        #expect(try HistoryModel.world(of: past) == model.worlds[sequence], "seed \(seed) #\(sequence)")
        for address in model.addresses {
          let document = try past.document(address)
          #expect((document != nil) == (model.worlds[sequence]?.documents[address] != nil))
        }
      }
    }
  }

  @Test(arguments: [21, 22] as [UInt64])
  func aDifferenceNamesTheMembersThatDiffer(seed: UInt64) async throws {
    try await run(seed, steps: 60) { model, _ in
      let snapshot = model.store.snapshot()
      for _ in 0..<40 {
        guard let old = model.sequences.randomElement(using: &model.random),
          let new = model.sequences.randomElement(using: &model.random),
          let before = model.worlds[old], let after = model.worlds[new]
        else { continue }
        let changes = try snapshot.changes(from: .sequence(old), to: .sequence(new))
        var found: [String: Set<String>] = [:]
        for change in changes {
          guard case .document(let address) = change.subject else { continue }
          let difference = try snapshot.difference(change)
          found["\(address)"] = Set(difference.members.map { $0.pointer.tokens[0] })
          let own = try snapshot.changes(from: .sequence(old), to: .sequence(new), of: "\(address)")
          #expect(own.map(\.path) == changes.filter { $0.address == address }.map(\.path))
        }
        let expected = model.addresses.filter { before.documents[$0] != after.documents[$0] }
        #expect(Set(found.keys).isSuperset(of: expected), "seed \(seed) #\(old) #\(new)")
        for address in expected {
          guard let was = before.documents[address], let became = after.documents[address] else { continue }
          let members = Set(was.keys).union(became.keys).filter { was[$0] != became[$0] }
          #expect(found[address] == members, "seed \(seed) #\(old) #\(new) \(address)")
        }
      }
    }
  }

  @Test(arguments: [31, 32, 33] as [UInt64])
  func blameNamesTheCommitThatSetEachMember(seed: UInt64) async throws {
    try await run(seed, steps: 120) { model, _ in
      let snapshot = model.store.snapshot()
      for sequence in model.sequences.suffix(30) {
        for (address, expected) in model.worlds[sequence]?.blame ?? [:] {
          let members = try snapshot.blame(address, point: .sequence(sequence))
          let found = members.map { ($0.pointer.tokens[0], $0.commit.sequence) }
          #expect(Dictionary(uniqueKeysWithValues: found) == expected, "seed \(seed) #\(sequence) \(address)")
        }
      }
    }
  }

  @Test(arguments: [41, 42, 43] as [UInt64])
  func aRollbackLeavesTheStoreAsItWasAndCanItselfBeTakenBack(seed: UInt64) async throws {
    try await run(seed, steps: 40) { model, temporary in
      for _ in 0..<10 {
        for _ in 0..<4 { try await model.step() }
        let sequence = try #require(model.sequences.randomElement(using: &model.random))
        let plan = try model.store.snapshot().planRollback(to: .sequence(sequence))
        #expect(plan.conflicts.isEmpty)
        let receipt = try await model.store.transaction { try $0.apply(plan) }
        let world = try #require(model.worlds[sequence])
        if receipt.changed { model.record(world, at: receipt.sequence) }
        #expect(try HistoryModel.world(of: model.store.snapshot()) == world, "seed \(seed) to #\(sequence)")
        let rest = try model.store.snapshot().changes(from: .sequence(sequence), to: .newest)
        #expect(rest.map(\.path).filter { !$0.hasPrefix("schemas/") } == [], "to the byte")
      }
    }
  }

  @Test(arguments: [51, 52] as [UInt64])
  func aDocumentOrAMemberGoesBackAlone(seed: UInt64) async throws {
    try await run(seed, steps: 60) { model, _ in
      for round in 0..<40 {
        try await model.step()
        guard let sequence = model.sequences.randomElement(using: &model.random),
          let then = model.worlds[sequence],
          let address = model.addresses.randomElement(using: &model.random)
        else { continue }
        var expected = model.world
        let snapshot = model.store.snapshot()
        let plan: HistoryPlan
        if round % 2 == 0 {
          guard expected.documents[address] != nil || then.documents[address] != nil else { continue }
          plan = try snapshot.planRevert(of: address, to: .sequence(sequence))
          expected.documents[address] = then.documents[address]
          expected.items[address] = then.items[address]
        } else {
          let (was, now) = (then.documents[address], expected.documents[address])
          guard let was, let now, was["m1"] != nil || now["m1"] != nil else { continue }
          plan = try snapshot.planRevert(of: address, member: JSONPointer(["m1"]), to: .sequence(sequence))
          expected.documents[address]?["m1"] = was["m1"]
        }
        let receipt = try await model.store.transaction { try $0.apply(plan) }
        #expect(try HistoryModel.world(of: model.store.snapshot()) == expected, "seed \(seed) \(address)")
        if receipt.changed { model.record(expected, at: receipt.sequence) }
      }
    }
  }

  @Test(arguments: [61, 62, 63] as [UInt64])
  func aRevertTakesBackWhatACommitDidOrNamesWhatStandsAgainstIt(seed: UInt64) async throws {
    var (reverted, refused) = (0, 0)
    try await run(seed, steps: 40) { model, _ in
      for _ in 0..<40 {
        try await model.step()
        let sequences = model.sequences.suffix(12)
        guard let place = sequences.indices.dropFirst().randomElement(using: &model.random),
          let before = model.worlds[sequences[place - 1]], let after = model.worlds[sequences[place]]
        else { continue }
        let plan = try model.store.snapshot().planRevert(of: .sequence(sequences[place]))
        let expected = model.world.takingBack(before, after)
        #expect(plan.conflicts.isEmpty == (expected != nil), "seed \(seed) #\(sequences[place])")
        guard plan.conflicts.isEmpty, let expected else {
          refused += 1
          let error = await #expect(throws: StoreError.self) {
            try await model.store.transaction { try $0.apply(plan) }
          }
          #expect(error?.code == .conflict)
          continue
        }
        reverted += 1
        let receipt = try await model.store.transaction { try $0.apply(plan) }
        let found = try HistoryModel.world(of: model.store.snapshot())
        #expect(found == expected, "seed \(seed) #\(sequences[place]): \(found.differences(from: expected))")
        if receipt.changed { model.record(expected, at: receipt.sequence) }
      }
    }
    #expect(reverted > 0 && refused > 0, "both happen: \(reverted) and \(refused)")
  }

  @Test(arguments: [71, 72] as [UInt64])
  func undoAndRedoGoThroughAnAuthorsOperationsLikeAnEditor(seed: UInt64) async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    var store = try temporary.open()
    var random = RepeatableRandom(seed: seed)
    // The oracle: an editor's two stacks of states.
    var (value, past, future): (Int?, [Int?], [Int?]) = (nil, [], [])
    for step in 0..<120 {
      switch Int.random(in: 0..<8, using: &random) {
      case 0..<3:
        try await store.transaction { try $0.put("notes/a", ["n": .number(JSONNumber(step))]) }
        past.append(value)
        (value, future) = (step, [])
      case 3..<5:
        let plan = try? store.snapshot().planUndo(by: HistoryModel.author, origin: .library)
        #expect((plan != nil) == !past.isEmpty, "seed \(seed) step \(step)")
        guard let plan, let before = past.popLast() else { continue }
        try await store.transaction { try $0.apply(plan) }
        future.append(value)
        value = before
      case 5..<7:
        let plan = try? store.snapshot().planRedo(by: HistoryModel.author, origin: .library)
        #expect((plan != nil) == !future.isEmpty, "seed \(seed) step \(step)")
        guard let plan, let after = future.popLast() else { continue }
        try await store.transaction { try $0.apply(plan) }
        past.append(value)
        value = after
      default:
        // Others' work is nobody's to undo, and what is to be undone survives an end of the process.
        let other = Author(name: "Other", email: "other@example.org")
        try await store.transaction(author: other) { try $0.put("notes/b", ["n": .number(JSONNumber(step))]) }
        try await store.close()
        store = try temporary.open()
      }
      #expect(try store.snapshot().document("notes/a")?.root["n"]?.integer == value, "seed \(seed) step \(step)")
    }
    try await store.close()
    try temporary.checkGit()
  }
}

extension HistoryModel.World {
  /// The documents that differ, for messages.
  fileprivate func differences(from other: Self) -> [String] {
    let addresses = Set(documents.keys).union(other.documents.keys).union(items.keys).union(other.items.keys)
    return addresses.sorted().filter { documents[$0] != other.documents[$0] || items[$0] != other.items[$0] }
  }

  /// This world with what happened between two others taken back; nil when that would lose something.
  fileprivate func takingBack(_ before: Self, _ after: Self) -> Self? {
    var world = self
    for address in Set(before.documents.keys).union(after.documents.keys).union(documents.keys) {
      let (old, new, now) = (before.documents[address], after.documents[address], documents[address])
      if old != new {
        guard let members = Self.takenBack(old, new, now) else { return nil }
        world.documents[address] = members
      }
      let (oldItems, newItems) = (before.items[address] ?? [], after.items[address] ?? [])
      let added = newItems.filter { !oldItems.contains($0) }
      let removed = oldItems.filter { !newItems.contains($0) }
      // Items are numbered as they come, so their order is known.
      let kept = Set(items[address] ?? []).subtracting(added).union(removed)
      world.items[address] = kept.isEmpty ? nil : kept.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
      // Nothing appended since may go with its document, or stay without it.
      if world.documents[address] == nil, world.items[address] != nil { return nil }
    }
    return world
  }

  /// An outer nil for a conflict.
  private static func takenBack(_ old: [String: Int]?, _ new: [String: Int]?, _ now: [String: Int]?) -> [String: Int]??
  {
    if now == old { return .some(now) }
    if now == new { return .some(old) }
    guard let old, let new, var result = now else { return nil }
    for member in Set(old.keys).union(new.keys) where old[member] != new[member] && result[member] != old[member] {
      guard result[member] == new[member] else { return nil }
      result[member] = old[member]
    }
    return .some(result)
  }
}
