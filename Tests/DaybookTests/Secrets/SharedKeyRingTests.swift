import Sodium
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Daybook

/// The ring of an open store and its file.
@Suite struct SharedKeyRingTests {
  private let files = FaultyFileSystem()
  private let path = "/keys/ring.json"
  private let passphrase = Array("correct horse battery staple".utf8)

  private func shared(
    _ environment: [String: String] = [:], ask: @escaping @Sendable () -> [UInt8]? = { nil }
  ) throws -> SharedKeyRing {
    let environment = environment.merging(["DAYBOOK_KEYS_FILE": path]) { given, _ in given }
    return SharedKeyRing(
      KeyRingFile(storeID: thisStore, environment: environment, fileSystem: files),
      passphrases: PassphraseSource(environment: environment, fileSystem: files, ask: ask))
  }

  private func create() throws {
    _ = try KeyRing.create(
      storeID: thisStore, created: "1", environment: ["DAYBOOK_KEYS_FILE": path], fileSystem: files)
  }

  private func addKey(to shared: SharedKeyRing, _ created: String) throws {
    let key = try DataKey(created: created, state: .active, secret: .random())
    try shared.update { $0?.begin(key) }
  }

  @Test func twoClonesOnOneMachineKeepEachOthersKeys() throws {
    try create()
    let (one, two) = (try shared(), try shared())
    try addKey(to: one, "2")
    try addKey(to: two, "3")
    #expect(try shared().ring()?.keys.map(\.created) == ["1", "2", "3"])
    #expect(try two.ring()?.keys.count == 3)
  }

  @Test func whatAnotherCloneMakesOfTheFileIsSeenWithTheNextUse() throws {
    let (one, two) = (try shared(), try shared())
    #expect(try one.ring() == nil)
    try create()
    #expect(try one.ring()?.keys.map(\.created) == ["1"])
    try addKey(to: two, "2")
    #expect(try one.ring()?.active?.created == "2")
    // Harmed, it is no reason to forget the keys.
    try files.remove(path)
    try files.create(path, bytes: Array("{".utf8).span, permissions: 0o600, durable: true)
    #expect(try one.ring()?.active?.created == "2")
  }

  @Test func aRingThatAnotherCloneWrapsStaysOpen() throws {
    try create()
    let phrase = ["DAYBOOK_KEYS_PASSPHRASE": String(decoding: passphrase, as: UTF8.self)]
    let plain = try shared()
    #expect(try plain.ring()?.keys.count == 1)
    try shared().wrap(with: passphrase, cost: .least)
    #expect(try plain.ring()?.keys.count == 1)
    // Whoever has the passphrase already is not asked again.
    let asked = Mutex(0)
    let wrapped = try shared {
      asked.withLock { $0 += 1 }
      return Array(phrase.values.joined().utf8)
    }
    #expect(try wrapped.ring()?.keys.count == 1)
    try addKey(to: try shared(phrase), "2")
    #expect(try wrapped.ring()?.active?.created == "2")
    #expect(asked.withLock(\.self) == 1)
  }

  @Test func onlyOneChangesTheFileAtATime() throws {
    try create()
    let ring = try shared()
    guard case .acquired(let lock) = try files.lock("\(path).lock", owner: "") else {
      Issue.record("the lock was taken")
      return
    }
    #expect(storeError { try addKey(to: ring, "2") }?.code == .busy)
    lock.close()
    try addKey(to: ring, "2")
    #expect(try ring.ring()?.keys.count == 2)
  }

