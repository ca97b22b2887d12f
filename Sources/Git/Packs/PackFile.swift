/// A pack on the disk, read entry by entry: it may be larger than memory.
package struct PackFile {
  package let layout: PackLayout
  let bytes: ByteSource

  /// - Parameter index: The pack's index as it is in its file.
  package init(index: [UInt8], bytes: ByteSource) throws(GitError) {
    self.init(layout: try PackLayout(index: index, packBytes: bytes.count), bytes: bytes)
  }

  init(layout: PackLayout, bytes: ByteSource) {
    self.layout = layout
    self.bytes = bytes
  }

  /// What Git calls its files by: `pack-<name>`.
  package var name: String { layout.index.packChecksum.hex }

  /// The file of its index.
  package var index: [UInt8] { layout.index.bytes }

  /// What stands at a place of the pack's order, with its own bytes. Throws when they are not those that were written.
  func entry(_ place: Int) throws -> (entry: PackEntry, bytes: [UInt8]) {
    let (row, range) = (layout.row(place), layout.range(place))
    let bytes = try bytes.read(range)
    guard Zlib.crc32(of: bytes[...]) == row.crc else {
      throw PackSource.damaged("the object \(row.id.hex), which is damaged")
    }
    return (try PackEntry(bytes, 0..<bytes.count, standingAt: range.lowerBound), bytes)
  }

  /// The place of what an entry is a delta on; nil for an entry that is whole.
  func base(of entry: PackEntry) throws -> Int? {
    let place: Int?
    switch entry.base {
    case .none: return nil
    case .offset(let offset): place = layout.place(at: offset)
    case .id(let id): place = layout.place(of: id)
    }
    guard let place else { throw PackSource.damaged("a delta without its base") }
    return place
  }
}
