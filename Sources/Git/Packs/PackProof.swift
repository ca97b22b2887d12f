/// The proof that a pack holds all that others do, before those are given up: every id of theirs is among its own, and
/// every object of its own, read from its bytes as any reader would, has the content that its id names.
enum PackProof {
  static func check(
    _ made: ComposedPack, holds sources: [PackSource], isCancelled: () -> Bool
  ) throws(GitError) {
    let result = try PackSource(pack: made.pack, index: made.index)
    for source in sources {
      for row in source.index.rows where result.offset(of: row.id) == nil {
        throw GitError(.damaged, "condense packs", "object \(row.id.hex) did not get into the new pack")
      }
    }
    var contents = PackContents([result])
    for place in 0..<result.objectCount {
      guard !isCancelled() else { throw GitError(.cancelled, "condense packs", "it is to end") }
      let row = result.row(place)
      let content = try contents.content(at: PackContents.Place(source: 0, offset: row.offset))
      guard ObjectID(hashing: content, as: try result.kind(at: row.offset)) == row.id else {
        throw GitError(.damaged, "condense packs", "object \(row.id.hex) is damaged")
      }
    }
  }
}
