package import Documents

/// What is written down when two changes of the same member collide: a document of the kind `conflict`, so that the value
/// that did not stay is found and can be taken back. A store without that kind has it in its history alone.
enum ConflictRecord {
  static let collection = "conflicts"

  /// - Parameter kind: The document's, for its secrets are masked: one of the sides comes from a hand or a program, and
  ///   holds them in clear. Nil for a segment, which has none.
  static func operations(
    _ merge: JSONMerge, document: String, of kind: Kind?, ours: Origin, theirs: Origin, kinds: Kinds,
    makeID: () -> DocumentID
  ) throws(StoreError) -> [Operation] {
    guard let own = try? kinds.kind(of: collection) else { return [] }
    var operations: [Operation] = []
    for collision in merge.collisions {
      var record = try record(of: collision, at: collision.pointer, in: document, of: kind, showsSealed: false)
      let (kept, lost) = collision.keptSide == .first ? (ours, theirs) : (theirs, ours)
      record["kept_origin"] = .string(kept.rawValue)
      record["lost_origin"] = .string(lost.rawValue)
      let address = DocumentAddress(collection: own.collection, id: makeID())
      operations.append(.put(address, .value(.object(record)), .absent))
    }
    return operations
  }

  /// - Parameter showsSealed: Whether what is sealed stays as it is, where nothing is in clear. It opens in its own place
  ///   only, so it is safe elsewhere, and can be put back.
  static func record(
    of collision: JSONMerge.Collision, at pointer: JSONPointer, in document: String, of kind: Kind?, showsSealed: Bool
  ) throws(StoreError) -> JSONObject {
    let secrets = kind?.secrets.compactMap { $0.below(collision.pointer) } ?? []
    func masked(_ value: JSONValue?) throws(StoreError) -> JSONValue? {
      guard let value, !secrets.isEmpty else { return value }
      let text = JSONText(formatting: value)
      if showsSealed, text.secretMembers(at: secrets).allSatisfy({ $0.node.isSealed }) { return value }
      return try Sealer.mask(text, secrets: secrets).root.value
    }
    var record: JSONObject = [:]
    record["document"] = .string(document)
    record["pointer"] = .string(pointer.description)
    record["base"] = try masked(collision.base)
    record["kept"] = try masked(collision.kept)
    record["lost"] = try masked(collision.lost)
    record["status"] = .string("open")
    return record
  }
}

extension Snapshot {
  /// The document that a conflict is about, by the name that it has there; nil for another file, which has its path.
  package func document(ofConflict name: String) -> DocumentAddress? {
    guard StoreLayout.place(of: name, kinds) == .other else { return nil }
    return try? kinds.address(name)
  }

  /// How many conflicts a person still has to decide; none in a store without the kind.
  func openConflicts() throws(StoreError) -> Int {
    guard kinds.kind(ifKnown: ConflictRecord.collection) != nil else { return 0 }
    return try addresses(Query(ConflictRecord.collection).where("/status", .equals("open"))).count
  }
}

extension JSONNode {
  fileprivate var isSealed: Bool { kind == .null || string.map(Envelope.isClaimed) ?? false }
}
