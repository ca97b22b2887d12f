/// The proof that a pack holds all that others do, before those are given up: every id of theirs is among its own, and
/// every object of its own, read from its bytes as any reader would, has the content that its id names.
package enum PackProof {
  static func check(
    _ made: ComposedPack, holds sources: [PackSource], isCancelled: () -> Bool
  ) throws(GitError) {
    let result = try PackSource(pack: made.pack, index: made.index)
    for source in sources {
      for row in source.index.rows where result.offset(of: row.id) == nil {
        throw GitError(.damaged, "condense packs", "object \(row.id.hex) did not get into the new pack")
      }
    }
    try check(result, isCancelled: isCancelled)
  }

  /// Reads every object of a pack. Throws `.damaged`, with the first one's name, when they are not what they should be.
  package static func check(_ pack: PackSource, isCancelled: () -> Bool = { false }) throws(GitError) {
    var contents = PackContents([pack])
    for place in 0..<pack.objectCount {
      guard !isCancelled() else { throw GitError(.cancelled, "read a pack", "it is to end") }
      let row = pack.row(place)
      let place = PackContents.Place(source: 0, offset: row.offset)
      guard let content = try? contents.content(at: place), let kind = try? contents.kind(at: place),
        ObjectID(hashing: content, as: kind) == row.id
      else { throw GitError(.damaged, "read a pack", "object \(row.id.hex) is damaged") }
    }
  }
}
