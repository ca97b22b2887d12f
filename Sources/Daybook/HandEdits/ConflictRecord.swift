import Documents

/// What is written down when two changes of the same member collide: a document of the kind `conflict`, so that the value
/// that did not stay is found and can be taken back. A store without that kind has it in its history alone.
enum ConflictRecord {
  static let collection = "conflicts"

  static func operations(
    _ merge: JSONMerge, document: String, kept: Origin, lost: Origin, kinds: Kinds,
    makeID: () -> DocumentID
  ) -> [Operation] {
    guard let kind = try? kinds.kind(of: collection) else { return [] }
    return merge.collisions.map { collision in
      var record: JSONObject = [:]
      record["document"] = .string(document)
      record["pointer"] = .string(collision.pointer.description)
      record["base"] = collision.base
      record["kept"] = collision.ours
      record["lost"] = collision.theirs
      record["kept_origin"] = .string(kept.rawValue)
      record["lost_origin"] = .string(lost.rawValue)
      record["status"] = .string("open")
      return .put(
        DocumentAddress(collection: kind.collection, id: makeID()), .value(.object(record)), .absent)
    }
  }
}
