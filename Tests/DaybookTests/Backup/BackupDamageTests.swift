import Daybook
import Documents
import Foundation
import Storage
import TestSupport
import Testing

/// Backups with something wrong, disks that fail, and places that are taken: each is told, and nothing half-made is left.
@Suite struct BackupDamageTests {
  private let fixture: BackupFixture

  init() async throws {
    fixture = try BackupFixture()
    let store = try fixture.temporary.open()
    for number in 0..<12 {
      try await store.transaction {
        try $0.put("notes/n\(number % 4)", ["n": .number(JSONNumber(number))])
        try $0.put("threads/t\(number)", ["n": 1])
        try $0.append([["id": .string("e\(number)")]], to: "events", of: "threads/t\(number)")
      }
    }
    try await store.backup(to: fixture.file)
    try await store.close()
  }

  /// How the copy of the backup is refused; nil when it is taken.
  private func code(of bytes: [UInt8]) async throws -> StoreError.Code? {
    try fixture.write(bytes, to: "copy.bundle")
    return await errorCode { _ = try await Store.verifyBackup(at: fixture.path("copy.bundle")) }
  }

  // MARK: Damage

  @Test func aFlippedBitIsFoundWhereverItIs() async throws {
    let bytes = try fixture.bytes()
    var random = RepeatableRandom(seed: 1)
    // All of the list of refs, and all around where the pack begins and ends; in between at random.
    let places =
      Array(0..<600) + Array((bytes.count - 40)..<bytes.count)
      + (0..<150).map { _ in Int.random(in: 0..<bytes.count, using: &random) }
    for place in places {
      var damaged = bytes
      damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      #expect(try await code(of: damaged) == .damaged, "byte \(place) of \(bytes.count)")
    }
    #expect(try await code(of: bytes) == nil)
  }

  @Test func aFileThatIsCutShortOrGoesOnIsDamaged() async throws {
    let bytes = try fixture.bytes()
    var random = RepeatableRandom(seed: 2)
    let counts =
      [0, 1, 15, 16, 17, bytes.count - 20, bytes.count - 1]
      + (0..<60).map { _ in Int.random(in: 0..<bytes.count, using: &random) }
    for count in counts {
      #expect(try await code(of: Array(bytes.prefix(count))) == .damaged, "\(count) of \(bytes.count)")
    }
    #expect(try await code(of: bytes + [0]) == .damaged)
    #expect(await errorCode { _ = try await Store.verifyBackup(at: fixture.path("none")) } == .notFound)
    #expect(await errorCode { _ = try await Store.verifyBackup(at: fixture.temporary.path) } == .unavailable)
  }

