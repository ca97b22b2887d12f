import Crypto

/// Makes one pack of wanted objects out of several, writing it as it goes: entries are copied as they stand, nothing is
/// held in memory but where each object is.
///
/// A delta is copied behind its base, which it then names by how far back that stands. One whose base is not wanted is
/// made whole, as is what stands in no pack.
package struct PackCopy: ~Copyable {
  /// What `places` says of an object that is wanted and not written yet.
  private static let unwritten = -1
  private static let reportedObjects = 1_024

  private var reader: PackReader
  private var places: [ObjectID: Int]
  private var output: PackOutput
  private let onProgress: (_ done: Int, _ total: Int) -> Void
  private var written = 0

  /// Writes the pack of the wanted objects.
  ///
  /// - Parameters:
  ///   - first: An object that comes before all others, stored as it is: whoever looks at the file's bytes can read it. Nil
  ///     for none.
  ///   - sink: Takes the next bytes.
  package static func write(
    _ wanted: Set<ObjectID>, after first: GitObject? = nil, from reader: PackReader,
    onProgress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }, sink: @escaping ([UInt8]) throws -> Void
  ) throws {
    let others = first.map { wanted.subtracting([$0.id]) } ?? wanted
    let count = others.count + (first == nil ? 0 : 1)
    var copy = try PackCopy(others, reader, PackOutput(objects: count, sink), onProgress)
    if let first { try copy.output.addStored(first) }
    try copy.copyAll()
    try copy.output.finish()
  }

  private init(
    _ wanted: Set<ObjectID>, _ reader: PackReader, _ output: PackOutput, _ onProgress: @escaping (Int, Int) -> Void
  ) {
    places = Dictionary(uniqueKeysWithValues: wanted.lazy.map { ($0, Self.unwritten) })
    (self.reader, self.output, self.onProgress) = (reader, output, onProgress)
  }

  private mutating func copyAll() throws {
    for file in reader.files {
      for place in 0..<file.layout.objectCount { try copy(place, of: file) }
    }
    for id in places.filter({ $0.value == Self.unwritten }).keys.sorted() { try writeWhole(id) }
  }

  private func isUnwritten(_ id: ObjectID) -> Bool { places[id] == Self.unwritten }

  /// Copies an entry if it is wanted, after the bases that it needs.
  private mutating func copy(_ place: Int, of file: PackFile) throws {
    var waiting = [place]
    while let next = waiting.last {
      let id = file.layout.row(next).id
      guard isUnwritten(id) else {
        waiting.removeLast()
        continue
      }
      let (entry, bytes) = try file.entry(next)
      let base = try file.base(of: entry)
      if let base, isUnwritten(file.layout.row(base).id), waiting.count <= PackSource.maximumChain {
        waiting.append(base)
        continue
      }
      try write(id, entry, bytes, on: base.map { file.layout.row($0).id })
    }
  }

  private mutating func write(_ id: ObjectID, _ entry: PackEntry, _ bytes: [UInt8], on base: ObjectID?) throws {
    if let base {
      guard let place = places[base], place != Self.unwritten else { return try writeWhole(id) }
      note(id)
      try output.add(deltaOn: place, size: entry.size, stream: bytes[entry.stream])
    } else {
      note(id)
      try output.add(entry.type, size: entry.size, stream: bytes[entry.stream])
    }
  }

  private mutating func writeWhole(_ id: ObjectID) throws {
    let object = try reader.object(id)
    note(id)
    try output.add(object.kind.rawValue, size: object.content.count, stream: Zlib.compressed(object.content)[...])
  }

  private mutating func note(_ id: ObjectID) {
    places[id] = output.offset
    written += 1
    if written % Self.reportedObjects == 0 { onProgress(written, places.count) }
  }
}

/// Spells a pack to where it goes, and its checksum behind it.
private struct PackOutput {
  /// How many bytes have been spelt.
  private(set) var offset = 0
  private var checksum = Insecure.SHA1()
  private let sink: ([UInt8]) throws -> Void

  init(objects: Int, _ sink: @escaping ([UInt8]) throws -> Void) throws {
    self.sink = sink
    guard let count = UInt32(exactly: objects) else {
      throw GitError(.failed, "write a pack", "it cannot have \(objects) objects")
    }
    var head = Array("PACK".utf8)
    appendBigEndian(2, to: &head)
    appendBigEndian(count, to: &head)
    try put(head)
  }

  mutating func addStored(_ object: GitObject) throws {
    var stream: [UInt8] = []
    Zlib.appendStored(object.content, to: &stream)
    try add(object.kind.rawValue, size: object.content.count, stream: stream[...])
  }

  mutating func add(_ type: UInt8, size: Int, stream: ArraySlice<UInt8>) throws {
    var entry: [UInt8] = []
    PackEntry.appendHead(type, size: size, to: &entry)
    try put(entry + stream)
  }

  mutating func add(deltaOn base: Int, size: Int, stream: ArraySlice<UInt8>) throws {
    var entry: [UInt8] = []
    PackEntry.appendHead(PackEntry.deltaByOffset, size: size, to: &entry)
    PackEntry.appendDistance(offset - base, to: &entry)
    try put(entry + stream)
  }

  private mutating func put(_ bytes: [UInt8]) throws {
    unsafe bytes.withUnsafeBytes { unsafe checksum.update(bufferPointer: $0) }
    offset += bytes.count
    try sink(bytes)
  }

  mutating func finish() throws {
    try sink(ObjectID(digest: checksum.finalize()).bytes)
  }
}
