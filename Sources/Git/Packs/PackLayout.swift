/// What stands where in a pack: its index, and the order of its entries, which tells where each one ends.
package struct PackLayout: Sendable {
  /// What a pack begins with: `PACK`, its version and how many entries it has.
  static let headerSize = 12

  let index: PackIndex
  /// Places in `index.rows`, in the order in which the entries stand in the pack.
  private let order: [Int32]
  /// Where the last entry ends.
  private let end: Int

  /// Throws when the index cannot be that of a pack of so many bytes.
  init(_ index: PackIndex, packBytes: Int) throws(GitError) {
    let end = packBytes - ObjectID.byteCount
    let rows = index.rows
    guard end >= Self.headerSize, rows.allSatisfy({ $0.offset >= Self.headerSize && $0.offset < end }) else {
      throw GitError(.damaged, "read a pack", "a pack and its index do not belong together")
    }
    (self.index, self.end) = (index, end)
    order = (0..<Int32(rows.count)).sorted { rows[Int($0)].offset < rows[Int($1)].offset }
  }

  /// Reads the file of an index, for a pack of so many bytes.
  package init(index: [UInt8], packBytes: Int) throws(GitError) {
    try self.init(PackIndex(parsing: index), packBytes: packBytes)
  }

  package var objectCount: Int { order.count }

  /// How many bytes of the pack the entry at this place of its order takes.
  package func bytes(at place: Int) -> Int { range(place).count }

  /// Where the object comes in the order of the pack; nil when it is not here.
  package func place(of id: ObjectID) -> Int? { offset(of: id).flatMap { place(at: $0) } }

  func row(_ place: Int) -> PackIndex.Row { index.rows[Int(order[place])] }

  /// Where the entry stands.
  func range(_ place: Int) -> Range<Int> {
    row(place).offset..<(place + 1 < order.count ? row(place + 1).offset : end)
  }

  func offset(of id: ObjectID) -> Int? {
    let place = Self.firstPlace(index.rows.count) { index.rows[$0].id >= id }
    return place < index.rows.count && index.rows[place].id == id ? index.rows[place].offset : nil
  }

  /// The place of the entry that begins at this offset; nil when none does.
  func place(at offset: Int) -> Int? {
    let place = Self.firstPlace(order.count) { row($0).offset >= offset }
    return place < order.count && row(place).offset == offset ? place : nil
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
