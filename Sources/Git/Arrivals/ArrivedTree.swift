/// A folder that somebody else made: its form is read strictly, and what stands in it is for the caller to judge.
struct ArrivedTree {
  struct Entry: Equatable {
    var mode: ArraySlice<UInt8>
    var name: ArraySlice<UInt8>
    var id: ObjectID

    var isFolder: Bool { mode.elementsEqual("40000".utf8) }

    /// Why it is not let in, as the end of a sentence about it; nil for a plain file or a folder.
    var fault: String? {
      switch String(decoding: mode, as: UTF8.self) {
      case "40000", "100644": nil
      case "100755": "is a program (mode 100755), and not a plain file"
      case "120000": "is a symbolic link"
      case "160000": "is a submodule"
      default: "is neither a plain file nor a folder"
      }
    }
  }

  /// In Git's order.
  let entries: [Entry]

  /// What is wrong with its form, as the end of a sentence about it or about one of its names.
  struct Fault: Error, Equatable {
    var name: ArraySlice<UInt8>?
    var reason: String
  }

  init(_ bytes: [UInt8]) throws(Fault) {
    var entries: [Entry] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      guard let space = rest.firstIndex(of: UInt8(ascii: " ")), let end = rest[space...].firstIndex(of: 0),
        rest.endIndex - end > ObjectID.byteCount
      else { throw Fault(name: nil, reason: "is cut short") }
      let next = end + 1 + ObjectID.byteCount
      let entry = Entry(mode: rest[..<space], name: rest[(space + 1)..<end], id: ObjectID(bytes, at: end + 1))
      if let last = entries.last, !Self.precedes(last, entry) {
        throw Fault(name: entry.name, reason: "stands twice or in the wrong place of its folder")
      }
      entries.append(entry)
      rest = rest[next...]
    }
    self.entries = entries
  }

  /// Git's order, in which a folder's name counts as if it ended in `/`.
  private static func precedes(_ left: Entry, _ right: Entry) -> Bool {
    func key(_ entry: Entry) -> [UInt8] { Array(entry.name) + (entry.isFolder ? [UInt8(ascii: "/")] : []) }
    return key(left).lexicographicallyPrecedes(key(right))
  }
}

extension ArrivedTree {
  /// An entry with what it held before.
  struct Replacement {
    var entry: Entry
    var before: ObjectID
  }

  /// What differs between two folders that have the same names and modes; nil where anything else differs. Nearly all
  /// commits are such changes in nearly all of their folders, so nothing is made of what stayed.
  static func replacements(in new: [UInt8], of old: [UInt8]) -> [Replacement]? {
    guard new.count == old.count else { return nil }
    var replacements: [Replacement] = []
    var (start, space) = (0, 0)
    while start < new.count {
      var cursor = start
      while cursor < new.count, new[cursor] == old[cursor], new[cursor] != 0 {
        if new[cursor] == UInt8(ascii: " "), space <= start { space = cursor }
        cursor += 1
      }
      guard cursor + ObjectID.byteCount < new.count, new[cursor] == old[cursor], space > start else { return nil }
      let (id, before) = (ObjectID(new, at: cursor + 1), ObjectID(old, at: cursor + 1))
      if id != before {
        let entry = Entry(mode: new[start..<space], name: new[(space + 1)..<cursor], id: id)
        replacements.append(Replacement(entry: entry, before: before))
      }
      start = cursor + 1 + ObjectID.byteCount
    }
    return replacements
  }
}
