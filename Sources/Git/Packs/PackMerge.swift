/// Makes one pack of several, by copying their contents as they stand: nothing is inflated, searched or hashed but the
/// result.
///
/// Only packs whose deltas name their base by id can be copied so; those of other programs may point to an offset.
/// Such a pack answers false to `isCopyable` and is left alone.
package enum PackMerge {
  /// A pack and its index, read whole.
  package struct Source {
    let pack: [UInt8]
    let index: PackIndex

    /// Throws when the two do not belong together or are damaged.
    package init(pack: [UInt8], index: [UInt8]) throws(GitError) {
      self.pack = pack
      self.index = try PackIndex(parsing: index)
      guard pack.count > 32, ObjectID(pack, at: pack.count - 20) == self.index.packChecksum else {
        throw GitError(.damaged, "merge packs", "a pack and its index do not belong together")
      }
    }

    private static let deltaByOffset: UInt8 = 6

    package var isCopyable: Bool {
      index.rows.allSatisfy { $0.offset < pack.count && pack[$0.offset] >> 4 & 7 != Self.deltaByOffset }
    }
  }

  /// The merged pack. Throws when a content does not match its CRC: damage is not copied on.
  package static func merged(_ sources: [Source]) throws(GitError) -> (name: String, pack: [UInt8], index: [UInt8]) {
    var writer = PackWriter(compressed: false)
    for source in sources {
      let rows = source.index.rows.sorted { $0.offset < $1.offset }
      for (place, row) in rows.enumerated() {
        let end = place + 1 < rows.count ? rows[place + 1].offset : source.pack.count - ObjectID.byteCount
        let entry = source.pack[row.offset..<end]
        guard Zlib.crc32(of: entry) == row.crc else {
          throw GitError(.damaged, "merge packs", "object \(row.id.hex) is damaged")
        }
        writer.copy(entry, id: row.id)
      }
    }
    return writer.finish()
  }
}
