import Documents
import Foundation
import Git
import TestSupport
import Testing

@testable import Daybook

/// Machines that sync over a hub in a folder: everything but the network.
@Suite(.timeLimit(.minutes(20))) struct StoreSyncTests {
  private func put(_ address: String, _ value: JSONValue, in store: Store) throws {
    try store.transactionBlocking { try $0.put(address, value) }
  }

  @Test func twoMachinesComeToOneCommitAndHoldTheSameFiles() async throws {
    let machines = try await SyncedMachines(2)
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
    let machines = try await SyncedMachines(2)
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
    let machines = try await SyncedMachines(3)
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
    let machines = try await SyncedMachines(2)
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
    let machines = try await SyncedMachines(2)
    let stores = try machines.clones.map { try $0.open() }
    try put("notes/a", ["n": 1], in: stores[0])
    for store in stores { try machines.sync(store) }
    try machines.push(["notes/a.json": "{\"n\": ", "notes/b.json": "{\"n\": 7}\n"])
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
    let (machines, others) = (try await SyncedMachines(1), try await SyncedMachines(1))
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

  @Test func theStatusTellsHowFarApartTheyAreAndWhatTheLastSyncCameTo() async throws {
    let machines = try await SyncedMachines(2)
    let stores = try machines.clones.map { try $0.open() }
    #expect(try stores[0].status().remotes.map(\.name) == ["hub"])
    #expect(try stores[0].status().remotes[0].ahead == nil && stores[0].status().remotes[0].succeededAt == nil)
    for store in stores { try machines.sync(store) }
    try put("notes/a", ["n": 1], in: stores[0])
    try put("notes/b", ["n": 1], in: stores[0])
    try put("notes/c", ["n": 1], in: stores[1])
    try machines.sync(stores[1])
    _ = try machines.plan(stores[0])
    var remote = try stores[0].status().remotes[0]
    #expect(remote.ahead == 2 && remote.behind == 1 && remote.error == nil)
    let last = try #require(remote.succeededAt)
    try FileManager.default.moveItem(atPath: machines.hub, toPath: machines.hub + "-away")
    #expect(throws: StoreError.self) { try machines.sync(stores[0]) }
    remote = try stores[0].status().remotes[0]
    #expect(remote.ahead == 2 && remote.succeededAt == last && remote.triedAt ?? last >= last)
    #expect(remote.error?.contains("hub.git") == true, "\(remote.error ?? "")")
    try FileManager.default.moveItem(atPath: machines.hub + "-away", toPath: machines.hub)
    try machines.sync(stores[0])
    remote = try stores[0].status().remotes[0]
    #expect(remote.ahead == 0 && remote.behind == 0 && remote.error == nil)
    for (store, clone) in zip(stores, machines.clones) { try await clone.closeSoundly(store) }
  }
}
