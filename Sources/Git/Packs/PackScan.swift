/// Goes through a pack from its first byte to its last, with no index, and makes one.
///
/// What comes out is proven: each entry can be read, its id is that of its content, the checksum at the end is right, and
/// where the pack is to be whole, what a commit, a tree or a tag refers to is in it as well. Deltas must come behind their
/// bases, as `PackCopy` and Git put them. Nothing is held but ids and offsets, and the contents read lately.
struct PackScan: ~Copyable {
  private static let reportedEntries = 256
  /// The longest that an entry's type, size and base can be.
  private static let longestHead = 64

  /// The pack alone.
  private let bytes: ByteSource
  private let start: Int
  /// Whether what its objects refer to must be in it as well.
  private let isWhole: Bool
  private let hashing: Hashing
  private var rows: [PackIndex.Row] = []
  private var kinds: [ObjectKind] = []
  /// Where the entry stands that is being read, and so where the last row ends.
  private var offset = 0
  private var numbers: [ObjectID: Int32] = [:]
  /// What was referred to before it came.
  private var expected: Set<ObjectID> = []
  private var cache = ContentCache<Int, [UInt8]>()

  /// How an object is told by its content.
  enum Hashing {
    /// By the processor's own instructions.
    case fast
    /// So that a content made to be taken for another one's is refused: for what somebody else made.
    case wary
  }

  /// Reads a pack that must hold these objects and no others; what they refer to may be elsewhere.
  static func scan(
    _ source: ByteSource, for wanted: Set<ObjectID>, _ hashing: Hashing,
    onProgress: (_ done: Int, _ total: Int) -> Void
  ) throws -> PackFile {
    var stream = HashedStream(source)
    let pack = try scan(&stream, of: source, isWhole: false, hashing, onProgress: onProgress)
    for id in wanted where pack.layout.place(of: id) == nil {
      throw PackSource.damaged("something else in the place of the object \(id.hex)")
    }
    guard pack.layout.objectCount == wanted.count else { throw PackSource.damaged("more than it was to hold") }
    return pack
  }

  /// Reads the pack that begins where `stream` stands and goes to the end of `source`.
  ///
  /// - Parameter absent: What may be referred to without being there: the parents of commits at a horizon.
  static func scan(
    _ stream: inout HashedStream, of source: ByteSource, lacking absent: Set<ObjectID> = [], isWhole: Bool = true,
    _ hashing: Hashing = .fast,
    onProgress: (_ done: Int, _ total: Int) -> Void
  ) throws -> PackFile {
    var scan = PackScan(source, from: stream.position, isWhole, hashing)
    stream.beginPack()
    let head = try stream.read(PackLayout.headerSize)
    guard head.starts(with: Array("PACK".utf8) + [0, 0, 0, 2]) else { throw PackSource.damaged("another format") }
    let count = head[8...].reduce(0) { $0 << 8 | Int($1) }
    guard count <= Int32.max else { throw PackSource.damaged("more objects than it can") }
    for number in 0..<count {
      try scan.readEntry(&stream)
      if number % reportedEntries == 0 { onProgress(stream.position, stream.count) }
    }
    let checksum = stream.packChecksum
    guard try ObjectID(stream.read(ObjectID.byteCount)) == checksum else {
      throw GitError(.damaged, "read a pack", "its checksum does not match")
    }
    guard stream.isAtEnd else { throw GitError(.damaged, "read a pack", "something follows it") }
    onProgress(stream.position, stream.count)
    return try scan.finish(checksum, absent)
  }

  private init(_ source: ByteSource, from start: Int, _ isWhole: Bool, _ hashing: Hashing) {
    bytes = source.dropping(start)
    (self.start, self.isWhole, self.hashing) = (start, isWhole, hashing)
  }

  private consuming func finish(_ checksum: ObjectID, _ absent: Set<ObjectID>) throws -> PackFile {
    if let missing = expected.first(where: { numbers[$0] == nil && !absent.contains($0) }) {
      throw PackSource.damaged("no object \(missing.hex), which another one refers to")
    }
    rows.sort { $0.id < $1.id }
    let layout = try PackLayout(PackIndex(rows: rows, packChecksum: checksum), packBytes: bytes.count)
    guard layout.objectCount == numbers.count else { throw PackSource.damaged("an object twice") }
    return PackFile(layout: layout, bytes: bytes)
  }

