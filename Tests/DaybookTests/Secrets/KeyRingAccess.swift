import Storage
import TestSupport

@testable import Daybook

/// The key ring of a store as the tests reach for it, without an open store around it.
extension KeyRing {
  @discardableResult
  static func create(
    storeID: String, created: String, environment: [String: String], fileSystem: any FileSystem
  ) throws(StoreError) -> KeyRing {
    try KeyRingFile(storeID: storeID, environment: environment, fileSystem: fileSystem).create(created: created)
  }

  /// A ring in clear.
  static func load(
    storeID: String, environment: [String: String], fileSystem: any FileSystem
  ) throws(StoreError) -> KeyRing? {
    switch try KeyRingFile(storeID: storeID, environment: environment, fileSystem: fileSystem).read() {
    case .plain(let ring): ring
    case .wrapped, nil: nil
    }
  }

  static func location(storeID: String, environment: [String: String]) -> Location {
    Location(storeID: storeID, environment: environment)
  }
}

extension SharedKeyRing {
  /// One whose file, on no real disk, holds this ring, or nothing.
  static func holding(_ ring: KeyRing?, storeID: String) throws -> SharedKeyRing {
    let files = FaultyFileSystem()
    let file = KeyRingFile(
      storeID: storeID, environment: ["DAYBOOK_KEYS_FILE": "/ring.json"], fileSystem: files)
    if let ring {
      try files.create("/ring.json", bytes: ring.fileBytes.span, permissions: 0o600, durable: true)
    }
    return SharedKeyRing(
      file, passphrases: PassphraseSource(environment: [:], fileSystem: files, ask: { nil }))
  }
}
