/// What differs between two versions of one folder, read from the bytes of both.
///
/// A name that is a folder in one and a file in the other is two names, as in Git's order of them.
enum TreeChanges {
  /// An entry that is new or holds something else than before.
  struct Change {
    var isFolder: Bool
    /// A commit of another repository, whose objects are not here.
    var isSubmodule: Bool
    var id: ObjectID
    /// What the name held before; nil when it was not there.
    var previous: ObjectID?
  }

  static func between(_ old: [UInt8], _ new: [UInt8]) throws(GitError) -> [Change] {
    var changes: [Change] = []
    let (oldSpan, newSpan) = (old.span, new.span)
    var before = try entry(oldSpan, at: 0)
    var after = try entry(newSpan, at: 0)
    while let current = after {
      var previous: ObjectID?
      while let candidate = before {
        let order = order(newSpan, current, oldSpan, candidate)
        if order < 0 { break }
        before = try entry(oldSpan, at: candidate.end)
        if order == 0 {
          previous = ObjectID(oldSpan, at: candidate.id)
          break
        }
      }
      let id = ObjectID(newSpan, at: current.id)
      if id != previous {
        changes.append(
          Change(isFolder: current.isFolder, isSubmodule: current.isSubmodule, id: id, previous: previous))
      }
      after = try entry(newSpan, at: current.end)
    }
    return changes
  }

  private struct Entry {
    var isFolder: Bool
    var isSubmodule: Bool
    var name: Range<Int>
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
    return Entry(isFolder: bytes[start] == UInt8(ascii: "4"), isSubmodule: isSubmodule, name: name..<cursor)
  }

  /// Git's order, in which a folder's name counts as if it ended in `/`.
  private static func order(_ left: Span<UInt8>, _ first: Entry, _ right: Span<UInt8>, _ second: Entry) -> Int {
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
