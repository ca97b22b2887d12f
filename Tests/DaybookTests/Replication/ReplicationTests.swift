import Documents
import Foundation
import Git
import Storage
import TestSupport
import Testing

@testable import Daybook

/// Writes that wait for the hub: a folder, with stores that write to it.
@Suite(.timeLimit(.minutes(20))) struct ReplicationTests {
  /// A store whose writes are brought to the hub for as long as the body runs.
  private func replicating<Result>(
    _ stores: [Store], over machines: SyncedMachines, _ body: () async throws -> Result
  ) async throws -> Result {
    let stop = StopSignal()
    let threads = stores.map { store in
      let replicator = Replicator(
        store, with: "\(machines.name)", by: RemoteConnector(InProcessTransport(), trust: RemoteTrust()))
      return WorkerThread { replicator.run(until: stop) }
    }
    defer {
      stop.give()
      for thread in threads { thread.join() }
    }
    return try await body()
  }

  private func hubHolds(_ commit: CommitID?, _ machines: SyncedMachines) throws -> Bool {
    let commit = try #require(commit)
    return (try? Command.run("/usr/bin/git", ["-C", machines.hub, "merge-base", "--is-ancestor", "\(commit)", "main"]))
      != nil
  }

  @Test func aWriteIsAtTheHubWhenItIsAnswered() async throws {
    let machines = try await SyncedMachines(1)
    let store = try machines.clones[0].open()
    try machines.sync(store)
    try await replicating([store], over: machines) {
      for number in 1...5 {
        let receipt = try await store.transaction(durability: .replicated) {
          try $0.put("notes/a", ["n": .number(JSONNumber(number))])
        }
        #expect(try hubHolds(receipt.commit, machines))
      }
    }
    try await machines.clones[0].closeSoundly(store)
  }

  @Test func manyWritesShareAPush() async throws {
    let machines = try await SyncedMachines(1)
    let store = try machines.clones[0].open()
    try machines.sync(store)
    try await replicating([store], over: machines) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<200 {
          group.addTask {
            try await store.transaction(durability: .replicated) { try $0.put("notes/n\(number)", ["n": 1]) }
          }
        }
        try await group.waitForAll()
      }
    }
    let pushes = try Command.run(
      "/usr/bin/git", ["-C", machines.clones[0].path, "reflog", "refs/daybook/remotes/hub/main"]
    )
    .split(separator: "\n").count
    #expect(pushes < 100, "\(pushes) pushes for 200 writes")
    try await machines.clones[0].closeSoundly(store)
  }

  @Test func withoutAHubNothingIsWritten() async throws {
    let machines = try await SyncedMachines(1)
    let store = try machines.clones[0].open()
    let error = await #expect(throws: StoreError.self) {
      try await store.transaction(durability: .replicated) { try $0.put("notes/a", ["n": 1]) }
    }
    #expect(error?.code == .usage)
    #expect(try store.snapshot().document("notes/a") == nil)
    try await machines.clones[0].closeSoundly(store)
  }

  @Test func aHubThatFailsFailsTheWriteWhichGoesWithALaterSync() async throws {
    let machines = try await SyncedMachines(1)
    let store = try machines.clones[0].open()
    try machines.sync(store)
    try FileManager.default.moveItem(atPath: machines.hub, toPath: machines.hub + ".away")
    try await replicating([store], over: machines) {
      let error = await #expect(throws: StoreError.self) {
        try await store.transaction(durability: .replicated) { try $0.put("notes/a", ["n": 1]) }
      }
      #expect(error?.code == .remote)
      #expect(error?.message.contains("is on this machine's disk") == true)
    }
    #expect(try store.snapshot().document("notes/a") != nil)
    try FileManager.default.moveItem(atPath: machines.hub + ".away", toPath: machines.hub)
    try machines.sync(store)
    #expect(try machines.head == "\(try #require(store.snapshot().commit))")
    try await machines.clones[0].closeSoundly(store)
  }

  /// The other machine is quicker: what the write took for granted is over.
  @Test(arguments: [false, true])
  func aPreconditionThatTheHubBreaksFailsTheWriteAndTakesItBack(isNew: Bool) async throws {
    let machines = try await SyncedMachines(2)
    let stores = try machines.clones.map { try $0.open() }
    if !isNew { try stores[0].transactionBlocking { try $0.put("notes/a", ["n": 0]) } }
    for store in stores { try machines.sync(store) }
    let precondition = try stores[1].snapshot().revision("notes/a").map { Precondition.revision($0) } ?? .absent
    try stores[0].transactionBlocking { try $0.put("notes/a", ["theirs": 1]) }
    try machines.sync(stores[0])
    try await replicating([stores[1]], over: machines) {
      let error = await #expect(throws: StoreError.self) {
        try await stores[1].transaction(durability: .replicated) {
          try $0.put("notes/a", ["ours": 1], if: precondition)
        }
      }
      #expect(error?.code == .conflict)
      #expect(error?.cause is TakenBack)
      #expect(error?.message.contains("it was taken back") == true, "\(error?.message ?? "")")
      // One without a precondition is merged.
      try await stores[1].transaction(durability: .replicated) { try $0.patch("notes/a", merging: ["more": 2]) }
    }
    for store in stores {
      try machines.sync(store)
      #expect(try store.snapshot().document("notes/a")?.root.value == ["theirs": 1, "more": 2])
      #expect(try store.snapshot().query(Query("conflicts")).documents.isEmpty)
    }
    for (store, clone) in zip(stores, machines.clones) { try await clone.closeSoundly(store) }
  }

  /// A counter that several nodes raise, each with the revision that it has read: no round is lost, whoever wins.
  @Test func nodesThatRaiseACounterLoseNoRound() async throws {
    let machines = try await SyncedMachines(3)
    let stores = try machines.clones.map { try $0.openWatching() }
    try stores[0].transactionBlocking { try $0.put("notes/counter", ["n": 0]) }
    for store in stores { try machines.sync(store) }
    let rounds = 8
    try await replicating(stores, over: machines) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for store in stores {
          for _ in 0..<2 { group.addTask { for _ in 0..<rounds { try await Self.raise(in: store) } } }
        }
        try await group.waitForAll()
      }
    }
    for store in stores + stores { try machines.sync(store) }
    for store in stores {
      #expect(try store.snapshot().document("notes/counter")?.root["n"]?.integer == stores.count * 2 * rounds)
      #expect(try store.snapshot().query(Query("conflicts")).documents.isEmpty)
    }
    #expect(Set(stores.map { $0.snapshot().commit }).count == 1)
    for (store, clone) in zip(stores, machines.clones) { try await clone.closeSoundly(store) }
  }

  private static func raise(in store: Store) async throws {
    while true {
      let now = try #require(try store.snapshot().document("notes/counter"))
      let next = (now.root["n"]?.integer ?? 0) + 1
      do {
        try await store.transaction(durability: .replicated) {
          try $0.put("notes/counter", ["n": .number(JSONNumber(next))], if: .revision(now.revision))
        }
        return
      } catch let error as StoreError where error.code == .conflict {}
    }
  }

  @Test func closingAnswersWhoWaits() async throws {
    let machines = try await SyncedMachines(1)
    let store = try machines.clones[0].open()
    try machines.sync(store)
    store.parts.replication.begin { () throws(StoreError) in }
    let write = Task { try await store.transaction(durability: .replicated) { try $0.put("notes/a", ["n": 1]) } }
    while store.parts.replication.waiting.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    try await machines.clones[0].closeSoundly(store)
    let error = await #expect(throws: StoreError.self) { try await write.value }
    #expect(error?.code == .unavailable)
  }
}
