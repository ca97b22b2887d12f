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
  let index: PackIndex
  /// Places in `index.rows`, in the order in which the entries stand in the pack.
  let order: [Int32]

  /// Throws when the two do not belong together or are damaged.
  package init(pack: [UInt8], index: [UInt8]) throws(GitError) {
    self.pack = pack
    self.index = try PackIndex(parsing: index)
    let end = pack.count - ObjectID.byteCount
    guard pack.count > 32, ObjectID(pack, at: end) == self.index.packChecksum,
      self.index.rows.allSatisfy({ $0.offset >= 12 && $0.offset < end })
    else {
      throw GitError(.damaged, "read a pack", "a pack and its index do not belong together")
    }
    let rows = self.index.rows
    order = (0..<Int32(rows.count)).sorted { rows[Int($0)].offset < rows[Int($1)].offset }
  }

  package var objectCount: Int { order.count }

  /// Whether all deltas name their base by id, so that entries can be moved as they stand.
  package var isCopyable: Bool {
    index.rows.allSatisfy { pack[$0.offset] >> 4 & 7 != PackEntry.deltaByOffset }
  }

  /// Whether each entry says of itself what we know how to read. What its content holds is another question.
  package var isReadable: Bool {
    order.indices.allSatisfy { place in
      guard let entry = try? entry(at: row(place).offset) else { return false }
      return entry.isDelta || ObjectKind(rawValue: entry.type) != nil
    }
  }

  func row(_ place: Int) -> PackIndex.Row { index.rows[Int(order[place])] }

  /// Where the entry at `place` in the pack's order ends.
  func end(_ place: Int) -> Int {
    place + 1 < order.count ? row(place + 1).offset : pack.count - ObjectID.byteCount
  }

  /// Where the object stands in the pack; nil when it is not here.
  func offset(of id: ObjectID) -> Int? {
    let place = Self.firstPlace(index.rows.count) { index.rows[$0].id >= id }
    return place < index.rows.count && index.rows[place].id == id ? index.rows[place].offset : nil
  }

  /// Which object stands at this offset; nil when none begins there.
  func id(at offset: Int) -> ObjectID? {
    let place = Self.firstPlace(order.count) { row($0).offset >= offset }
    return place < order.count && row(place).offset == offset ? row(place).id : nil
  }

  func entry(at offset: Int) throws(GitError) -> PackEntry {
    let place = Self.firstPlace(order.count) { row($0).offset >= offset }
    guard place < order.count, row(place).offset == offset else { throw Self.damaged("an entry") }
    var entry = try PackEntry(pack, offset..<end(place))
    if case .id(let base) = entry.base {
      // Only within the pack: a base in another could lead back here.
      guard let found = self.offset(of: base) else { throw Self.damaged("a delta without its base") }
      entry.baseOffset = found
    }
    return entry
  }

  /// What the object at `offset` is: for a delta, what its base is.
  func kind(at offset: Int) throws(GitError) -> ObjectKind {
    var offset = offset
    for _ in 0...Self.maximumChain {
      let entry = try entry(at: offset)
      if let kind = ObjectKind(rawValue: entry.type) { return kind }
      guard let base = entry.baseOffset else { throw Self.damaged("an entry of an unknown type") }
      offset = base
    }
    throw Self.damaged("an endless chain of deltas")
  }

  static func damaged(_ what: String) -> GitError {
    GitError(.damaged, "read a pack", "it holds \(what)")
  }

  /// The first number below `count` from which on the condition holds, or `count`.
  private static func firstPlace(_ count: Int, where holds: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
