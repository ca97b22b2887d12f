/// A tree object, kept in the very bytes that Git hashes, and edited in them.
///
/// Content: for each name `<mode> <name>\0<20 bytes of id>`, sorted by name, where a folder's name counts as if it
/// ended in `/`. Keeping the bytes makes an update one splice and one hash; decoding and encoding a tree of a hundred
/// names for each commit would cost more than the hash does.
package struct Tree: Sendable {
  package private(set) var bytes: [UInt8]
  /// Where the name that was set last begins. Names that come in order, as an import's do, are found from there.
  private var lastSet = 0

  package struct Entry: Hashable, Sendable {
    package var name: String
    package var isFolder: Bool
    package var id: ObjectID
    /// The mode as Git spells it: `40000` a folder, `100644` a file; others only come from outside.
    package var mode: String

    /// A commit of another repository, whose objects are not here.
    package var isSubmodule: Bool { mode == "160000" }
  }

  package init() {
    bytes = []
  }

  package init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  package var isEmpty: Bool { bytes.isEmpty }

  /// All names in Git's order. Throws when the bytes are no tree.
  package func entries() throws(GitError) -> [Entry] {
    var result: [Entry] = []
    var cursor = 0
    while cursor < bytes.count {
      guard let place = place(at: cursor) else { throw GitError(.damaged, "read a tree", "its content is cut short") }
      result.append(
        Entry(
          name: String(decoding: bytes[place.name], as: UTF8.self), isFolder: place.isFolder,
          id: ObjectID(bytes, at: place.name.upperBound + 1),
          mode: String(decoding: bytes[cursor..<(place.name.lowerBound - 1)], as: UTF8.self)))
      cursor = place.end
    }
    return result
  }

  /// What stands under `name`, folder or file; nil when nothing does.
  package func entry(named name: [UInt8]) -> (id: ObjectID, isFolder: Bool)? {
    for isFolder in [true, false] {
      if case .found(let place) = find(name, isFolder: isFolder) {
        return (ObjectID(bytes, at: place.name.upperBound + 1), isFolder)
      }
    }
    return nil
  }

  package func folder(named name: [UInt8]) -> ObjectID? {
    guard case .found(let place) = find(name, isFolder: true) else { return nil }
    return ObjectID(bytes, at: place.name.upperBound + 1)
  }

  package func file(named name: [UInt8]) -> ObjectID? {
    guard case .found(let place) = find(name, isFolder: false) else { return nil }
    return ObjectID(bytes, at: place.name.upperBound + 1)
  }

  /// Puts a file or folder under `name`, or replaces its id.
  package mutating func set(_ name: [UInt8], isFolder: Bool, to id: ObjectID) {
    switch find(name, isFolder: isFolder) {
    case .found(let place):
      lastSet = place.start
      id.write(to: &bytes, at: place.name.upperBound + 1)
    case .absent(let offset):
      var entry: [UInt8] = Array((isFolder ? "40000 " : "100644 ").utf8)
      entry.append(contentsOf: name)
      entry.append(0)
      id.append(to: &entry)
      lastSet = offset
      bytes.insert(contentsOf: entry, at: offset)
    }
  }

  /// Takes `name` out; does nothing when it is not there.
  package mutating func remove(_ name: [UInt8], isFolder: Bool) {
    guard case .found(let place) = find(name, isFolder: isFolder) else { return }
    lastSet = 0
    bytes.removeSubrange(place.start..<place.end)
  }
}

extension Tree {
  private struct Place {
    var start: Int
    var name: Range<Int>
    var isFolder: Bool
    var end: Int { name.upperBound + 1 + ObjectID.byteCount }
  }

  private enum Search {
    case found(Place)
    /// Where the name would be inserted.
    case absent(Int)
  }

  private func place(at start: Int) -> Place? {
    Self.place(in: bytes.span, at: start)
  }

  private static func place(in bytes: Span<UInt8>, at start: Int) -> Place? {
    guard start < bytes.count else { return nil }
    let isFolder = bytes[start] == UInt8(ascii: "4")
    // `40000 ` and `100644 ` are the modes we write; any other is six or seven characters long as well.
    var cursor = start + (isFolder ? 5 : 6)
    guard cursor < bytes.count, bytes[cursor] == UInt8(ascii: " ") else { return nil }
    cursor += 1
    let name = cursor
    while cursor < bytes.count, bytes[cursor] != 0 { cursor += 1 }
    guard cursor + ObjectID.byteCount < bytes.count else { return nil }
    return Place(start: start, name: name..<cursor, isFolder: isFolder)
  }

  private func find(_ name: [UInt8], isFolder: Bool) -> Search {
    let span = bytes.span
    var cursor = 0
    if let last = Self.place(in: span, at: lastSet), Self.order(name, isFolder, span, last) >= 0 { cursor = lastSet }
    while let place = Self.place(in: span, at: cursor) {
      switch Self.order(name, isFolder, span, place) {
      case 0: return .found(place)
      case ..<0: return .absent(place.start)
      default: cursor = place.end
      }
    }
    return .absent(cursor)
  }

  /// Negative when `name` comes before the place's name, 0 when it is the same, positive when it comes after.
  private static func order(_ name: [UInt8], _ isFolder: Bool, _ bytes: Span<UInt8>, _ place: Place) -> Int {
    let common = min(name.count, place.name.count)
    var index = 0
    while index < common {
      let difference = Int(name[index]) - Int(bytes[place.name.lowerBound + index])
      if difference != 0 { return difference }
      index += 1
    }
    func next(_ count: Int, _ isFolder: Bool, _ byte: (Int) -> UInt8) -> Int {
      common < count ? Int(byte(common)) : (isFolder ? Int(UInt8(ascii: "/")) : 0)
    }
    return next(name.count, isFolder) { name[$0] }
      - next(place.name.count, place.isFolder) { bytes[place.name.lowerBound + $0] }
  }
}
