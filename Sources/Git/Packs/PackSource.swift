/// A pack and its index, read whole, of ours or of another program: where its objects stand.
///
/// An entry is a type and a size (4 bits, then 7 bits a byte), for a delta its base (how far back it stands, or its id),
/// and a zlib stream. Nothing is believed: the index may lead anywhere, the pack may hold anything.
package struct PackSource: Sendable {
  /// The largest object that is read; a pack with a larger one is left alone.
  static let maximumObjectBytes = 256 << 20
  /// The longest chain that is followed; Git makes none longer than 4,095.
  static let maximumChain = 4_095

  let pack: [UInt8]
  let layout: PackLayout

  /// Throws when the two do not belong together or are damaged.
  package init(pack: [UInt8], index: [UInt8]) throws(GitError) {
    layout = try PackLayout(index: index, packBytes: pack.count)
    guard pack.count > 32, ObjectID(pack, at: pack.count - ObjectID.byteCount) == layout.index.packChecksum else {
      throw GitError(.damaged, "read a pack", "a pack and its index do not belong together")
    }
    self.pack = pack
  }

  package var objectCount: Int { layout.objectCount }
  var index: PackIndex { layout.index }

  /// Whether all deltas name their base by id, so that entries can be moved as they stand.
  package var isCopyable: Bool {
    index.rows.allSatisfy { pack[$0.offset] >> 4 & 7 != PackEntry.deltaByOffset }
  }

  /// Whether each entry says of itself what we know how to read. What its content holds is another question.
  package var isReadable: Bool {
    (0..<objectCount).allSatisfy { place in
      guard let entry = try? entry(at: row(place).offset) else { return false }
      return entry.isDelta || ObjectKind(rawValue: entry.type) != nil
    }
  }

  func row(_ place: Int) -> PackIndex.Row { layout.row(place) }

  /// Where the entry at `place` in the pack's order ends.
  func end(_ place: Int) -> Int { layout.range(place).upperBound }

  /// Where the object stands in the pack; nil when it is not here.
  func offset(of id: ObjectID) -> Int? { layout.offset(of: id) }

  /// Which object stands at this offset; nil when none begins there.
  func id(at offset: Int) -> ObjectID? { layout.place(at: offset).map { row($0).id } }

  func entry(at offset: Int) throws(GitError) -> PackEntry {
    guard let place = layout.place(at: offset) else { throw Self.damaged("an entry") }
    var entry = try PackEntry(pack, layout.range(place))
    if case .id(let base) = entry.base {
      // Only within the pack: a base in another could lead back here.
      guard let found = self.offset(of: base) else { throw Self.damaged("a delta without its base") }
      entry.baseOffset = found
    }
    return entry
  }

  static func damaged(_ what: String) -> GitError {
    GitError(.damaged, "read a pack", "it holds \(what)")
  }
}
