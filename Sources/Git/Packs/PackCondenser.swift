/// Makes one tight pack of several: each object a delta on the version before it, and all of it compressed.
///
/// Which version came before is read off the commits: the same path in the first parent. For a new path the caller may
/// know of something alike. So nothing is searched among objects, only between two of them (`DeltaSearch`). Deltas lead
/// from new to old, and objects stand in the order of their commits, bases first: then a condensed pack can be the
/// *foundation* of the next one, copied in its order while only what is new is worked on. A chain of deltas starts over
/// with a whole object at its limit.
///
/// What an entry of a source holds is copied as it stands when it is compressed and, if it is a delta, its base stands
/// in the result already. Objects that no commit leads to are kept like the others.
package struct PackCondenser: ~Copyable {
  /// The longest chain of deltas, which bounds the steps of reading an object; Git makes 50 by default.
  package static let maximumChain = 64
  /// The same for commits: the history reads all of them.
  package static let maximumCommitChain = 32

  private let sources: [PackSource]
  private var contents: PackContents
  private var writer = PackWriter()
  private var commits: [ObjectID: CommitLinks] = [:]
  private let elsewhere: (ObjectID) throws(GitError) -> [UInt8]?
  private let like: (ObjectID) -> ObjectID?
  private let isCancelled: () -> Bool

  /// The condensed pack, proven to hold every object of the sources.
  ///
  /// - Parameters:
  ///   - sources: At least one; those that were condensed before first, the largest of them foremost.
  ///   - foundation: Whether the first source is a foundation: condensed already.
  ///   - elsewhere: Reads an object that none of the sources holds, such as a folder of a parent; nil when there is none.
  ///   - like: Names another object that a new file is much like, if one is known.
  ///   - isCancelled: Asked between objects; when it says yes, `.cancelled` is thrown.
  package static func condensed(
    _ sources: [PackSource], foundation: Bool,
    elsewhere: @escaping (ObjectID) throws(GitError) -> [UInt8]?,
    like: @escaping (ObjectID) -> ObjectID? = { _ in nil }, isCancelled: @escaping () -> Bool = { false }
  ) throws(GitError) -> ComposedPack {
    var condenser = PackCondenser(sources, elsewhere, like, isCancelled)
    if foundation { try condenser.addAll(of: 0) }
    for source in (foundation ? 1 : 0)..<sources.count { try condenser.addCommits(of: source) }
    for source in 0..<sources.count { try condenser.addAll(of: source) }
    let pack = condenser.writer.finish()
    try PackProof.check(pack, holds: sources, isCancelled: isCancelled)
    return pack
  }

  private init(
    _ sources: [PackSource], _ elsewhere: @escaping (ObjectID) throws(GitError) -> [UInt8]?,
    _ like: @escaping (ObjectID) -> ObjectID?, _ isCancelled: @escaping () -> Bool
  ) {
    self.sources = sources
    self.elsewhere = elsewhere
    self.like = like
    self.isCancelled = isCancelled
    contents = PackContents(sources)
  }

  // MARK: Going through the objects

  /// Everything that is not in the result yet, in the order of the pack.
  private mutating func addAll(of source: Int) throws(GitError) {
    for place in 0..<sources[source].objectCount {
      let row = sources[source].row(place)
      try add(row.id, at: PackContents.Place(source: source, offset: row.offset), base: nil)
    }
  }

  /// All commits with what they changed, parents first.
  private mutating func addCommits(of source: Int) throws(GitError) {
    for place in 0..<sources[source].objectCount {
      let row = sources[source].row(place)
      let place = PackContents.Place(source: source, offset: row.offset)
      guard !writer.contains(row.id), try contents.kind(at: place) == .commit else { continue }
      var waiting = [row.id]
      while let id = waiting.last {
        guard !writer.contains(id), let place = contents.place(of: id) else {
          waiting.removeLast()
          continue
        }
        let links = try links(of: id, at: place)
        let first = links.parents.filter { !writer.contains($0) && contents.place(of: $0) != nil }
        if first.isEmpty {
          try addCommit(id, at: place, links)
          commits[id] = nil
        } else {
          waiting.append(contentsOf: first)
        }
      }
    }
  }

  private mutating func links(of commit: ObjectID, at place: PackContents.Place) throws(GitError) -> CommitLinks {
    if let known = commits[commit] { return known }
    let links = try CommitLinks(contents.content(at: place))
    commits[commit] = links
    return links
  }

  private mutating func addCommit(
    _ id: ObjectID, at place: PackContents.Place, _ links: CommitLinks
  ) throws(GitError) {
    var previous: ObjectID?
    if let parent = links.parents.first, let content = try contents.content(of: parent, elsewhere: elsewhere) {
      previous = try CommitLinks(content).tree
    }
    try addTree(links.tree, previous: previous)
    try add(id, at: place, base: links.parents.first)
  }

  /// A folder with what changed in it. What is in the result, or in no source, is not looked into.
  private mutating func addTree(_ id: ObjectID, previous: ObjectID?) throws(GitError) {
    guard id != previous, !writer.contains(id), let place = contents.place(of: id) else { return }
    let before = try previous.flatMap { id throws(GitError) in try contents.content(of: id, elsewhere: elsewhere) }
    for change in try TreeChanges.between(before ?? [], contents.content(at: place)) {
      guard let id = change.id else { continue }
      if change.isFolder {
        try addTree(id, previous: change.previous)
      } else if !writer.contains(id), let place = contents.place(of: id) {
        try add(id, at: place, base: change.previous ?? like(id))
      }
    }
    try add(id, at: place, base: previous)
  }

  // MARK: One object

  private mutating func add(_ id: ObjectID, at place: PackContents.Place, base: ObjectID?) throws(GitError) {
    guard !writer.contains(id) else { return }
    guard !isCancelled() else { throw GitError(.cancelled, "condense packs", "it is to end") }
    let source = sources[place.source]
    let entry = try source.entry(at: place.offset)
    let kind = try contents.kind(at: place)
    let limit = kind == .commit ? Self.maximumCommitChain : Self.maximumChain
    let own = entry.baseOffset.flatMap { source.id(at: $0) }
    if entry.isCompressed(in: source.pack), copy(id, entry, own, contents.stream(of: entry, at: place), base, limit) {
      return
    }
    let content = try contents.content(at: place)
    let candidate = base ?? own
    if let candidate, let chain = writer.chain(candidate), chain < limit,
      try addDelta(id, content, on: candidate, kind)
    {
      return
    }
    let stream = try Zlib.compressed(content)
    writer.add(id, kind.rawValue, size: content.count, stream: stream[...])
  }

  /// Copies what a source made of the object, if it can stand in the result; false when it is to be made anew.
  private mutating func copy(
    _ id: ObjectID, _ entry: PackEntry, _ own: ObjectID?, _ stream: ArraySlice<UInt8>, _ base: ObjectID?, _ limit: Int
  ) -> Bool {
    if let own {
      guard let chain = writer.chain(own), chain < limit else { return false }
      writer.add(id, deltaOn: own, size: entry.size, stream: stream)
      return true
    }
    // A whole object that could be a delta now is made one.
    if let base, let chain = writer.chain(base), chain < limit { return false }
    writer.add(id, entry.type, size: entry.size, stream: stream)
    return true
  }

  /// Adds the object as a delta; false when that would not be smaller.
  private mutating func addDelta(
    _ id: ObjectID, _ content: [UInt8], on base: ObjectID, _ kind: ObjectKind
  ) throws(GitError) -> Bool {
    guard let place = contents.place(of: base), try contents.kind(at: place) == kind else { return false }
    let source = try contents.content(at: place)
    guard let delta = DeltaSearch.delta(from: source, to: content, most: content.count) else { return false }
    let stream = try Zlib.compressed(delta)
    // What is far smaller than the content needs no comparison with it.
    if stream.count > content.count / 5, try stream.count >= Zlib.compressed(content).count { return false }
    writer.add(id, deltaOn: base, size: delta.count, stream: stream[...])
    return true
  }
}