  @Test func aBundleOfTheStockClientIsNotTakenForABackup() async throws {
    try fixture.temporary.git("bundle", "create", "-q", fixture.path("copy.bundle"), "--all", "HEAD")
    let error = await #expect(throws: StoreError.self) {
      _ = try await Store.verifyBackup(at: fixture.path("copy.bundle"))
    }
    #expect(error?.code == .damaged && error?.hint?.contains("git clone") == true)
  }

  @Test func aDamagedBackupMakesNoStore() async throws {
    var bytes = try fixture.bytes()
    bytes[bytes.count / 2] ^= 4
    try fixture.write(bytes, to: "store.bundle")
    #expect(await errorCode { _ = try fixture.restore(to: "restored") } == .damaged)
    #expect(try fixture.names() == ["config", "store", "store.bundle"])
  }

  // MARK: Places

  @Test func onlyAnAbsentOrEmptyFolderIsTaken() async throws {
    try FileManager.default.createDirectory(atPath: fixture.path("full"), withIntermediateDirectories: true)
    try fixture.write([1], to: "full/mine")
    try fixture.write([1], to: "file")
    for name in ["full", "file", "store"] {
      #expect(await errorCode { _ = try fixture.restore(to: name) } == .refused, "\(name)")
    }
    #expect(await errorCode { _ = try fixture.restore(to: "full/..") } == .usage)
    #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.path("full")) == ["mine"])
    try FileManager.default.createDirectory(atPath: fixture.path("empty"), withIntermediateDirectories: true)
    _ = try fixture.restore(to: "empty/")
    #expect(try await !fixture.checkedRoot("empty").isEmpty)
  }

  @Test func aMissingKeyRingIsToldWithTheWayToBringIt() async throws {
    let elsewhere = ["HOME": fixture.path("elsewhere")]
    let report = try fixture.restore(to: "restored", environment: elsewhere)
    #expect(report.keyProblem?.code == .keyMissing)
    #expect(report.keyProblem?.hint?.contains("daybook keys import") == true)
    #expect(report.keyRing.hasPrefix(fixture.path("elsewhere")))
    let bytes = String(decoding: try fixture.bytes(), as: UTF8.self)
    let ring = try FileManager.default.contentsOfDirectory(atPath: fixture.path("config/daybook/keys"))
    #expect(ring.count == 1 && !bytes.contains("\"keys\""))
  }

  // MARK: Disks

  @Test(arguments: [false, true]) func aDiskThatFailsLeavesNoBackup(forever: Bool) async throws {
    let store = try fixture.temporary.open()
    let before = try fixture.bytes()
    let counting = FaultPlan()
    _ = try store.backupBlocking(to: fixture.file, replacing: true, fileSystem: FaultInjecting(counting))
    let calls = counting.calls
    #expect(calls.contains(.write) && calls.contains(.sync) && calls.contains(.rename))
    try fixture.write(before, to: "store.bundle")
    for call in 0..<calls.count {
      let plan = FaultPlan(FaultPlan.Fault(call: call, forever: forever, code: call % 2 == 0 ? 28 : 5))
      let error = await errorCode {
        _ = try store.backupBlocking(to: fixture.file, replacing: true, fileSystem: FaultInjecting(plan))
      }
      let place = "call \(call) of \(calls.count), \(calls[call])"
      #expect(error == .unavailable, "\(place)")
      // The rename is the moment: from then on the new one is there, and whole.
      if try fixture.bytes() != before {
        #expect(calls[..<call].contains(.rename), "\(place)")
        _ = try await Store.verifyBackup(at: fixture.file)
        try fixture.write(before, to: "store.bundle")
      }
      if !forever { #expect(try fixture.names() == ["config", "store", "store.bundle"], "\(place)") }
      for name in try fixture.names() where name.hasPrefix(".") {
        try FileManager.default.removeItem(atPath: fixture.path(name))
      }
    }
    try await store.close()
  }

  @Test(arguments: [false, true]) func aDiskThatFailsLeavesNoStore(forever: Bool) async throws {
    let counting = FaultPlan()
    _ = try fixture.restore(to: "restored", fileSystem: FaultInjecting(counting))
    try FileManager.default.removeItem(atPath: fixture.path("restored"))
    let calls = counting.calls
    var refused = 0
    for call in stride(from: forever ? 1 : 0, to: calls.count, by: 3) {
      let plan = FaultPlan(FaultPlan.Fault(call: call, forever: forever, code: call % 2 == 0 ? 28 : 5))
      let error = await errorCode { _ = try fixture.restore(to: "restored", fileSystem: FaultInjecting(plan)) }
      if error != nil { refused += 1 }
      let isThere = FileManager.default.fileExists(atPath: fixture.path("restored"))
      // What fails behind the rename is told; the store is whole.
      #expect(error != nil || isThere, "call \(call) of \(calls.count)")
      if isThere {
        #expect(try await !fixture.checkedRoot("restored").isEmpty, "call \(call) of \(calls.count)")
        try FileManager.default.removeItem(atPath: fixture.path("restored"))
      }
      let left = try fixture.names().filter { $0.hasPrefix(".") }
      if !forever { #expect(left == [], "call \(call) of \(calls.count)") }
      for name in left { try FileManager.default.removeItem(atPath: fixture.path(name)) }
    }
    #expect(refused > 20)
  }
}
