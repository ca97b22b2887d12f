/// Looks at what one commit changes in its folders: only what differs from the folders before it is read.
struct TreeInspection {
  private let rules: ArrivalRules
  private var changes = 0

  /// A fault of a path.
  enum Fault: Error {
    case hostile(path: String, reason: String)
    case unreadable(GitError)
  }

  init(_ rules: ArrivalRules) {
    self.rules = rules
  }

  /// - Parameter before: The folder that was let in earlier and has this one's place; nil for none.
  mutating func inspect(
    _ tree: ObjectID, after before: ObjectID?, in repository: borrowing Repository, at path: String = "", depth: Int = 0
  ) throws(Fault) {
    guard tree != before else { return }
    guard depth <= rules.depth else { throw .hostile(path: path, reason: "lies deeper than \(rules.depth) folders") }
    try require(tree, .tree, rules.objectBytes, in: repository, at: path)
    let new = try bytes(of: tree, in: repository)
    let old = try before.map { before throws(Fault) in try bytes(of: before, in: repository) } ?? []
    if let replacements = ArrivedTree.replacements(in: new, of: old) {
      for change in replacements { try inspect(change.entry, after: change.before, in: repository, path, depth) }
    } else {
      try inspect(entries(new, at: path), after: entries(old, at: path), in: repository, path, depth)
    }
  }

  private mutating func inspect(
    _ new: [ArrivedTree.Entry], after old: [ArrivedTree.Entry], in repository: borrowing Repository, _ path: String,
    _ depth: Int
  ) throws(Fault) {
    guard new.count <= rules.names else { throw .hostile(path: path, reason: "has more than \(rules.names) names") }
    let known = Dictionary(old.map { ($0.name, $0) }) { first, _ in first }
    let isChanged = new.map { known[$0.name] != $0 }
    try requireOneCase(new, isChanged, at: path)
    for (entry, isChanged) in zip(new, isChanged) where isChanged {
      let earlier = known[entry.name].flatMap { $0.isFolder ? $0.id : nil }
      try inspect(entry, after: earlier, in: repository, path, depth)
    }
  }

  private mutating func inspect(
    _ entry: ArrivedTree.Entry, after before: ObjectID?, in repository: borrowing Repository, _ folder: String,
    _ depth: Int
  ) throws(Fault) {
    let path = try path(of: entry, in: folder)
    if entry.isFolder {
      try inspect(entry.id, after: before, in: repository, at: path, depth: depth + 1)
    } else {
      try require(entry.id, .blob, rules.fileBytes, in: repository, at: path)
    }
  }

  /// Counts a change, and answers its path if that may be let in.
  private mutating func path(of entry: ArrivedTree.Entry, in folder: String) throws(Fault) -> String {
    let path = Self.path(entry.name, in: folder)
    changes += 1
    guard changes <= rules.changes else {
      throw .hostile(path: path, reason: "is one more than the \(rules.changes) that a commit may change")
    }
    if let fault = SafeName.fault(of: entry.name) ?? entry.fault { throw .hostile(path: path, reason: fault) }
    guard path.utf8.count <= rules.pathBytes else {
      throw .hostile(path: path, reason: "has a path of more than \(rules.pathBytes) bytes")
    }
    return path
  }

  private func require(
    _ id: ObjectID, _ kind: ObjectKind, _ limit: Int, in repository: borrowing Repository, at path: String
  ) throws(Fault) {
    let found: (kind: ObjectKind?, bytes: Int)
    do throws(GitError) {
      found = try repository.head(of: id)
    } catch {
      throw .unreadable(error)
    }
    guard found.kind == kind else { throw .hostile(path: path, reason: "is no \(kind.name), as its folder says") }
    guard found.bytes <= limit else {
      throw .hostile(path: path, reason: "has \(found.bytes) bytes; \(limit) are the most")
    }
  }

  private func bytes(of tree: ObjectID, in repository: borrowing Repository) throws(Fault) -> [UInt8] {
    do throws(GitError) {
      return try repository.tree(tree).bytes
    } catch {
      throw .unreadable(error)
    }
  }

  private func entries(_ bytes: [UInt8], at path: String) throws(Fault) -> [ArrivedTree.Entry] {
    do throws(ArrivedTree.Fault) {
      return try ArrivedTree(bytes).entries
    } catch {
      throw .hostile(path: error.name.map { Self.path($0, in: path) } ?? path, reason: error.reason)
    }
  }

  /// Names that differ only in their letters' case are one file on many disks, where one would overwrite the other.
  /// Those that were let in before may stay.
  private func requireOneCase(_ entries: [ArrivedTree.Entry], _ isChanged: [Bool], at path: String) throws(Fault) {
    var seen: [String: Int] = [:]
    for (place, entry) in entries.enumerated() {
      guard let twin = seen.updateValue(place, forKey: SafeName.folded(entry.name)) else { continue }
      guard isChanged[place] || isChanged[twin] else { continue }
      let other = Self.printable(entries[twin].name)
      throw .hostile(path: Self.path(entry.name, in: path), reason: "is the same name as '\(other)' on many disks")
    }
  }

  private static func path(_ name: ArraySlice<UInt8>, in folder: String) -> String {
    (folder.isEmpty ? "" : folder + "/") + printable(name)
  }

  /// A name that comes from a stranger, for a message.
  private static func printable(_ name: ArraySlice<UInt8>) -> String {
    let scalars = String(decoding: name.prefix(SafeName.longest), as: UTF8.self).unicodeScalars
    return String(
      String.UnicodeScalarView(scalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
  }
}
