/// The Git index: what plain `git status`, `git add` and `git commit` take for the last state of the working files.
///
/// Content: `DIRC`, version, count; for each path in byte order 62 bytes (times, device, inode, mode, owner, size, id,
/// flags), the path, and 1–8 NUL bytes up to a multiple of eight; extensions; the SHA-1 of all that. An update copies
/// the runs of paths that did not change as they stand, since only a few do and the whole must be written anyway:
/// 100,000 paths take about 20 ms. Extensions are dropped: they only cache, and what they cache has changed.
package struct IndexFile: Sendable {
  /// What Git compares to see at a glance that a file was not touched.
  package struct Stat: Hashable, Sendable {
    package var changeSeconds: UInt32
    package var changeNanoseconds: UInt32
    package var modificationSeconds: UInt32
    package var modificationNanoseconds: UInt32
    package var device: UInt32
    package var inode: UInt32
    package var user: UInt32
    package var group: UInt32
    package var size: UInt32

    package init(
      changeSeconds: UInt32, changeNanoseconds: UInt32, modificationSeconds: UInt32, modificationNanoseconds: UInt32,
      device: UInt32, inode: UInt32, user: UInt32, group: UInt32, size: UInt32
    ) {
      self.changeSeconds = changeSeconds
      self.changeNanoseconds = changeNanoseconds
      self.modificationSeconds = modificationSeconds
      self.modificationNanoseconds = modificationNanoseconds
      self.device = device
      self.inode = inode
      self.user = user
      self.group = group
      self.size = size
    }

    /// Whether a file was, most likely, not touched between the two. Like Git's own comparison it leaves the device out:
    /// programs write what they like there.
    package func isLike(_ other: Stat) -> Bool {
      var other = other
      other.device = device
      return self == other
    }

    /// Zeroes: Git compares the content then.
    package static let unknown = Stat(
      changeSeconds: 0, changeNanoseconds: 0, modificationSeconds: 0, modificationNanoseconds: 0, device: 0, inode: 0,
      user: 0, group: 0, size: 0)
  }

  package struct Entry: Hashable, Sendable {
    package var id: ObjectID
    package var stat: Stat
    /// Type and permission bits, as in a tree.
    package var mode: UInt32

    package init(id: ObjectID, stat: Stat, mode: UInt32 = IndexFile.regularFile) {
      self.id = id
      self.stat = stat
      self.mode = mode
    }
  }

  /// A path and what now stands there; nil when it is gone.
  package struct Change: Sendable {
    package var path: [UInt8]
    package var entry: Entry?

    package init(path: [UInt8], entry: Entry?) {
      self.path = path
      self.entry = entry
    }
  }

  private let bytes: [UInt8]
  /// Where each path's 62 bytes begin, and after the last one their end.
  private let offsets: [UInt32]

  private static let headerSize = 12
  private static let fixedSize = 62
  package static let regularFile: UInt32 = 0o100644
  private static let stageMask: UInt8 = 0x30
  private static let extendedFlag: UInt8 = 0x40

  /// An index of no paths.
  package init() {
    bytes = []
    offsets = [0]
  }

  /// Reads an index of version 2 (or 3 where it uses none of its additions). Throws `.failed` for other layouts, such
  /// as version 4, a split index, or one with paths that are only intended to be added, and `.damaged` for broken ones.
  package init(parsing bytes: [UInt8]) throws(GitError) {
    func word(_ offset: Int) -> UInt32 {
      UInt32(bytes[offset]) << 24 | UInt32(bytes[offset + 1]) << 16 | UInt32(bytes[offset + 2]) << 8
        | UInt32(bytes[offset + 3])
    }
    func failure(_ code: GitError.Code, _ reason: String) -> GitError { GitError(code, "read the Git index", reason) }
    guard bytes.count >= Self.headerSize + ObjectID.byteCount, Array(bytes[0..<4]) == Array("DIRC".utf8) else {
      throw failure(.damaged, "it is cut short")
    }
    guard word(4) == 2 || word(4) == 3 else { throw failure(.failed, "its version is \(word(4))") }
    let end = bytes.count - ObjectID.byteCount
    var offsets: [UInt32] = []
    offsets.reserveCapacity(min(Int(word(8)), bytes.count / Self.fixedSize) + 1)
    var cursor = Self.headerSize
    for _ in 0..<word(8) {
      guard cursor + Self.fixedSize < end else { throw failure(.damaged, "it is cut short") }
      guard bytes[cursor + 60] & Self.extendedFlag == 0 else { throw failure(.failed, "it has extended flags") }
      offsets.append(UInt32(cursor))
      guard let size = Self.size(ofEntryAt: cursor, in: bytes.span, end: end) else {
        throw failure(.damaged, "it is cut short")
      }
      cursor += size
    }
    offsets.append(UInt32(cursor))
    if cursor + 4 <= end, Array(bytes[cursor..<(cursor + 4)]) == Array("link".utf8) {
      throw failure(.failed, "it is split")
    }
    self.bytes = bytes
    self.offsets = offsets
  }

  private static func size(ofEntryAt start: Int, in bytes: Span<UInt8>, end: Int) -> Int? {
    var length = Int(bytes[start + 60] & 0x0F) << 8 | Int(bytes[start + 61])
    if length == 0xFFF {
      while start + fixedSize + length < end, bytes[start + fixedSize + length] != 0 { length += 1 }
    }
    let size = (fixedSize + length + 8) & ~7
    return start + size <= end ? size : nil
  }

  package var count: Int { offsets.count - 1 }

  package func path(at index: Int) -> ArraySlice<UInt8> {
    let start = Int(offsets[index]) + Self.fixedSize
    var end = Int(offsets[index + 1])
    while end > start, bytes[end - 1] == 0 { end -= 1 }
    return bytes[start..<end]
  }

  package func id(at index: Int) -> ObjectID {
    ObjectID(bytes, at: Int(offsets[index]) + 40)
  }

  package func entry(at index: Int) -> Entry {
    func word(_ place: Int) -> UInt32 {
      let offset = Int(offsets[index]) + 4 * place
      return UInt32(bytes[offset]) << 24 | UInt32(bytes[offset + 1]) << 16 | UInt32(bytes[offset + 2]) << 8
        | UInt32(bytes[offset + 3])
    }
    return Entry(
      id: id(at: index),
      stat: Stat(
        changeSeconds: word(0), changeNanoseconds: word(1), modificationSeconds: word(2),
        modificationNanoseconds: word(3), device: word(4), inode: word(5), user: word(7), group: word(8), size: word(9)),
      mode: word(6))
  }

  /// What an index names in a folder.
  package struct Folder: Sendable {
    /// The files right in it, by their names.
    package var files: [String: Entry] = [:]
    /// The names of the folders in it that hold files.
    package var folders: [String] = []
  }

  /// What stands in a folder, such as `tasks/2026`.
  package func folder(_ path: String) -> Folder {
    let prefix = Array("\(path)/".utf8)
    var folder = Folder()
    var place = firstIndex(notBefore: prefix[...], from: 0)
    while place < count {
      let path = self.path(at: place)
      guard path.starts(with: prefix) else { break }
      let rest = path.dropFirst(prefix.count)
      guard let slash = rest.firstIndex(of: UInt8(ascii: "/")) else {
        folder.files[String(decoding: rest, as: UTF8.self)] = entry(at: place)
        place += 1
        continue
      }
      folder.folders.append(String(decoding: rest[..<slash], as: UTF8.self))
      // What comes next in the order of bytes is the first path that is not in that folder.
      place = firstIndex(notBefore: path[..<slash] + [UInt8(ascii: "/") + 1], from: place)
    }
    return folder
  }

  /// Whether a person is in the middle of a merge: a path stands there in several stages.
  package var hasUnmergedPaths: Bool {
    offsets.dropLast().contains { bytes[Int($0) + 60] & Self.stageMask != 0 }
  }
}

