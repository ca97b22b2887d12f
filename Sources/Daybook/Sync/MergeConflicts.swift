import Documents
import Git

extension FilesMerge {
  /// New documents that tell of the collisions, the same on each machine: an id is made of the time of the merge and of what
  /// the document says. None in a store without the kind, or with one of another form: it has them in its history alone.
  mutating func conflicts() throws(GitError) -> [(path: String, content: GitObject)] {
    guard let kind = kinds.kind(ifKnown: ConflictRecord.collection) else { return [] }
    var conflicts: [(path: String, content: GitObject)] = []
    for collision in collisions {
      guard let text = record(of: collision), kind.schema.validate(text.root, maximumViolations: 1).isEmpty,
        let path = path(of: text, kind)
      else { continue }
      // One that is there already may have been resolved.
      let (_, one, other) = try versions(of: path)
      if one == nil, other == nil { conflicts.append((path, GitObject(.blob, text.bytes))) }
    }
    return conflicts
  }

  /// Without what would make it too large: the document tells what was kept, and the history what was before.
  private func record(of collision: FileCollision) -> JSONText? {
    guard
      var record = try? ConflictRecord.record(
        of: collision.collision, at: collision.pointer, in: collision.name, of: collision.kind, showsSealed: true)
    else { return nil }
    for member in ["base", "kept", "lost"] {
      let text = JSONText(formatting: .object(record))
      if text.bytes.count <= Limits.documentBytes { return text }
      record[member] = nil
    }
    return JSONText(formatting: .object(record))
  }

  private func path(of text: JSONText, _ kind: Kind) -> String? {
    let digest = ObjectID(hashing: text.bytes, as: .blob).bytes
    let id = UUIDv7.make(
      millisecondsSinceEpoch: max(first.time, second.time).milliseconds,
      randomness: Array(digest.prefix(UUIDv7.randomByteCount)))
    return try? StoreLayout.path(of: DocumentAddress(collection: kind.collection, id: DocumentID(id)), kind)
  }
}
