/// Composes a pack and its index, in memory, from objects that we know the history of.
///
/// Pack: `PACK`, version 2, count, then for each object its type and size (4 bits, then 7 bits a byte), for a delta
/// its base, the zlib stream; last the SHA-1 of it all. A base must be in the same pack, and chains are short, so that
/// any object is read with a bounded number of steps.
///
/// On the way of a write deltas name their base by its id (REF_DELTA), so that packs merge by copying their contents as
/// they stand, and contents are stored as they are: compressing 1 KB takes about 65 µs. `PackCondenser` adds streams that
/// it made itself, on a base that is named by how far back it stands (OFS_DELTA), in 2–4 bytes instead of 20.
package struct PackWriter: ~Copyable {
  /// A longer chain starts over with a whole object.
  package static let maximumChain = 40

  private struct Place {
    var offset: Int
    var chain: Int
  }

  private var pack: [UInt8]
  private var rows: [PackIndex.Row] = []
  private var places: [ObjectID: Place] = [:]

  /// `objects` is how many will come, if that is known.
  package init(expecting objects: Int = 0) {
    rows.reserveCapacity(objects)
    places.reserveCapacity(objects)
    pack = Array("PACK".utf8)
    appendBigEndian(2, to: &pack)
    appendBigEndian(0, to: &pack)
  }

  package var objectCount: Int { rows.count }
  package var byteCount: Int { pack.count }

  package func contains(_ id: ObjectID) -> Bool { places[id] != nil }
  /// How many deltas reading the object takes; nil when it is not here.
  func chain(_ id: ObjectID) -> Int? { places[id]?.chain }

  /// Adds an object, as a delta against `base` where that is in this pack, allowed by the chain limit, and smaller.
  /// An object that is here already is left as it is.
  package mutating func add(_ object: GitObject, base: GitObject? = nil) {
    guard places[object.id] == nil else { return }
    if let base, let length = chain(base.id), length < Self.maximumChain, base.kind == object.kind,
      let delta = Delta.between(base.content, object.content)
    {
      begin(object.id, type: PackEntry.deltaByReference, size: delta.count, chain: length + 1)
      base.id.append(to: &pack)
      Zlib.appendStored(delta, to: &pack)
    } else {
      begin(object.id, type: object.kind.rawValue, size: object.content.count, chain: 0)
      Zlib.appendStored(object.content, to: &pack)
    }
    finishEntry()
  }

  /// Adds an object whose compressed content was made before.
  mutating func add(_ id: ObjectID, _ kind: UInt8, size: Int, stream: ArraySlice<UInt8>) {
    begin(id, type: kind, size: size, chain: 0)
    pack.append(contentsOf: stream)
    finishEntry()
  }

  /// The same for a delta of this size on an object that is here already.
  mutating func add(_ id: ObjectID, deltaOn base: ObjectID, size: Int, stream: ArraySlice<UInt8>) {
    guard let place = places[base] else { preconditionFailure("A delta comes after its base.") }
    let offset = pack.count
    begin(id, type: PackEntry.deltaByOffset, size: size, chain: place.chain + 1)
    PackEntry.appendDistance(offset - place.offset, to: &pack)
    pack.append(contentsOf: stream)
    finishEntry()
  }

  /// Adds contents of another pack as they stand. Their bases must come too, in any order.
  mutating func copy(_ entry: ArraySlice<UInt8>, id: ObjectID) {
    guard places[id] == nil else { return }
    places[id] = Place(offset: pack.count, chain: 0)
    rows.append(PackIndex.Row(id: id, crc: Zlib.crc32(of: entry), offset: pack.count))
    pack.append(contentsOf: entry)
  }

  private mutating func begin(_ id: ObjectID, type: UInt8, size: Int, chain: Int) {
    places[id] = Place(offset: pack.count, chain: chain)
    rows.append(PackIndex.Row(id: id, crc: 0, offset: pack.count))
    PackEntry.appendHead(type, size: size, to: &pack)
  }

  private mutating func finishEntry() {
    rows[rows.count - 1].crc = Zlib.crc32(of: pack[rows[rows.count - 1].offset...])
  }

  /// The pack with its index.
  package consuming func finish() -> ComposedPack {
    var count: [UInt8] = []
    appendBigEndian(UInt32(rows.count), to: &count)
    pack.replaceSubrange(8..<PackLayout.headerSize, with: count)
    let checksum = sha1(pack)
    checksum.append(to: &pack)
    rows.sort { $0.id < $1.id }
    return ComposedPack(name: checksum.hex, pack: pack, index: PackIndex(rows: rows, packChecksum: checksum).bytes)
  }
}