  // MARK: Entries

  private mutating func readEntry(_ stream: inout HashedStream) throws {
    offset = stream.position - start
    stream.beginEntry()
    let head = Array(try stream.peek(Self.longestHead))
    let entry = try PackEntry(head, 0..<head.count, standingAt: offset)
    stream.advance(entry.stream.lowerBound)
    let content = try Zlib.inflated(from: &stream, size: entry.size)
    if let base = try row(ofBase: entry) {
      let source = try self.content(base)
      let target = try Delta.applied(content, to: source)
      try add(kinds[base], target, on: source, stream.crc)
    } else if let kind = ObjectKind(rawValue: entry.type) {
      try add(kind, content, on: [], stream.crc)
    } else {
      throw PackSource.damaged("an entry of an unknown type")
    }
  }

  private mutating func add(_ kind: ObjectKind, _ content: [UInt8], on base: [UInt8], _ crc: UInt32) throws {
    let id = try hashing == .wary ? ObjectID(waryHashing: content, as: kind) : ObjectID(hashing: content, as: kind)
    if isWhole {
      try expectReferences(of: kind, content, base)
      expected.remove(id)
    }
    numbers[id] = Int32(rows.count)
    cache.insert(content, rows.count, bytes: content.count)
    rows.append(PackIndex.Row(id: id, crc: crc, offset: offset))
    kinds.append(kind)
  }

  /// Notes what an object refers to. What a folder shares with its base was noted with that.
  private mutating func expectReferences(of kind: ObjectKind, _ content: [UInt8], _ base: [UInt8]) throws {
    switch kind {
    case .blob: return
    case .tag: expect(try TagLinks(content).target)
    case .commit:
      let links = try CommitLinks(content)
      expect(links.tree)
      for parent in links.parents { expect(parent) }
    case .tree:
      for change in try TreeChanges.between(base, content) where !change.isSubmodule {
        if let id = change.id { expect(id) }
      }
    }
  }

  private mutating func expect(_ id: ObjectID) {
    if numbers[id] == nil { expected.insert(id) }
  }

  // MARK: Bases

  /// Which row an entry is a delta on; nil for one that is whole.
  private func row(ofBase entry: PackEntry) throws -> Int? {
    let row: Int?
    switch entry.base {
    case .none: return nil
    case .id(let id): row = numbers[id].map { Int($0) }
    case .offset(let offset): row = self.row(at: offset)
    }
    guard let row else { throw PackSource.damaged("a delta that does not follow its base") }
    return row
  }

  private func row(at offset: Int) -> Int? {
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].offset >= offset { high = middle } else { low = middle + 1 }
    }
    return low < rows.count && rows[low].offset == offset ? low : nil
  }

  /// The content of an object that was passed already, mostly from the cache, else read again.
  private mutating func content(_ row: Int) throws -> [UInt8] {
    var deltas: [(row: Int, content: [UInt8])] = []
    var cursor = row
    var content: [UInt8]
    while true {
      if let known = cache.content(cursor) {
        content = known
        break
      }
      let range = rows[cursor].offset..<(cursor + 1 < rows.count ? rows[cursor + 1].offset : offset)
      let bytes = try self.bytes.read(range)
      let entry = try PackEntry(bytes, 0..<bytes.count, standingAt: range.lowerBound)
      content = try Zlib.inflated(bytes.span.extracting(entry.stream), size: entry.size)
      guard let base = try self.row(ofBase: entry) else { break }
      deltas.append((cursor, content))
      guard deltas.count <= PackSource.maximumChain else { throw PackSource.damaged("an endless chain of deltas") }
      cursor = base
    }
    for delta in deltas.reversed() {
      content = try Delta.applied(delta.content, to: content)
      cache.insert(content, delta.row, bytes: content.count)
    }
    return content
  }
}
