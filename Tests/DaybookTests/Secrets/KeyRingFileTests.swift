import Documents
import Foundation
import Storage
import TestSupport
import Testing

@testable import Daybook

@Suite struct KeyRingFileTests {
  private let home = ["HOME": "/home/me"]
  private let path = "/home/me/.config/daybook/keys/\(thisStore).json"
  private let files = FaultyFileSystem()

  @discardableResult
  private func create(_ environment: [String: String]? = nil) throws -> KeyRing {
    try KeyRing.create(
      storeID: thisStore, created: "2026-11-21T07:00:00Z", environment: environment ?? home, fileSystem: files)
  }

  private func load(_ environment: [String: String]? = nil) throws -> KeyRing? {
    try KeyRing.load(storeID: thisStore, environment: environment ?? home, fileSystem: files)
  }

  private func put(_ bytes: [UInt8], permissions: UInt32 = 0o600) throws {
    try files.makeDirectory(parentPath(of: path))
    try files.create(path, bytes: bytes.span, permissions: permissions, durable: true)
  }

  @Test func loadsWhatItCreated() throws {
    let ring = try create()
    #expect(try load()?.fileBytes == ring.fileBytes)
    #expect(try files.status(path).map { $0.mode & 0o777 } == 0o600)
    #expect(try files.list(parentPath(of: path)) == ["\(thisStore).json"])
  }

  @Test func thereIsNoneBeforeItIsCreated() throws {
    #expect(try load() == nil)
    #expect(try load([:]) == nil)
  }

  @Test func theEnvironmentTellsWhereItIs() {
    func location(_ environment: [String: String]) -> KeyRing.Location {
      KeyRing.location(storeID: "s", environment: environment)
    }
    #expect(location(["HOME": "/h"]) == .file("/h/.config/daybook/keys/s.json"))
    #expect(location(["HOME": "/h", "XDG_CONFIG_HOME": "/x"]) == .file("/x/daybook/keys/s.json"))
    #expect(location(["HOME": "/h", "XDG_CONFIG_HOME": "x"]) == .file("/h/.config/daybook/keys/s.json"))
    #expect(location(["HOME": "/h", "XDG_CONFIG_HOME": ""]) == .file("/h/.config/daybook/keys/s.json"))
    #expect(location(["HOME": "/h", "DAYBOOK_KEYS_FILE": "/k"]) == .file("/k"))
    #expect(location(["HOME": "/h", "DAYBOOK_KEYS_FILE": "/k", "DAYBOOK_KEYS": "{}"]) == .environment)
    #expect(location([:]) == .nowhere)
  }

  @Test func aStrangersStoreIDCannotLeadOutOfTheFolder() throws {
    for id in ["", "..", "../x", "a/b", "/etc/passwd", "a\0", "ä", "a b", String(repeating: "a", count: 65)] {
      let manifest = JSONText(formatting: ["format": 1, "store_id": .string(id)])
      let error = storeError { _ = try Manifest(parsing: manifest.bytes) }
      #expect(error?.code == .damaged, "\(id)")
    }
  }

  @Test func isTakenFromTheFileOrTextThatTheEnvironmentNames() throws {
    let ring = try create(["DAYBOOK_KEYS_FILE": "/run/ring.json"])
    #expect(try load() == nil)
    #expect(try load(["DAYBOOK_KEYS_FILE": "/run/ring.json"])?.fileBytes == ring.fileBytes)
    let text = String(decoding: ring.fileBytes, as: UTF8.self)
    #expect(try load(["DAYBOOK_KEYS": text])?.fileBytes == ring.fileBytes)
  }

  @Test func isNeverReplacedByANewOne() throws {
    let ring = try create()
    #expect(storeError { try create() }?.code == .refused)
    #expect(try load()?.fileBytes == ring.fileBytes)
  }

  @Test func cannotBeCreatedWhereThereIsNoPlace() throws {
    #expect(storeError { try create([:]) }?.code == .unavailable)
    #expect(storeError { try create(["DAYBOOK_KEYS": "{}"]) }?.code == .refused)
  }

  @Test(arguments: [0o640, 0o604, 0o660, 0o644, 0o666, 0o620, 0o610, 0o601] as [UInt32])
  func isRefusedWhenOthersMayReachIt(_ permissions: UInt32) throws {
    try put(KeyRing.fresh(storeID: thisStore, created: "").fileBytes, permissions: permissions)
    let error = storeError { _ = try load() }
    #expect(error?.code == .refused)
    #expect(error?.hint == "Run: chmod 600 '\(path)'")
  }

  @Test func ofAnotherStoreIsRefused() throws {
    try put(KeyRing.fresh(storeID: "another", created: "").fileBytes)
    let error = storeError { _ = try load() }
    #expect(error?.code == .refused)
    #expect(error?.hint?.contains("another") == true)
  }

