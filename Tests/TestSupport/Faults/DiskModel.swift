import Storage

/// A disk as a value: what programs see now, and what would be left after a power cut.
///
/// Writes become durable when their file is synced, and creations, renames and removals when their directory is. Whatever
/// was not synced survives a power cut or not, one piece independently of the other: whole operations on names, and
/// pieces of writes of `sectorBytes`, as a disk may reorder and tear them. Names are full paths in one flat table.
package struct DiskModel: Sendable {
  package static let sectorBytes = 64

  struct Write {
    var offset: Int
    var bytes: [UInt8]
    /// For a change of length, the new one.
    var length: Int?
  }

  struct Content {
    var live: [UInt8] = []
    var durable: [UInt8] = []
    var unsynced: [Write] = []
    var permissions: UInt32 = 0o644
    var changes: Int64 = 0
    var isLocked = false
  }

  enum Node: Equatable {
    case directory
    case file(Int)
  }

  struct Rename {
    var directory: String
    /// Paths and what they stand for afterwards; nil for nothing. All or none of it survives.
    var names: [(path: String, node: Node?)]
  }

  var contents: [Int: Content] = [:]
  var live: [String: Node] = ["/": .directory]
  private var durable: [String: Node] = ["/": .directory]
  private var unsyncedNames: [Rename] = []
  private var nextContent = 1

  package init() {}

  // MARK: Names

  mutating func setNames(_ names: [(path: String, node: Node?)]) {
    for (path, node) in names { live[path] = node }
    unsyncedNames.append(Rename(directory: parentPath(of: names[0].path), names: names))
  }

  mutating func makeFile(_ path: String, permissions: UInt32) -> Int {
    defer { nextContent += 1 }
    contents[nextContent] = Content(permissions: permissions)
    setNames([(path, .file(nextContent))])
    return nextContent
  }

  mutating func syncDirectory(_ path: String) {
    for rename in unsyncedNames where rename.directory == path {
      for (name, node) in rename.names { durable[name] = node }
    }
    unsyncedNames.removeAll { $0.directory == path }
  }

  mutating func syncAll() {
    for directory in Set(unsyncedNames.map(\.directory)) { syncDirectory(directory) }
    for file in contents.keys { sync(file) }
  }

  // MARK: Contents

  mutating func write(_ bytes: [UInt8], at offset: Int, to file: Int) {
    let write = Write(offset: offset, bytes: bytes)
    contents[file]?.live.apply(write)
    contents[file]?.unsynced.append(write)
    contents[file]?.changes += 1
  }

  mutating func truncate(_ file: Int, to length: Int) {
    let write = Write(offset: 0, bytes: [], length: length)
    contents[file]?.live.apply(write)
    contents[file]?.unsynced.append(write)
    contents[file]?.changes += 1
  }

  mutating func sync(_ file: Int) {
    for write in contents[file]?.unsynced ?? [] { contents[file]?.durable.apply(write) }
    contents[file]?.unsynced = []
  }

  /// A sync that failed: what was to be written is forgotten, though programs still see it and a later sync succeeds.
  mutating func failSync(_ file: Int) {
    contents[file]?.unsynced = []
  }

  // MARK: Power cut

  /// Cuts the power: `random` decides what of the unsynced survives.
  package mutating func crash(using random: inout some RandomNumberGenerator) {
    for rename in unsyncedNames where Bool.random(using: &random) {
      for (name, node) in rename.names { durable[name] = node }
    }
    unsyncedNames = []
    // Whatever lies in a directory that is gone is gone.
    for path in durable.keys.sorted() where durable[parentPath(of: path)] != .directory { durable[path] = nil }
    live = durable
    for (file, var content) in contents.sorted(by: { $0.key < $1.key }) {
      for write in content.unsynced { content.durable.applyPieces(of: write, using: &random) }
      content.live = content.durable
      content.unsynced = []
      content.isLocked = false
      contents[file] = content
    }
  }
}

extension [UInt8] {
  fileprivate mutating func apply(_ write: DiskModel.Write) {
    if let length = write.length { resize(to: length) }
    if write.bytes.isEmpty { return }
    if count < write.offset + write.bytes.count { resize(to: write.offset + write.bytes.count) }
    replaceSubrange(write.offset..<write.offset + write.bytes.count, with: write.bytes)
  }

  fileprivate mutating func applyPieces(of write: DiskModel.Write, using random: inout some RandomNumberGenerator) {
    if write.bytes.isEmpty {
      if Bool.random(using: &random) { apply(write) }
      return
    }
    // Mostly all or nothing, sometimes torn: then each sector decides for itself.
    let fate = Int.random(in: 0..<4, using: &random)
    if fate == 0 { return }
    if fate == 1 { return apply(write) }
    var start = 0
    while start < write.bytes.count {
      let end = Swift.min(
        write.bytes.count,
        (write.offset + start) / DiskModel.sectorBytes * DiskModel.sectorBytes + DiskModel.sectorBytes - write.offset)
      if Bool.random(using: &random) {
        apply(DiskModel.Write(offset: write.offset + start, bytes: Array(write.bytes[start..<end])))
      }
      start = end
    }
  }

  private mutating func resize(to length: Int) {
    if length < count {
      removeLast(count - length)
    } else {
      append(contentsOf: repeatElement(0, count: length - count))
    }
  }
}
