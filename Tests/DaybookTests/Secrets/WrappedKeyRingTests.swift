import Sodium
import TestSupport
import Testing

@testable import Daybook
@testable import Documents

/// Bundles and wrapped rings: the passphrase opens them, and nothing else does.
@Suite struct WrappedKeyRingTests {
  private let passphrase = Array("correct horse battery staple".utf8)

  private func wrapped(_ ring: KeyRing) throws -> WrappedKeyRing {
    try PassphraseKey(passphrase, storeID: ring.storeID, cost: .least).wrap(ring)
  }

  private func open(_ bytes: [UInt8], _ passphrase: [UInt8]? = nil) throws -> KeyRing {
    try KeyBundle.open(bytes, passphrase ?? self.passphrase, for: thisStore)
  }

  @Test func aBundleOpensToTheRingItWasMadeOf() throws {
    var ring = try KeyRing.fresh(storeID: thisStore, created: "1")
    ring.begin(try DataKey(created: "2", state: .active, secret: .random()))
    let bytes = try wrapped(ring).fileBytes
    #expect(try open(bytes).fileBytes == ring.fileBytes)
    #expect(try wrapped(ring).fileBytes != bytes, "each has a salt and a nonce of its own")
  }

  @Test func noKeyStandsInABundle() throws {
    let ring = try KeyRing.fresh(storeID: thisStore, created: "1")
    let text = String(decoding: try wrapped(ring).fileBytes, as: UTF8.self)
    let secret = String(decoding: Base64URL.encode(ring.keys[0].secret.exportedBytes()), as: UTF8.self)
    #expect(!text.contains(secret))
    #expect(!text.contains("\(ring.keys[0].id)"))
  }

  @Test func anotherPassphraseIsToldApartFromAnotherStore() throws {
    let bytes = try wrapped(KeyRing.fresh(storeID: thisStore, created: "")).fileBytes
    for other in ["", "correct horse battery stapl", "correct horse battery staple ", "Correct horse battery staple"] {
      #expect(storeError { _ = try open(bytes, Array(other.utf8)) }?.code == .keyMissing)
    }
    let foreign = try wrapped(KeyRing.fresh(storeID: "other-store", created: "")).fileBytes
    #expect(storeError { _ = try open(foreign) }?.code == .refused)
  }

  /// A changed head must not open either, such as one that claims another store or a cheaper key.
  @Test func noBundleOpensWithAnyBitOfItTurned() throws {
    let ring = try KeyRing.fresh(storeID: thisStore, created: "2026-11-21T07:00:00Z")
    let bytes = try wrapped(ring).fileBytes
    for byte in bytes.indices {
      let error = storeError { _ = try open(flip(byte * 8 + byte % 8, of: bytes)) }
      #expect([.invalid, .refused, .keyMissing, .newerFormat].contains(error?.code), "byte \(byte): \(error as Any)")
    }
  }

  @Test func noPieceOfABundleOpens() throws {
    let bytes = try wrapped(KeyRing.fresh(storeID: thisStore, created: "")).fileBytes
    // The last byte is the line end, which says nothing.
    for length in 0..<bytes.count - 1 {
      #expect(storeError { _ = try open(Array(bytes.prefix(length))) }?.code == .invalid, "\(length) bytes")
    }
  }

  @Test func aCostOutOfBoundsIsRefusedBeforeAnyWork() throws {
    let text = String(decoding: try wrapped(KeyRing.fresh(storeID: thisStore, created: "")).fileBytes, as: UTF8.self)
    for (old, new) in [
      ("\"memory\": 8192", "\"memory\": 8191"), ("\"memory\": 8192", "\"memory\": 1073741825"),
      ("\"passes\": 1", "\"passes\": 0"), ("\"passes\": 1", "\"passes\": 17"), ("\"passes\": 1", "\"passes\": -1"),
    ] {
      #expect(text.contains(old))
      let error = storeError { _ = try open(Array(text.replacing(old, with: new).utf8)) }
      #expect(error?.code == .invalid, "\(new)")
    }
  }

  @Test func aRingInClearIsNoBundle() throws {
    #expect(storeError { _ = try open(KeyRing.fresh(storeID: thisStore, created: "").fileBytes) }?.code == .invalid)
  }

  @Test func aShortPassphraseIsRefused() throws {
    let error = storeError {
      _ = try PassphraseKey.made(from: Array("eleven byte".utf8), storeID: thisStore, cost: .least)
    }
    #expect(error?.code == .refused)
  }
}
