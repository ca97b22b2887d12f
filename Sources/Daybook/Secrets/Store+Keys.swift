import Documents
package import Sodium

/// How a key ring and the secrets of a store stand to each other.
public struct KeyStatus: Sendable {
  public struct Key: Sendable {
    /// 22 characters; sealed values name it.
    public let id: String
    /// `active`, `open-only`, `retired`; for one that seals values here, `missing` when the ring lacks it, and `unknown`
    /// when the ring cannot be opened.
    public let state: String
    /// When it was made, in RFC 3339; nil for a missing one.
    public let created: String?
    /// How much of the newest documents it seals. Old revisions are not counted.
    public let secrets: Int
    public let documents: Int
  }

  /// Where the ring is, or belongs.
  public let location: String
  /// Whether a passphrase keeps it.
  public let isWrapped: Bool
  /// Those of the ring in the order in which they were made, then the missing ones.
  public let keys: [Key]
  /// How many secrets stand in clear, from a time when their member was none. A rotation seals them.
  public let unsealed: Int
  /// How many claim to be sealed and are not, or were sealed by a newer version.
  public let unreadable: Int
  /// Whether a rotation has not come to its end.
  public let isRotating: Bool
  /// Why the ring cannot be used, if it cannot.
  public let problem: StoreError?

  /// Whether every secret can be opened, as far as keys go.
  public var isComplete: Bool { problem == nil && unreadable == 0 && !keys.contains { $0.state == "missing" } }
}

/// What a rotation came to.
public struct KeyRotationReport: Sendable {
  /// The key that seals now; empty in a plan that would make one.
  public let key: String
  /// Whether it was made by this run; else the run went on with what another had begun.
  public let madeKey: Bool
  /// How many secrets were sealed with it.
  public var secrets = 0
  public var commits = 0
  /// Keys that no document uses any more.
  public var retired: [String] = []
  /// How many secrets are still under other keys, since this machine cannot open them or their document refuses.
  public var left = 0
  /// Why documents refused, the first few.
  public var refusals: [StoreError] = []
}

extension Store {
  /// Says which keys there are, and what each seals. Reads every document that may hold a secret.
  public func keyStatus() async throws -> KeyStatus {
    try await Blocking.run {
      let uses = try self.snapshot().keyUses()
      return KeyStatus(Result { () throws(StoreError) in try self.keys.ring() }, uses, self.keys)
    }
  }

