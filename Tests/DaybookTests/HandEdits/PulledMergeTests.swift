import Daybook
import Documents
import TestSupport
import Testing

/// Two clones, with plain Git between them.
@Suite(.timeLimit(.minutes(20))) struct PulledMergeTests {
  private func put(_ address: String, _ number: Int, in store: Store) throws {
    try store.transactionBlocking { try $0.put(address, ["n": .number(JSONNumber(number))]) }
  }

  /// The other clone has merged ours into its own, and ours is moved ahead to that: our newest commit is the second parent.
  @Test(arguments: [true, false]) func aMergeOfAnotherClonesContinuesOurHistory(isOpen: Bool) async throws {
    let ours = try TemporaryStore(kinds: SampleKinds.all)
    var store = try ours.open()
    try put("notes/a", 0, in: store)
    try await store.close()
    let theirs = try ours.copy()
    let elsewhere = try theirs.open()
    try put("notes/b", 1, in: elsewhere)
    try await elsewhere.close()
    store = try ours.open()
    for number in 1...3 { try put("notes/a", number, in: store) }
    let before = store.snapshot()
    try await store.close()
    try theirs.git("pull", "-q", "--no-rebase", "--no-edit", ours.path, "main")

    if isOpen {
      store = try ours.openWatching()
      try await store.settle()
    }
    try ours.gitUntilItWorks("pull", "-q", "--ff-only", theirs.path, "main")
    if !isOpen { store = try ours.openWatching() }
    try await eventually { try store.snapshot().document("notes/b") != nil }
    let after = store.snapshot()
    #expect(after.sequence > before.sequence)
    #expect(try after.commit(at: .sequence(before.sequence)).commit == before.commit)
    #expect(try after.history(of: "notes/a").count == 4)
    #expect(try after.query(Query("notes").sorted(by: "/n")).documents.count == 2)
    try await expectSound(store)
    // As after a crash.
    try put("notes/c", 5, in: store)
    let crashed = try ours.copy()
    let reopened = try crashed.open()
    #expect(try reopened.snapshot().document("notes/c") != nil && reopened.snapshot().document("notes/b") != nil)
    try await crashed.closeSoundly(reopened)
    try await ours.closeSoundly(store)
    // And back again.
    try theirs.git("pull", "-q", "--no-rebase", "--no-edit", ours.path, "main")
    let there = try theirs.open()
    #expect(try there.snapshot().document("notes/c") != nil && there.snapshot().history(of: "notes/b").count == 1)
    try await theirs.closeSoundly(there)
  }

  /// Whoever pulls second finds all in one commit, and has nothing to add to it.
  @Test func clonesThatPullFromEachOtherInTurnComeToOneCommit() async throws {
    let ours = try TemporaryStore(kinds: SampleKinds.all)
    try await ours.open().close()
    let theirs = try ours.copy()
    for round in 1...4 {
      for (one, name) in [(ours, "a"), (theirs, "b")] {
        let store = try one.open()
        try put("notes/\(name)", round, in: store)
        if name == "b" { try put("notes/c", round, in: store) }
        try await one.closeSoundly(store)
      }
      var sequences: Set<UInt64> = []
      let (first, second) = round.isMultiple(of: 2) ? (ours, theirs) : (theirs, ours)
      for (one, other) in [(first, second), (second, first)] {
        try one.git("pull", "-q", "--no-rebase", "--no-edit", other.path, "main")
        let store = try one.openWatching()
        #expect(try store.snapshot().document("notes/a")?.root["n"]?.integer == round)
        #expect(try store.snapshot().document("notes/b")?.root["n"]?.integer == round)
        #expect(try store.snapshot().history(of: "notes/a").count == round)
        #expect(try store.snapshot().history(of: "notes/b").count == round)
        #expect(try store.snapshot().commit(at: .newest).sequence == store.snapshot().sequence)
        sequences.insert(store.snapshot().sequence)
        try await one.closeSoundly(store)
      }
      #expect(sequences.count == 1)
      #expect(try ours.git("rev-parse", "HEAD") == theirs.git("rev-parse", "HEAD"))
    }
  }
}
