import Documents
import Foundation
import Git
import TestSupport
import Testing

@testable import Daybook

/// Machines that sync over a hub in a folder: everything but the network.
@Suite(.timeLimit(.minutes(20))) struct StoreSyncTests {
  /// Clones of one store, and the hub between them.
  private struct Machines {
    let clones: [TemporaryStore]
    let hub: String
    let name: RemoteName
    private let folder: TemporaryStore

    init(_ count: Int) async throws {
      folder = try TemporaryStore(kinds: SampleKinds.all)
      try await folder.open().close()
      hub = "\(folder.folder)/hub.git"
      _ = try Command.run("/usr/bin/git", ["init", "-q", "--bare", "-b", "main", hub])
      try folder.git("remote", "add", "hub", hub)
      clones = try [folder] + (1..<count).map { [folder] _ in try folder.copy() }
      name = try RemoteName("hub")
    }

    @discardableResult
    func sync(_ store: Store) throws -> SyncReport {
      try store.syncBlocking(with: name, by: RemoteConnector(InProcessTransport(), trust: RemoteTrust()))
    }

    func plan(_ store: Store) throws -> SyncReport {
      try store.planSyncBlocking(with: name, by: RemoteConnector(InProcessTransport(), trust: RemoteTrust()))
    }

    /// What the hub holds.
    var head: String {
      get throws {
        try Command.run("/usr/bin/git", ["-C", hub, "rev-parse", "main"]).trimmingCharacters(in: .newlines)
      }
    }
  }

  private func put(_ address: String, _ value: JSONValue, in store: Store) throws {
    try store.transactionBlocking { try $0.put(address, value) }
  }

  @Test func twoMachinesComeToOneCommitAndHoldTheSameFiles() async throws {
    let machines = try await Machines(2)
    let stores = try machines.clones.map { try $0.open() }
    for round in 1...3 {
      for (place, store) in stores.enumerated() {
        try put("notes/own-\(place)", ["n": .number(JSONNumber(round))], in: store)
        try put("notes/common", ["m\(place)": .number(JSONNumber(round))], in: store)
      }
      for store in stores + stores { try machines.sync(store) }
      #expect(Set(stores.map { $0.snapshot().commit }).count == 1)
      #expect(Set(stores.map { $0.snapshot().sequence }).count == 1)
      #expect(try machines.head == "\(try #require(stores[0].snapshot().commit))")
      #expect(try machines.sync(stores[0]) == machines.sync(stores[1]))
    }
    for (store, clone) in zip(stores, machines.clones) {
      try await store.settle()
      #expect(try clone.read("notes/own-1.json") == machines.clones[0].read("notes/own-1.json"))
      #expect(try store.snapshot().document("notes/common")?.root["m0"]?.integer == 3)
      #expect(try store.snapshot().document("notes/common")?.root["m1"]?.integer == 3)
      try await clone.closeSoundly(store)
    }
  }

  @Test func whatBothChangedDifferentlyIsAConflictThatAllMachinesHave() async throws {
    let machines = try await Machines(2)
    let stores = try machines.clones.map { try $0.open() }
    try put("notes/a", ["n": 0], in: stores[0])
    for store in stores { try machines.sync(store) }
    for (place, store) in stores.enumerated() { try put("notes/a", ["n": .number(JSONNumber(place + 1))], in: store) }
    try machines.sync(stores[0])
    let planned = try machines.plan(stores[1])
    #expect(planned.conflicts.count == 1 && planned.received == 1 && planned.sent == 1)
    #expect(try stores[1].snapshot().query(Query("conflicts")).documents.isEmpty)
    let report = try machines.sync(stores[1])
    #expect(report.conflicts == planned.conflicts)
    try machines.sync(stores[0])
    let kept = try stores.map { try $0.snapshot().document("notes/a")?.root["n"]?.integer }
    #expect(kept[0] == kept[1])
    for store in stores {
      let record = try #require(try store.snapshot().query(Query("conflicts")).documents.first)
      #expect(Set([record.root["kept"]?.integer, record.root["lost"]?.integer]) == [1, 2])
      #expect(record.root["kept"]?.integer == kept[0])
    }
    for (store, clone) in zip(stores, machines.clones) { try await clone.closeSoundly(store) }
  }

  /// Each machine writes all the time, and syncs when it likes.
  @Test func whatIsWrittenDuringASyncIsKept() async throws {
    let machines = try await Machines(3)
    let stores = try machines.clones.map { try $0.openWatching() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (place, store) in stores.enumerated() {
        group.addTask {
          for number in 0..<60 {
            try await store.transaction { try $0.put("notes/w\(place)-\(number)", ["n": .number(JSONNumber(number))]) }
          }
        }
        group.addTask {
          for _ in 0..<6 {
            // Others may be quicker as often as they like.
            do { try machines.sync(store) } catch let error as StoreError where error.code == .busy {}
          }
        }
      }
      try await group.waitForAll()
    }
    for store in stores + stores { try machines.sync(store) }
    #expect(Set(stores.map { $0.snapshot().commit }).count == 1)
    for (store, clone) in zip(stores, machines.clones) {
      for place in stores.indices {
        for number in 0..<60 {
          #expect(try store.snapshot().document("notes/w\(place)-\(number)")?.root["n"]?.integer == number)
        }
      }
      try await clone.closeSoundly(store)
    }
  }

  @Test func anEditThatWasNotTakenInYetIsJoinedWithWhatComes() async throws {
    let machines = try await Machines(2)
    let stores = try machines.clones.map { try $0.open() }
    try put("notes/a", ["title": "one", "n": 0], in: stores[0])
    for store in stores { try machines.sync(store) }
    try await stores[1].settle()
    try put("notes/a", ["title": "two", "n": 0], in: stores[0])
    try machines.sync(stores[0])
    try machines.clones[1].write(#"{"title": "one", "n": 5}"#, to: "notes/a.json")
    try machines.sync(stores[1])
    try await stores[1].settle()
    try await stores[1].takeInHandEdits()
    for store in [stores[1], stores[0]] { try machines.sync(store) }
    for (store, clone) in zip(stores, machines.clones) {
      let note = try #require(try store.snapshot().document("notes/a")).root
      #expect(note["title"]?.string == "two" && note["n"]?.integer == 5)
      try await clone.closeSoundly(store)
    }
  }

  @Test func whatPlainGitPushedThatIsInvalidIsPutRight() async throws {
    let machines = try await Machines(2)
    let stores = try machines.clones.map { try $0.open() }
    try put("notes/a", ["n": 1], in: stores[0])
    for store in stores { try machines.sync(store) }
    let person = machines.clones[0].folder + "/person"
    _ = try Command.run("/usr/bin/git", ["clone", "-q", machines.hub, person])
    try Data("{\"n\": ".utf8).write(to: URL(filePath: "\(person)/notes/a.json"))
    try Data("{\"n\": 7}\n".utf8).write(to: URL(filePath: "\(person)/notes/b.json"))
    for arguments in [["add", "."], ["commit", "-qm", "by hand"], ["push", "-q"]] {
      _ = try Command.run(
        "/usr/bin/git", ["-C", person, "-c", "user.name=P", "-c", "user.email=p@example.org"] + arguments)
    }
    for store in stores + stores { try machines.sync(store) }
    #expect(Set(stores.map { $0.snapshot().commit }).count == 1)
    for (store, clone) in zip(stores, machines.clones) {
      #expect(try store.snapshot().document("notes/a")?.root["n"]?.integer == 1)
      #expect(try store.snapshot().document("notes/b")?.root["n"]?.integer == 7)
      try await store.settle()
      #expect(try clone.read("notes/a.json").contains("1"))
      try await clone.closeSoundly(store)
    }
  }

  @Test func aStoreOfAnotherOriginIsRefusedAndNothingChanges() async throws {
    let (machines, others) = (try await Machines(1), try await Machines(1))
    let (store, other) = (try machines.clones[0].open(), try others.clones[0].open())
    try machines.sync(store)
    try others.clones[0].git("remote", "set-url", "hub", machines.hub)
    let before = other.snapshot().commit
    let error = #expect(throws: StoreError.self) { try others.sync(other) }
    #expect(error?.code == .refused)
    #expect(other.snapshot().commit == before)
    #expect(try machines.head == "\(try #require(store.snapshot().commit))")
    try await machines.clones[0].closeSoundly(store)
    try await others.clones[0].closeSoundly(other)
  }
}