extension IndexFile {
  /// The bytes of an index in which these changes are made. They must be ordered by path, each path once.
  package func applying(_ changes: [Change]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + changes.count * 128 + 64)
    output.append(contentsOf: "DIRC".utf8)
    appendBigEndian(2, to: &output)
    appendBigEndian(0, to: &output)
    var total: UInt32 = 0
    var next = 0
    for change in changes {
      let place = firstIndex(notBefore: change.path[...], from: next)
      appendRun(next..<place, to: &output)
      total += UInt32(place - next)
      next = place
      while next < count, path(at: next).elementsEqual(change.path) { next += 1 }
      guard let entry = change.entry else { continue }
      Self.append(change.path, entry, to: &output)
      total += 1
    }
    appendRun(next..<count, to: &output)
    total += UInt32(count - next)
    var header: [UInt8] = []
    appendBigEndian(total, to: &header)
    output.replaceSubrange(8..<12, with: header)
    sha1(output).append(to: &output)
    return output
  }

  private func appendRun(_ run: Range<Int>, to output: inout [UInt8]) {
    guard !run.isEmpty else { return }
    output.append(contentsOf: bytes[Int(offsets[run.lowerBound])..<Int(offsets[run.upperBound])])
  }

  private func firstIndex(notBefore path: ArraySlice<UInt8>, from start: Int) -> Int {
    var (low, high) = (start, count)
    while low < high {
      let middle = (low + high) / 2
      if self.path(at: middle).lexicographicallyPrecedes(path) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func append(_ path: [UInt8], _ entry: Entry, to output: inout [UInt8]) {
    let start = output.count
    let stat = entry.stat
    for word in [
      stat.changeSeconds, stat.changeNanoseconds, stat.modificationSeconds, stat.modificationNanoseconds, stat.device,
      stat.inode, entry.mode, stat.user, stat.group, stat.size,
    ] {
      appendBigEndian(word, to: &output)
    }
    entry.id.append(to: &output)
    let length = min(path.count, 0xFFF)
    output.append(UInt8(length >> 8))
    output.append(UInt8(length & 0xFF))
    output.append(contentsOf: path)
    output.append(contentsOf: repeatElement(0, count: 8 - (output.count - start) % 8))
  }
}
