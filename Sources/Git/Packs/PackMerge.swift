/// Makes one pack of several, by copying their contents as they stand: nothing is inflated, searched or hashed but the
/// result.
///
/// Only packs whose deltas name their base by id can be copied so; condensed ones and those of other programs point to an
/// offset. Such a pack answers false to `isCopyable` and is left to `PackCondenser`.
package enum PackMerge {
  /// The merged pack. Throws when a content does not match its CRC: damage is not copied on.
  package static func merged(_ sources: [PackSource]) throws(GitError) -> ComposedPack {
    var writer = PackWriter()
    for source in sources {
      for place in 0..<source.objectCount {
        let row = source.row(place)
        let entry = source.pack[row.offset..<source.end(place)]
        guard Zlib.crc32(of: entry) == row.crc else {
          throw GitError(.damaged, "merge packs", "object \(row.id.hex) is damaged")
        }
        writer.copy(entry, id: row.id)
      }
    }
    return writer.finish()
  }
}
