/// Reads the objects of several pack files, and those that are in none of them from elsewhere; what was read lately is
/// kept, since the next ones are often deltas on it.
package struct PackReader {
  private struct Place: Hashable {
    var file: Int
    var place: Int
  }

  let files: [PackFile]
  private let elsewhere: (ObjectID) throws -> GitObject?
  private var cache = ContentCache<Place, GitObject>()

  package init(_ files: [PackFile], elsewhere: @escaping (ObjectID) throws -> GitObject? = { _ in nil }) {
    self.files = files
    self.elsewhere = elsewhere
  }

  /// Throws `.notFound` when the object is nowhere.
  package mutating func object(_ id: ObjectID) throws -> GitObject {
    for (number, file) in files.enumerated() {
      guard let place = file.layout.place(of: id) else { continue }
      return try object(at: Place(file: number, place: place))
    }
    if let object = try elsewhere(id) { return object }
    throw GitError(.notFound, "read object \(id.hex)", "it is not there")
  }

  /// The content of an object that must be of this kind.
  package mutating func content(_ id: ObjectID, _ kind: ObjectKind) throws -> [UInt8] {
    let object = try object(id)
    guard object.kind == kind else {
      throw GitError(.damaged, "read object \(id.hex)", "it is a \(object.kind.name), not a \(kind.name)")
    }
    return object.content
  }

  /// Reads what the object is a delta on first. All of the chain is kept: who goes through a history reads each of it.
  private mutating func object(at place: Place) throws -> GitObject {
    let file = files[place.file]
    var deltas: [(place: Place, content: [UInt8])] = []
    var cursor = place
    var object: GitObject
    while true {
      if let known = cache.content(cursor) {
        object = known
        break
      }
      let (entry, bytes) = try file.entry(cursor.place)
      let content = try Zlib.inflated(bytes.span.extracting(entry.stream), size: entry.size)
      guard let base = try file.base(of: entry) else {
        guard let kind = ObjectKind(rawValue: entry.type) else {
          throw PackSource.damaged("an entry of an unknown type")
        }
        object = keep(content, kind, at: cursor)
        break
      }
      deltas.append((cursor, content))
      guard deltas.count <= PackSource.maximumChain else { throw PackSource.damaged("an endless chain of deltas") }
      cursor.place = base
    }
    for delta in deltas.reversed() {
      object = keep(try Delta.applied(delta.content, to: object.content), object.kind, at: delta.place)
    }
    return object
  }

  private mutating func keep(_ content: [UInt8], _ kind: ObjectKind, at place: Place) -> GitObject {
    let object = GitObject(id: files[place.file].layout.row(place.place).id, kind, content)
    cache.insert(object, place, bytes: content.count)
    return object
  }

  /// What these commits say of their parents, however they are kept.
  package mutating func parents(of commits: [ObjectID]) throws -> Set<ObjectID> {
    var parents: Set<ObjectID> = []
    for id in commits { parents.formUnion(try CommitLinks(content(id, .commit)).parents) }
    return parents
  }
}