  /// Whatever fails while a key is added, the keys that were there are there, and the new one seals only if it is on disk.
  @Test func aFailedChangeLosesNoKeyWhicheverCallFails() throws {
    try create()
    let disk = files.disk
    let calls = try {
      files.plan.plan(nil)
      try addKey(to: try shared(), "2")
      return files.plan.calls.count
    }()
    for call in 0..<calls {
      let faulty = FaultyFileSystem(disk: disk)
      let file = KeyRingFile(
        storeID: thisStore, environment: ["DAYBOOK_KEYS_FILE": path], fileSystem: faulty)
      let ring = SharedKeyRing(file, passphrases: PassphraseSource(environment: [:], fileSystem: faulty, ask: { nil }))
      faulty.plan.plan(.init(call: call, forever: true))
      let outcome = Result { try addKey(to: ring, "2") }
      for seed in 0..<10 as Range<UInt64> {
        let after = FaultyFileSystem(disk: faulty.disk)
        after.crash(seed: seed)
        let found = try KeyRing.load(
          storeID: thisStore, environment: ["DAYBOOK_KEYS_FILE": path], fileSystem: after)
        #expect(found?.keys.first?.created == "1", "call \(call), seed \(seed)")
        if case .success = outcome { #expect(found?.keys.count == 2, "call \(call), seed \(seed)") }
      }
      if case .failure = outcome { #expect((try? ring.ring())??.active?.created != "2", "call \(call)") }
    }
  }

  @Test func aWrappedRingAsksOnceAndOnlyWhenItIsNeeded() throws {
    try create()
    let before = try shared().ring()?.fileBytes
    try shared().wrap(with: passphrase, cost: .least)
    #expect(try files.status(path).map { $0.mode & 0o777 } == 0o600)
    let asked = Mutex(0)
    let ring = try shared { [passphrase] in
      asked.withLock { $0 += 1 }
      return passphrase
    }
    #expect(ring.isWrapped)
    #expect(ring.problem == nil)
    #expect(asked.withLock(\.self) == 0)
    #expect(try ring.ring()?.fileBytes == before)
    #expect(try ring.ring()?.fileBytes == before)
    #expect(asked.withLock(\.self) == 1)
  }

  @Test func aChangedRingStaysWrapped() throws {
    try create()
    let ring = try shared()
    try ring.wrap(with: passphrase, cost: .least)
    try addKey(to: ring, "2")
    let text = String(decoding: try files.read(path), as: UTF8.self)
    #expect(text.contains("\"wrapped\""))
    let phrase = String(decoding: passphrase, as: UTF8.self)
    #expect(try shared(["DAYBOOK_KEYS_PASSPHRASE": phrase]).ring()?.keys.map(\.created) == ["1", "2"])
    try ring.wrap(with: nil, cost: .least)
    #expect(try shared().ring()?.keys.map(\.created) == ["1", "2"])
  }

  @Test func servicesGiveThePassphraseInAVariableOrAFile() throws {
    try create()
    try shared().wrap(with: passphrase, cost: .least)
    try files.create("/phrase", bytes: (passphrase + [UInt8(ascii: "\n")]).span, permissions: 0o600, durable: true)
    let phrase = String(decoding: passphrase, as: UTF8.self)
    for environment in [["DAYBOOK_KEYS_PASSPHRASE": phrase], ["DAYBOOK_KEYS_PASSPHRASE_FILE": "/phrase"]] {
      #expect(try shared(environment).ring()?.keys.count == 1)
    }
    let text = String(decoding: try files.read(path), as: UTF8.self)
    let inVariable = ["DAYBOOK_KEYS": text, "DAYBOOK_KEYS_PASSPHRASE": phrase]
    #expect(try shared(inVariable).ring()?.keys.count == 1)
    #expect(storeError { try addKey(to: shared(inVariable), "2") }?.code == .refused)
  }

  @Test func aWrongOrMissingPassphraseIsToldEachTimeAndTriedOnce() throws {
    try create()
    try shared().wrap(with: passphrase, cost: .least)
    let asked = Mutex(0)
    let wrong = try shared {
      asked.withLock { $0 += 1 }
      return Array("correct horse battery stable".utf8)
    }
    for _ in 0..<3 { #expect(storeError { _ = try wrong.ring() }?.code == .keyMissing) }
    #expect(asked.withLock(\.self) == 1)
    let missing = storeError { _ = try shared().ring() }
    #expect(missing?.code == .keyMissing)
    #expect(missing?.hint?.contains("DAYBOOK_KEYS_PASSPHRASE") == true)
    let unreadable = storeError { _ = try shared(["DAYBOOK_KEYS_PASSPHRASE_FILE": "/none"]).ring() }
    #expect(unreadable?.message.contains("/none") == true)
  }

  @Test func aRingThatWasWrappedAnewMeanwhileIsNotWrittenOver() throws {
    try create()
    let ring = try shared()
    try ring.wrap(with: passphrase, cost: .least)
    let phrase = String(decoding: passphrase, as: UTF8.self)
    try shared(["DAYBOOK_KEYS_PASSPHRASE": phrase]).wrap(with: Array("another passphrase".utf8), cost: .least)
    let before = try files.read(path)
    #expect(storeError { try addKey(to: ring, "2") }?.code == .conflict)
    #expect(try files.read(path) == before)
  }
}
