/// Reads the objects of several packs, and keeps those read lately: the next ones are often deltas on them.
struct PackContents {
  /// Where an object stands: in which of the packs, and at which offset.
  struct Place: Hashable {
    var source: Int
    var offset: Int
  }

  private enum Key: Hashable {
    case place(Place)
    case outside(ObjectID)
  }

  let sources: [PackSource]
  private var cache = ContentCache<Key, [UInt8]>()
  /// What is known of the objects' kinds, by source and by place in the order of its pack: asked for each object of a chain
  /// of deltas, they would cost its length squared.
  private var kinds: [[ObjectKind?]]

  init(_ sources: [PackSource]) {
    self.sources = sources
    kinds = sources.map { [ObjectKind?](repeating: nil, count: $0.objectCount) }
  }

  /// Where the object is found first; nil when none of the packs holds it.
  func place(of id: ObjectID) -> Place? {
    for (number, source) in sources.enumerated() {
      if let offset = source.offset(of: id) { return Place(source: number, offset: offset) }
    }
    return nil
  }

  func stream(of entry: PackEntry, at place: Place) -> ArraySlice<UInt8> {
    sources[place.source].pack[entry.stream]
  }

  mutating func content(at place: Place) throws(GitError) -> [UInt8] {
    let source = sources[place.source]
    var deltas: [[UInt8]] = []
    var cursor = place
    var content: [UInt8]
    while true {
      if let known = cache.content(.place(cursor)) {
        content = known
        break
      }
      let entry = try source.entry(at: cursor.offset)
      content = try Zlib.inflated(source.pack.span.extracting(entry.stream), size: entry.size)
      guard let base = entry.baseOffset else { break }
      deltas.append(content)
      guard deltas.count <= PackSource.maximumChain else { throw PackSource.damaged("an endless chain of deltas") }
      cursor.offset = base
    }
    for delta in deltas.reversed() { content = try Delta.applied(delta, to: content) }
    cache.insert(content, .place(place), bytes: content.count)
    return content
  }

  /// What the object is: for a delta, what its base is.
  mutating func kind(at place: Place) throws(GitError) -> ObjectKind {
    let source = sources[place.source]
    var (offset, passed) = (place.offset, [Int]())
    while true {
      guard let number = source.layout.place(at: offset) else { throw PackSource.damaged("an entry") }
      let entry = try source.entry(at: offset)
      passed.append(number)
      if let kind = kinds[place.source][number] ?? ObjectKind(rawValue: entry.type) {
        for number in passed { kinds[place.source][number] = kind }
        return kind
      }
      guard let base = entry.baseOffset else { throw PackSource.damaged("an entry of an unknown type") }
      guard passed.count <= PackSource.maximumChain else { throw PackSource.damaged("an endless chain of deltas") }
      offset = base
    }
  }

  /// The object, wherever it is; nil when it is nowhere.
  mutating func content(
    of id: ObjectID, elsewhere read: (ObjectID) throws(GitError) -> [UInt8]?
  ) throws(GitError) -> [UInt8]? {
    if let place = place(of: id) { return try content(at: place) }
    if let known = cache.content(.outside(id)) { return known }
    guard let content = try read(id) else { return nil }
    cache.insert(content, .outside(id), bytes: content.count)
    return content
  }
}
