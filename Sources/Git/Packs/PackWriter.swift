/// Composes a pack and its index, in memory, from objects that we know the history of.
///
/// Pack: `PACK`, version 2, count, then for each object its type and size (4 bits, then 7 bits a byte), for a delta
/// the 20 bytes of its base, the zlib stream; last the SHA-1 of it all. Deltas name their base by id (REF_DELTA), so
/// that packs merge by copying their contents as they stand. A base must be in the same pack, and chains are
/// short, so that any object is read with a bounded number of steps.
package struct PackWriter: ~Copyable {
  /// A longer chain starts over with a whole object.
  package static let maximumChain = 40

  private var pack: [UInt8]
  private var rows: [PackIndex.Row] = []
  private var chainLengths: [ObjectID: Int] = [:]
  private let effort: Zlib.Effort

  private static let headerSize = 12
  private static let deltaByReference: UInt8 = 7

  /// `compressed` takes about 65 µs for 1 KB; packs made on the way of a write store their content as it is.
  package init(compressed: Bool) {
    effort = compressed ? .compressed : .stored
    pack = Array("PACK".utf8)
    appendBigEndian(2, to: &pack)
    appendBigEndian(0, to: &pack)
  }

  package var objectCount: Int { rows.count }
  package var byteCount: Int { pack.count }

  package func contains(_ id: ObjectID) -> Bool { chainLengths[id] != nil }

  /// Adds an object, as a delta against `base` where that is in this pack, allowed by the chain limit, and smaller.
  /// An object that is here already is left as it is.
  package mutating func add(_ object: GitObject, base: GitObject? = nil) {
    guard chainLengths[object.id] == nil else { return }
    if let base, let length = chainLengths[base.id], length < Self.maximumChain, base.kind == object.kind,
      let delta = Delta.between(base.content, object.content)
    {
      begin(object.id, type: Self.deltaByReference, size: delta.count)
      base.id.append(to: &pack)
      finishContent(object.id, delta, chain: length + 1)
    } else {
      begin(object.id, type: object.kind.rawValue, size: object.content.count)
      finishContent(object.id, object.content, chain: 0)
    }
  }

  /// Adds contents of another pack as they stand. Their bases must come too, in any order.
  mutating func copy(_ entry: ArraySlice<UInt8>, id: ObjectID) {
    guard chainLengths[id] == nil else { return }
    chainLengths[id] = 0
    rows.append(PackIndex.Row(id: id, crc: Zlib.crc32(of: entry), offset: pack.count))
    pack.append(contentsOf: entry)
  }

  private mutating func begin(_ id: ObjectID, type: UInt8, size: Int) {
    rows.append(PackIndex.Row(id: id, crc: 0, offset: pack.count))
    var byte = type << 4 | UInt8(size & 15)
    var rest = size >> 4
    while rest > 0 {
      pack.append(byte | 0x80)
      byte = UInt8(rest & 0x7F)
      rest >>= 7
    }
    pack.append(byte)
  }

  private mutating func finishContent(_ id: ObjectID, _ content: [UInt8], chain: Int) {
    Zlib.append(content, effort, to: &pack)
    chainLengths[id] = chain
    rows[rows.count - 1].crc = Zlib.crc32(of: pack[rows[rows.count - 1].offset...])
  }

  /// The pack, its index, and the name that both files take: `pack-<name>.pack` and `.idx`.
  package consuming func finish() -> (name: String, pack: [UInt8], index: [UInt8]) {
    var count: [UInt8] = []
    appendBigEndian(UInt32(rows.count), to: &count)
    pack.replaceSubrange(8..<Self.headerSize, with: count)
    let checksum = sha1(pack)
    checksum.append(to: &pack)
    rows.sort { $0.id < $1.id }
    return (checksum.hex, pack, PackIndex(rows: rows, packChecksum: checksum).bytes)
  }
}
