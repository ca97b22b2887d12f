import Documents
import Foundation
import TestSupport
import Testing

@testable import Daybook

/// A process that dies in the middle of a sync: the next one comes to its end, and both sides hold everything.
@Suite(.timeLimit(.minutes(20))) struct SyncCrashTests {
  @Test func aKillAtAnyStepOfASyncLosesNothing() async throws {
    let machines = try await SyncedMachines(2)
    let stores = try machines.clones.map { try $0.open() }
    try stores[0].transactionBlocking { try $0.put("notes/common", ["n": 0]) }
    for store in stores { try machines.sync(store) }
    for (place, store) in stores.enumerated() {
      try store.transactionBlocking { try $0.put("notes/own-\(place)", ["n": 1]) }
      try store.transactionBlocking { try $0.patch("notes/common", merging: .object(["m\(place)": 1])) }
    }
    try machines.sync(stores[1])
    for store in stores { try await store.close() }
    for step in SyncStep.allCases {
      // Its folder holds the hub as well.
      let machine = try machines.clones[0].copy()
      let hub = "\(machine.folder)/hub.git"
      try machine.git("remote", "set-url", "hub", hub)
      let outcome = try Command.outcome(
        of: CrashRun.writerPath, [machine.path, "sync", "hub", step.rawValue], environment: machine.environment)
      #expect(outcome.text == "step\n", "\(step): \(outcome.complaint)")
      let store = try machine.open()
      try machines.sync(store)
      for name in ["own-0", "own-1"] { #expect(try store.snapshot().document("notes/\(name)") != nil, "\(step)") }
      let common = try store.snapshot().document("notes/common")?.root.value
      #expect(common == ["n": 0, "m0": 1, "m1": 1], "\(step)")
      let head = try Command.run("/usr/bin/git", ["-C", hub, "rev-parse", "main"])
      #expect(head.trimmingCharacters(in: .newlines) == store.snapshot().commit?.description, "\(step)")
      try await machine.closeSoundly(store)
    }
  }
}
