/// What differs between two versions of one folder, read from the bytes of both: only names that differ cost more than a
/// comparison, also in a folder of very many.
///
/// A name that is a folder in one and a file in the other is two names, as in Git's order of them.
package enum TreeChanges {
  /// A name that holds something else than before, or has another mode.
  package struct Change: Sendable {
    package let isFolder: Bool
    /// A commit of another repository, whose objects are not here.
    package let isSubmodule: Bool
    /// What the name holds; nil when it is gone.
    package let id: ObjectID?
    /// What it held before; nil when it was not there.
    package let previous: ObjectID?
    private let folder: [UInt8]
    private let place: Range<Int>

    package var name: String { String(decoding: folder[place], as: UTF8.self) }

    fileprivate init(_ entry: Entry, of folder: [UInt8], id: ObjectID?, previous: ObjectID?) {
      (isFolder, isSubmodule, place) = (entry.isFolder, entry.isSubmodule, entry.name)
      self.folder = folder
      self.id = id
      self.previous = previous
    }
  }

  /// The changes from one version to the other, in Git's order of the names. Throws when the bytes are no tree.
  package static func between(_ old: [UInt8], _ new: [UInt8]) throws(GitError) -> [Change] {
    var changes: [Change] = []
    let (oldBytes, newBytes) = (old.span, new.span)
    let start = try endOfEqualEntries(old, new)
    var before = try entry(oldBytes, at: start)
    var after = try entry(newBytes, at: start)
    while before != nil || after != nil {
      let known = changes.count
      let order = order(oldBytes, before, newBytes, after)
      if order == 0, let first = before, let second = after {
        if !areEqual(oldBytes, first, newBytes, second) {
          let (id, previous) = (ObjectID(newBytes, at: second.id), ObjectID(oldBytes, at: first.id))
          changes.append(Change(second, of: new, id: id, previous: previous))
        }
      } else if order < 0, let gone = before {
        changes.append(Change(gone, of: old, id: nil, previous: ObjectID(oldBytes, at: gone.id)))
      } else if let added = after {
        changes.append(Change(added, of: new, id: ObjectID(newBytes, at: added.id), previous: nil))
      }
      if order <= 0, let passed = before { before = try entry(oldBytes, at: passed.end) }
      if order >= 0, let passed = after { after = try entry(newBytes, at: passed.end) }
      if changes.count > known, haveEqualRest(old, before, new, after) { return changes }
    }
    return changes
  }

  // MARK: What both begin and end with

  /// Where the entries end that both begin with.
  private static func endOfEqualEntries(_ old: [UInt8], _ new: [UInt8]) throws(GitError) -> Int {
    let equal = equalBytes(old, 0, new, 0)
    var end = 0
    while let next = try entry(new.span, at: end), next.end <= equal { end = next.end }
    return end
  }

  /// Whether nothing else differs.
  private static func haveEqualRest(_ old: [UInt8], _ before: Entry?, _ new: [UInt8], _ after: Entry?) -> Bool {
    guard let before, let after else { return before == nil && after == nil }
    let rest = old.count - before.start
    return new.count - after.start == rest && equalBytes(old, before.start, new, after.start) == rest
  }

  /// How many bytes are equal from two places on.
  private static func equalBytes(_ old: [UInt8], _ first: Int, _ new: [UInt8], _ second: Int) -> Int {
    let count = min(old.count - first, new.count - second)
    return unsafe old.withUnsafeBytes { left in
      unsafe new.withUnsafeBytes { right in
        var equal = 0
        while equal + 8 <= count,
          unsafe left.loadUnaligned(fromByteOffset: first + equal, as: UInt64.self)
            == right.loadUnaligned(fromByteOffset: second + equal, as: UInt64.self)
        { equal += 8 }
        while equal < count, unsafe left[first + equal] == right[second + equal] { equal += 1 }
        return equal
      }
    }
  }

  fileprivate struct Entry {
    let start: Int
    let isFolder: Bool
    let isSubmodule: Bool
    let name: Range<Int>
    var id: Int { name.upperBound + 1 }
    var end: Int { id + ObjectID.byteCount }
  }

  private static func entry(_ bytes: Span<UInt8>, at start: Int) throws(GitError) -> Entry? {
    guard start < bytes.count else { return nil }
    var cursor = start
    while cursor < bytes.count, bytes[cursor] != UInt8(ascii: " ") { cursor += 1 }
    let name = cursor + 1
    while cursor < bytes.count, bytes[cursor] != 0 { cursor += 1 }
    guard name <= cursor, cursor + ObjectID.byteCount < bytes.count else {
      throw GitError(.damaged, "read a tree", "its content is cut short")
    }
    // The modes are 40000 for a folder, 160000 for a submodule, and 100644, 100755 and 120000 for what is a blob.
    let isSubmodule = bytes[start] == UInt8(ascii: "1") && bytes[start + 1] == UInt8(ascii: "6")
    return Entry(
      start: start, isFolder: bytes[start] == UInt8(ascii: "4"), isSubmodule: isSubmodule, name: name..<cursor)
  }

  /// Whether two entries of one name have the same mode and id.
  private static func areEqual(_ left: Span<UInt8>, _ first: Entry, _ right: Span<UInt8>, _ second: Entry) -> Bool {
    guard first.end - first.start == second.end - second.start else { return false }
    for offset in 0..<(first.end - first.start) where left[first.start + offset] != right[second.start + offset] {
      return false
    }
    return true
  }

  /// Git's order, in which a folder's name counts as if it ended in `/`; what is not there comes last.
  private static func order(_ left: Span<UInt8>, _ first: Entry?, _ right: Span<UInt8>, _ second: Entry?) -> Int {
    guard let first else { return second == nil ? 0 : 1 }
    guard let second else { return -1 }
    let common = min(first.name.count, second.name.count)
    var index = 0
    while index < common {
      let difference = Int(left[first.name.lowerBound + index]) - Int(right[second.name.lowerBound + index])
      if difference != 0 { return difference }
      index += 1
    }
    func next(_ bytes: Span<UInt8>, _ entry: Entry) -> Int {
      common < entry.name.count
        ? Int(bytes[entry.name.lowerBound + common]) : entry.isFolder ? Int(UInt8(ascii: "/")) : 0
    }
    return next(left, first) - next(right, second)
  }
}