  @Test func damageAndLaterFormatsAreToldWithThePlace() throws {
    for (text, code) in [
      ("", .damaged), ("{", .damaged), ("{}", .damaged), (#"{"format": 9}"#, .newerFormat),
    ] as [(String, StoreError.Code)] {
      let environment = ["DAYBOOK_KEYS_FILE": "/ring\(text.utf8.count).json"]
      try files.create(
        environment["DAYBOOK_KEYS_FILE"] ?? "", bytes: Array(text.utf8).span, permissions: 0o600, durable: true)
      let error = storeError { _ = try load(environment) }
      #expect(error?.code == code, "\(text)")
      #expect(error?.message.contains("/ring\(text.utf8.count).json") == true)
    }
  }

  @Test func aFolderInItsPlaceIsRefused() throws {
    try files.makeDirectory(path)
    #expect(storeError { _ = try load() }?.code == .refused)
    #expect(storeError { try create() }?.code == .refused)
  }

  @Test func isThereAfterAPowerCutOnceItWasCreated() throws {
    let ring = try create()
    let left = files.disk
    for seed in 0..<200 as Range<UInt64> {
      let after = FaultyFileSystem(disk: left)
      after.crash(seed: seed)
      let loaded = try KeyRing.load(storeID: thisStore, environment: home, fileSystem: after)
      #expect(loaded?.fileBytes == ring.fileBytes, "seed \(seed)")
    }
  }

  @Test func isWholeOrAbsentWhicheverCallFails() throws {
    try create()
    let calls = files.plan.calls.count
    #expect(calls > 8)
    for call in 0..<calls {
      for forever in [false, true] {
        let faulty = FaultyFileSystem(FaultPlan(.init(call: call, forever: forever)))
        let error = storeError {
          _ = try KeyRing.create(storeID: thisStore, created: "", environment: home, fileSystem: faulty)
        }
        #expect(error?.code == .unavailable, "call \(call)")
        for seed in 0..<20 as Range<UInt64> {
          let after = FaultyFileSystem(disk: faulty.disk)
          after.crash(seed: seed)
          let loaded = try KeyRing.load(storeID: thisStore, environment: home, fileSystem: after)
          #expect(loaded == nil || loaded?.keys.count == 1, "call \(call), seed \(seed)")
        }
      }
    }
  }

  @Test func anUnreadableFileIsAnErrorAndNotAMissingRing() throws {
    try create()
    let calls = try {
      files.plan.plan(nil); _ = try load(); return files.plan.calls.count
    }()
    for call in 0..<calls {
      files.plan.plan(.init(call: call, forever: false))
      #expect(storeError { _ = try load() }?.code == .unavailable, "call \(call)")
    }
  }

  @Test func onARealDiskOnlyTheOwnerMayReadIt() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("daybook-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (local, environment) = (LocalFileSystem(), ["HOME": folder])
    let ring = try KeyRing.create(storeID: thisStore, created: "", environment: environment, fileSystem: local)
    let path = "\(folder)/.config/daybook/keys/\(thisStore).json"
    #expect(try local.status(path).map { $0.mode & 0o777 } == 0o600)
    #expect(try local.status(parentPath(of: path)).map { $0.mode & 0o777 } == 0o700)
    #expect(
      try KeyRing.load(storeID: thisStore, environment: environment, fileSystem: local)?.fileBytes == ring.fileBytes)

    try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: path)
    let linked = ["DAYBOOK_KEYS_FILE": folder + "/link"]
    #expect(try KeyRing.load(storeID: thisStore, environment: linked, fileSystem: local)?.fileBytes == ring.fileBytes)
  }

  @Test func aLinkIsFollowedAndTheFileBehindItIsChanged() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("daybook-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder + "/data", withIntermediateDirectories: true)
    for (link, target) in [("link", "data/ring"), ("loop", "pool"), ("pool", "loop")] {
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/\(link)", withDestinationPath: target)
    }
    func file(_ name: String) -> KeyRingFile {
      KeyRingFile(
        storeID: thisStore, environment: ["DAYBOOK_KEYS_FILE": "\(folder)/\(name)"], fileSystem: LocalFileSystem())
    }
    try file("link").create(created: "")
    #expect(try LocalFileSystem().status(folder + "/link")?.kind == .symbolicLink)
    #expect(try LocalFileSystem().status(folder + "/data/ring")?.kind == .file)
    #expect(try file("link").read() != nil)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder + "/data/ring")
    #expect(storeError { _ = try file("link").read() }?.hint?.contains("data/ring") == true)
    #expect(storeError { _ = try file("loop").read() }?.code == .unavailable)
  }
}