  /// Gives the store a new key and seals every secret with it, or goes on where an earlier run ended.
  ///
  /// The old keys stay in the ring, since old revisions are sealed with them.
  /// - Parameters:
  ///   - beginsRing: Makes a ring when this machine has none: for a store whose keys are lost. What they sealed stays closed.
  ///   - onProgress: Told how many secrets are sealed again, of how many.
  /// - Throws: `.keyMissing` without a ring or its passphrase, `.refused` when it is not in a file of this machine.
  public func rotateKeys(
    beginningRing beginsRing: Bool = false, onProgress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws -> KeyRotationReport {
    try await Blocking.run { try KeyRotation(store: self, beginsRing: beginsRing, onProgress: onProgress).run() }
  }

  /// What `rotateKeys` would do, without writing anything.
  public func planKeyRotation(beginningRing beginsRing: Bool = false) async throws -> KeyRotationReport {
    try await Blocking.run { try KeyRotation(store: self, beginsRing: beginsRing, onProgress: { _, _ in }).plan() }
  }

  /// The key ring as a bundle that only the passphrase opens: for a backup, or for another machine. It is text.
  ///
  /// - Parameter passphrase: At least `Limits.shortestPassphraseBytes`; it should go another way than the bundle. The
  ///   caller wipes it.
  public func exportKeys(passphrase: [UInt8]) async throws -> [UInt8] {
    try await exportKeys(passphrase: passphrase, cost: .moderate)
  }

  package func exportKeys(passphrase: [UInt8], cost: PasswordHash.Cost) async throws -> [UInt8] {
    try await Blocking.run {
      guard let ring = try self.keys.ring() else { throw self.keys.file.isMissing }
      let key = try PassphraseKey.made(from: passphrase, storeID: ring.storeID, cost: cost)
      return try key.wrap(ring).fileBytes
    }
  }

  /// Takes in the keys of a bundle, beside those that are there. Nothing is taken away.
  ///
  /// - Returns: The ids of the keys that are new here.
  /// - Throws: `.invalid` for what is no bundle, `.refused` for another store's, `.keyMissing` for a wrong passphrase.
  @discardableResult
  public func importKeys(_ bundle: [UInt8], passphrase: [UInt8]) async throws -> [String] {
    try await Blocking.run {
      let incoming = try KeyBundle.open(bundle, passphrase, for: self.parts.manifest.storeID)
      var known: Set<KeyID> = []
      let ring = try self.keys.update { ring throws(StoreError) in
        known = Set(ring?.keys.map(\.id) ?? [])
        guard known.union(incoming.keys.map(\.id)).count <= KeyRing.mostKeys else {
          throw StoreError(.limit, "Together the rings would have more than \(KeyRing.mostKeys) keys.")
        }
        if ring == nil { ring = incoming } else { ring?.merge(incoming) }
      }
      return ring.keys.map(\.id).filter { !known.contains($0) }.map { "\($0)" }
    }
  }

  /// Lets a passphrase keep the key ring in its file; nil takes the wrapping off.
  ///
  /// From then on whoever opens the store is asked for it when a secret is needed; see `StoreOptions.askPassphrase`.
  public func wrapKeys(passphrase: [UInt8]?) async throws {
    try await wrapKeys(passphrase: passphrase, cost: .moderate)
  }

  package func wrapKeys(passphrase: [UInt8]?, cost: PasswordHash.Cost) async throws {
    try await Blocking.run { try self.keys.wrap(with: passphrase, cost: cost) }
  }

  private var keys: SharedKeyRing { parts.sealer.keys }
}

/// A wrapped ring that came from elsewhere.
enum KeyBundle {
  static func open(
    _ bytes: [UInt8], _ passphrase: [UInt8], for storeID: String
  ) throws(StoreError) -> KeyRing {
    let wrapped: WrappedKeyRing
    do throws(KeyRingError) {
      guard bytes.count <= KeyRingFile.largestBytes else { throw .damaged("it is too long") }
      guard case .wrapped(let found) = try KeyRingFile.Content(parsing: bytes) else {
        throw .damaged("it is not wrapped by a passphrase")
      }
      wrapped = found
    } catch {
      throw switch error {
      case .newerFormat:
        StoreError(.newerFormat, "The bundle was made by a newer version of Daybook.", hint: "Update Daybook.")
      case .damaged(let reason):
        StoreError(.invalid, "This is not a bundle of keys: \(reason).", hint: "`daybook keys export` makes one.")
      }
    }
    guard wrapped.head.storeID == storeID else {
      throw StoreError(
        .refused, "The bundle belongs to another store.",
        hint: "It is for the store \(wrapped.head.storeID); this one is \(storeID).")
    }
    return try wrapped.opened(with: passphrase, "the bundle").0
  }
}

extension KeyStatus {
  init(_ ring: Result<KeyRing?, StoreError>, _ uses: KeyUses, _ shared: SharedKeyRing) {
    let known = ((try? ring.get()) ?? nil)?.keys ?? []
    let others = uses.counts.keys.compactMap(\.self).filter { id in !known.contains { $0.id == id } }
    let absence = if case .success = ring { "missing" } else { "unknown" }
    func key(_ id: KeyID, _ state: String, _ created: String?) -> Key {
      Key(
        id: "\(id)", state: state, created: created, secrets: uses[id].secrets, documents: uses[id].documents)
    }
    keys =
      known.map { key($0.id, $0.state.rawValue, $0.created) }
      + others.sorted { "\($0)" < "\($1)" }.map { key($0, absence, nil) }
    location = "\(shared.file.location)"
    isWrapped = shared.isWrapped
    unsealed = uses[nil].secrets
    unreadable = uses.unreadable.secrets
    isRotating = known.contains { $0.state == .openOnly }
    problem = shared.problem
  }
}
