import Documents
import Git

/// Joins the files of two sides: a document by the rules of its kind, a series as a union, any other file as a whole.
///
/// What one side alone changed is as that side has it. Where a side deleted what the other changed, the change stays. A
/// function of the three and of which side ranks first: what is written is the first side's text, changed where it must be.
struct FilesMerge {
  let objects: ObjectReader
  var base: MergeSide
  var first: MergeSide
  var second: MergeSide
  /// Contents that are in no commit yet.
  private(set) var made: [ObjectID: GitObject]
  /// What becomes of the first side's files; nil for one that goes.
  private(set) var changes: [String: ObjectID?] = [:]
  var collisions: [FileCollision] = []
  /// By the schemas of both.
  private(set) var kinds = Kinds()
  private(set) var lifting = MergeVersions()

  init(
    base: MergeSide, _ one: MergeSide, _ other: MergeSide, making made: [ObjectID: GitObject], _ objects: ObjectReader
  ) throws(GitError) {
    self.objects = objects
    self.base = base
    (first, second) = Ranked.inOrder(one.ranked(one), other.ranked(other))
    self.made = made
    let (inFirst, inSecond) = (try self.base.differences(to: &first), try self.base.differences(to: &second))
    for path in inSecond.filter(\.isSchema).sorted() { try joinWhole(path) }
    kinds = try joinedKinds()
    lifting = try MergeVersions(of: first, and: second)
    let (left, right) = (subjects(inFirst), subjects(inSecond))
    for (subject, paths) in right.sorted(by: { $0.key.description < $1.key.description }) {
      if let others = left[subject] {
        try join(subject, others, paths)
      } else {
        for path in paths { try takeSecond(path) }
      }
    }
    try lift(inFirst, from: \.first)
    try lift(inSecond, from: \.second)
    for path in changes.keys.sorted() where changes[path] != .some(nil) { try settle(path) }
  }

  // MARK: What belongs together

  private enum Subject: Hashable, CustomStringConvertible {
    /// With its series.
    case document(DocumentAddress)
    case file(String)

    var description: String {
      switch self {
      case .document(let address): "\(address)"
      case .file(let path): path
      }
    }
  }

  private func subjects(_ paths: Set<String>) -> [Subject: [String]] {
    Dictionary(grouping: paths.filter { !$0.isSchema }) { path -> Subject in
      StoreLayout.place(of: path, kinds).address.map { .document($0) } ?? .file(path)
    }
  }

  private mutating func join(_ subject: Subject, _ inFirst: [String], _ inSecond: [String]) throws(GitError) {
    switch subject {
    case .file(let path): path == StoreLayout.manifest ? try joinManifest() : try joinWhole(path)
    case .document(let address):
      guard let kind = kinds.kind(ifKnown: address.collection.text) else { return }
      try joinDocument(address, kind, inFirst, inSecond)
    }
  }

  // MARK: Files

  /// The first side's schemas with what became of them. Of those that do not go together the first by name counts.
  private func joinedKinds() throws(GitError) -> Kinds {
    var files = try first.files(in: StoreLayout.schemas)
    for (path, id) in changes { files[path] = id }
    var schemas: [SchemaFile] = []
    for (path, id) in files.sorted(by: { $0.key < $1.key }) {
      if let schema = SchemaFile(path: path, bytes: try content(id)) { schemas.append(schema) }
    }
    return Kinds().changingWhereGood(schemas)
  }

  /// A file that is no document is one thing.
  mutating func joinWhole(_ path: String) throws(GitError) {
    let (before, one, other) = try versions(of: path)
    guard other != before, other != one else { return }
    if one == nil || one == before { set(path, to: other) }
    if one == before { return }
    let merge = JSONMerge(
      base: try value(of: before), one: first.ranked(try value(of: one)), other: second.ranked(try value(of: other)),
      rules: .whole)
    collisions += merge.collisions.map { FileCollision($0, in: path) }
  }

  private mutating func joinManifest() throws(GitError) {
    let (before, one, other) = try versions(of: StoreLayout.manifest)
    guard let left = try text(of: one), let right = try text(of: other) else {
      return try joinWhole(StoreLayout.manifest)
    }
    let merge = DocumentMerge(base: try text(of: before), first: left, second: right, rules: .ofManifest)
    set(StoreLayout.manifest, to: merge.text ?? left, from: one)
    collisions += merge.collisions.map { FileCollision($0, in: StoreLayout.manifest) }
  }

  /// Where the first side has a folder no file can stand, nor one below a file of its. What it has stays.
  private mutating func settle(_ path: String) throws(GitError) {
    guard try first.file(at: path) == nil, try !canStand(path) else { return }
    let lost = try value(of: changes.removeValue(forKey: path) ?? nil)
    let collision = JSONMerge.Collision(pointer: .root, base: nil, kept: nil, lost: lost, keptSide: .first)
    collisions.append(FileCollision(collision, in: path))
  }

  private mutating func canStand(_ path: String) throws(GitError) -> Bool {
    var above = StoreLayout.parent(of: path)
    while !above.isEmpty {
      let file = if let changed = changes[above] { changed } else { try first.file(at: above) }
      if file != nil { return false }
      above = StoreLayout.parent(of: above)
    }
    guard try first.hasFolder(at: path) else { return true }
    return try first.files(in: path).keys.allSatisfy { changes[$0] == .some(nil) }
  }

  mutating func takeSecond(_ path: String) throws(GitError) {
    set(path, to: try second.file(at: path))
  }

  mutating func set(_ path: String, to id: ObjectID?) { changes[path] = .some(id) }

  mutating func set(_ path: String, to text: JSONText, from old: ObjectID?) {
    let object = GitObject(.blob, text.bytes, predecessor: old)
    made[object.id] = object
    set(path, to: object.id)
  }

  // MARK: Contents

  mutating func versions(of path: String) throws(GitError) -> (base: ObjectID?, first: ObjectID?, second: ObjectID?) {
    (try base.file(at: path), try first.file(at: path), try second.file(at: path))
  }

  private func content(_ id: ObjectID) throws(GitError) -> [UInt8] {
    if let object = made[id] { return object.content }
    return try objects.blob(id)
  }

  /// Nil for nothing, and for what is no JSON.
  func text(of id: ObjectID?) throws(GitError) -> JSONText? {
    guard let content = try id.map({ id throws(GitError) in try content(id) }) else { return nil }
    return try? JSONText(parsing: content)
  }

  /// What stands for a file of any form: its JSON, its text, or else its name in Git.
  private func value(of id: ObjectID?) throws(GitError) -> JSONValue? {
    guard let id else { return nil }
    let content = try content(id)
    if let text = try? JSONText(parsing: content) { return text.root.value }
    return .string(String(validating: content, as: UTF8.self) ?? id.hex)
  }
}

/// A place in a file where both sides changed the same differently.
struct FileCollision {
  /// The address of a document, or the path of another file.
  let name: String
  /// The document's; nil for another file.
  let kind: Kind?
  let pointer: JSONPointer
  let collision: JSONMerge.Collision

  init(_ collision: JSONMerge.Collision, in name: String, of kind: Kind? = nil, at pointer: JSONPointer? = nil) {
    self.name = name
    self.kind = kind
    self.pointer = pointer ?? collision.pointer
    self.collision = collision
  }
}
