import Documents

/// What is written down when two changes of the same member collide: a document of the kind `conflict`, so that the value
/// that did not stay is found and can be taken back. A store without that kind has it in its history alone.
enum ConflictRecord {
  static let collection = "conflicts"

  /// - Parameter kind: The document's, for its secrets are masked: one of the sides comes from a hand or a program, and
  ///   holds them in clear. Nil for a segment, which has none.
  static func operations(
    _ merge: JSONMerge, document: String, of kind: Kind?, kept: Origin, lost: Origin, kinds: Kinds,
    makeID: () -> DocumentID
  ) throws(StoreError) -> [Operation] {
    guard let own = try? kinds.kind(of: collection) else { return [] }
    var operations: [Operation] = []
    for collision in merge.collisions {
      let secrets = kind?.secrets.compactMap { $0.below(collision.pointer) } ?? []
      func masked(_ value: JSONValue?) throws(StoreError) -> JSONValue? {
        guard let value, !secrets.isEmpty else { return value }
        return try Sealer.mask(JSONText(formatting: value), secrets: secrets).root.value
      }
      var record: JSONObject = [:]
      record["document"] = .string(document)
      record["pointer"] = .string(collision.pointer.description)
      record["base"] = try masked(collision.base)
      record["kept"] = try masked(collision.ours)
      record["lost"] = try masked(collision.theirs)
      record["kept_origin"] = .string(kept.rawValue)
      record["lost_origin"] = .string(lost.rawValue)
      record["status"] = .string("open")
      let address = DocumentAddress(collection: own.collection, id: makeID())
      operations.append(.put(address, .value(.object(record)), .absent))
    }
    return operations
  }
}
