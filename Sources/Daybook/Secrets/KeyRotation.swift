import Documents
import Sodium

/// Gives a store a new key and seals its secrets again with it.
///
/// ```
/// new key in the ring, durably ─▶ bounded commits of resealed documents ─▶ older keys that nothing uses are retired
/// ```
///
/// It may be killed anywhere: while the ring has an open-only key, the next run goes on instead of making another key, and
/// what is left to do shows in the documents. The commits are ordinary ones, made while others write. Old revisions keep
/// what they hold: whoever got hold of an old key reads them still, so the secrets themselves should be changed too.
struct KeyRotation {
  let store: Store
  /// Whether to begin a ring where there is none: what other keys sealed stays closed.
  let beginsRing: Bool
  /// Told how many secrets are sealed again, of how many.
  let onProgress: @Sendable (Int, Int) -> Void

  private var keys: SharedKeyRing { store.parts.sealer.keys }

  func run() throws -> KeyRotationReport {
    let (ring, began) = try beginOrGoOn()
    guard let active = ring.active else { throw keys.file.isMissing }
    let total = try store.snapshot().keyUses().others(than: active.id).secrets
    onProgress(0, total)
    let (commits, refusals) = try reseal(active.id, total)
    let (uses, retired) = try retire()
    let left = uses.others(than: active.id)
    return KeyRotationReport(
      key: "\(active.id)", madeKey: began, secrets: max(0, total - left.secrets), commits: commits,
      retired: retired.map { "\($0)" }, left: left.secrets + uses.unreadable.secrets, refusals: refusals)
  }

  /// What `run` would do.
  func plan() throws -> KeyRotationReport {
    guard let ring = try keys.ring() ?? newRing else { throw keys.file.isMissing }
    let uses = try store.snapshot().keyUses()
    let isNew = ring.needsKey
    let toSeal = uses.counts.filter { key, _ in
      if let key { ring[key] != nil && (isNew || key != ring.active?.id) } else { true }
    }
    let secrets = toSeal.values.reduce(0) { $0 + $1.secrets }
    let all = uses.others(than: isNew ? nil : ring.active?.id).secrets + (isNew ? uses[nil].secrets : 0)
    return KeyRotationReport(
      key: isNew ? "" : ring.active.map { "\($0.id)" } ?? "", madeKey: isNew, secrets: secrets,
      left: all - secrets + uses.unreadable.secrets)
  }

  private var newRing: KeyRing? { beginsRing ? KeyRing(storeID: keys.file.storeID, keys: []) : nil }

  private func beginOrGoOn() throws(StoreError) -> (KeyRing, began: Bool) {
    var began = false
    let ring = try keys.update { ring throws(StoreError) in
      guard var changed = ring ?? newRing else { throw keys.file.isMissing }
      if changed.needsKey {
        changed.begin(try DataKey.made(at: Timestamp(milliseconds: Clock.system.milliseconds()).text, for: changed))
        began = true
      }
      ring = changed
    }
    store.parts.options.onStep(.keyRingWritten)
    return (ring, began)
  }

  // MARK: Resealing

  private func reseal(_ key: KeyID, _ total: Int) throws -> (commits: Int, refusals: [StoreError]) {
    var batch = Batch()
    var (done, commits) = (0, 0)
    var refusals: [StoreError] = []
    func commit() throws {
      defer { batch = Batch() }
      commits += try self.commit(batch.addresses, key, &refusals)
      done += batch.secrets
      onProgress(min(done, total), total)
    }
    // The snapshot was taken after the new key was there: whoever writes later seals with that one already.
    try store.snapshot().forEachDocumentWithSecrets { document, members throws(StoreError) in
      let older = members.count { SecretState(of: $0.node).needsSealing(with: key) }
      guard older > 0 else { return }
      batch.add(document, secrets: older)
      guard batch.isFull else { return }
      do { try commit() } catch { throw StoreError.unexpected(error) }
    }
    try commit()
    return (commits, refusals)
  }

  /// Seals documents again in one commit, or, when one of them refuses, each in its own.
  private func commit(_ addresses: [String], _ key: KeyID, _ refusals: inout [StoreError]) throws -> Int {
    if addresses.isEmpty { return 0 }
    let subject = addresses.count == 1 ? addresses[0] : "\(addresses.count) documents"
    do {
      let receipt = try store.transactionBlocking(
        author: .store, message: "secrets sealed with the key \(key.short): \(subject)", origin: .rotation,
        durability: .durable
      ) { transaction in
        for address in addresses { try transaction.reseal(address) }
      }
      store.parts.options.onStep(.resealed)
      return receipt.changed ? 1 : 0
    } catch let error as StoreError where error.code == .conflict || error.code == .limit {
      if addresses.count == 1 {
        if refusals.count < Limits.listedRefusals { refusals.append(error) }
        return 0
      }
      return try addresses.reduce(0) { try $0 + commit([$1], key, &refusals) }
    }
  }

  private struct Batch {
    var addresses: [String] = []
    var secrets = 0
    private var bytes = 0

    var isFull: Bool { addresses.count >= Limits.resealedDocuments || bytes >= Limits.resealedBytes }

    mutating func add(_ document: Document, secrets: Int) {
      addresses.append("\(document.address)")
      self.secrets += secrets
      bytes += document.text.bytes.count
    }
  }

  // MARK: Retiring

  private func retire() throws -> (KeyUses, retired: [KeyID]) {
    let uses = try store.snapshot().keyUses()
    let open = Set(try keys.ring()?.keys.filter { $0.state == .openOnly }.map(\.id) ?? [])
    guard open.contains(where: { uses[$0].secrets == 0 }) else { return (uses, []) }
    let ring = try keys.update { ring in ring?.retire { uses[$0].secrets > 0 } }
    store.parts.options.onStep(.keyRingWritten)
    return (uses, ring.keys.filter { $0.state == .retired && open.contains($0.id) }.map(\.id))
  }
}

extension KeyRing {
  /// Whether a rotation is to make a key, and not to finish what another has begun.
  var needsKey: Bool { active == nil || !isRotating }
}

extension DataKey {
  fileprivate static func made(at created: String, for ring: KeyRing) throws(StoreError) -> DataKey {
    guard ring.keys.count < KeyRing.mostKeys else {
      throw StoreError(.limit, "The key ring has \(ring.keys.count) keys, the most that it may have.")
    }
    do {
      return try DataKey(created: created, state: .active, secret: .random())
    } catch {
      throw StoreError(.unavailable, "No key could be made.", cause: error)
    }
  }
}
