public import Documents
import Git

/// The store as a commit left it, read from that commit's folders as far as they are asked for.
///
/// ```swift
/// let yesterday = try store.snapshot().past(at: Point(parsing: "2026-11-20"))
/// let profile = try yesterday.document("profiles/llm/gpt-4o")
/// ```
///
/// It is read with the kinds that the store has today: what is no document to them, such as a file of a kind that is gone,
/// is not found.
public struct PastSnapshot: Sendable {
  /// The newest commit that it shows.
  public let commit: CommitSummary
  let present: Snapshot
  let root: ObjectID

  private var trees: TreeReader { TreeReader(root: root, objects: present.objects) }

  /// The document at an address; nil when there was none.
  public func document(_ address: String) throws(StoreError) -> Document? {
    try document(present.kinds.address(address))
  }

  public func document(_ address: DocumentAddress) throws(StoreError) -> Document? {
    let path = try StoreLayout.path(of: address, try present.kinds.kind(of: address.collection.text))
    guard let revision = try reading({ trees throws(GitError) in try trees.file(at: path) }) else { return nil }
    return try document(address, revision)
  }

  /// The items of a series, oldest first.
  public func series(_ series: String, of address: String) throws(StoreError) -> [JSONValue] {
    let address = try present.kinds.address(address)
    let kind = try present.kinds.kind(of: address.collection.text)
    _ = try kind.series(named: series)
    guard try document(address) != nil else { throw Preparer.missing(address) }
    let folder = try StoreLayout.folder(ofSeries: series, in: address, kind)
    let segments = try reading { trees throws(GitError) in
      try trees.folder(at: folder).map { id throws(GitError) in try present.objects.tree(id).entries() } ?? []
    }
    var items: [JSONValue] = []
    for segment in segments.sorted(by: { $0.name < $1.name }) {
      items += try present.text(segment.id, of: address).root.elements.map(\.value)
    }
    return items
  }

  /// How many documents a collection had.
  public func count(of collection: String) throws(StoreError) -> Int {
    try revisions(of: try present.kinds.kind(of: collection)).count
  }

  /// The documents that a query asks for. There is no secondary index of the past: conditions and orders read each document
  /// of the collection.
  public func query(_ query: Query) throws(StoreError) -> Page {
    let kind = try present.kinds.kind(of: query.collection)
    let prefix = (query.idPrefix ?? "").utf8
    let candidates = try revisions(of: kind).filter { $0.id.text.utf8.starts(with: prefix) }
    return query.order == nil
      ? try walked(candidates, query, kind) : try sorted(candidates, query, kind)
  }

  // MARK: Queries

  private typealias Candidate = (id: DocumentID, revision: ObjectID)

  private func walked(_ candidates: [Candidate], _ query: Query, _ kind: Kind) throws(StoreError) -> Page {
    let start = [Index.Space.document] + Index.name(collection: query.collection, id: "")
    let ordered = candidates.map { (key: start + Array($0.id.text.utf8), candidate: $0) }
      .sorted { query.puts($0.key, before: $1.key) }
    let last = try query.cursor.map { text throws(StoreError) in
      let key = try Cursor(text).key
      guard key.starts(with: start) else { throw Cursor.foreign(text) }
      return key
    }
    var filler = PageFiller(query)
    for (key, candidate) in ordered where last.map({ query.puts($0, before: key) }) ?? true {
      let page = try filler.look(at: key) { () throws(StoreError) in try document(candidate, query, kind) }
      if let page { return page }
    }
    return filler.end()
  }

  private func sorted(_ candidates: [Candidate], _ query: Query, _ kind: Kind) throws(StoreError) -> Page {
    var matches = SortedMatches(query)
    if candidates.count > query.examined { throw query.tooMuchToSort }
    for candidate in candidates {
      if let document = try document(candidate, query, kind) { matches.add(document) }
    }
    return try matches.page(in: present, examined: candidates.count)
  }

  private func document(_ candidate: Candidate, _ query: Query, _ kind: Kind) throws(StoreError) -> Document? {
    let address = DocumentAddress(collection: kind.collection, id: candidate.id)
    let document = try document(address, candidate.revision)
    return query.conditions.allSatisfy { $0.holds(for: document.root) } ? document : nil
  }

  // MARK: Reading

  private func document(_ address: DocumentAddress, _ revision: ObjectID) throws(StoreError) -> Document {
    let change = present.index.history(of: Index.name(of: address), before: commit.sequence + 1, limit: 1).first
    // A commit of another branch knows a revision that this history does not.
    let sequence = change?.revision == revision ? change?.sequence : nil
    return Document(
      address: address, revision: Revision(revision), sequence: sequence ?? commit.sequence,
      text: try present.text(revision, of: address))
  }

  private func revisions(of kind: Kind) throws(StoreError) -> [Candidate] {
    let collection = kind.collection.text
    var found: [Candidate] = []
    try reading { trees throws(GitError) in
      guard let folder = try trees.folder(at: collection) else { return }
      let difference = TreeDifference(objects: present.objects)
      try difference.visit(from: nil, to: folder, under: collection) { path, _, new throws(GitError) in
        guard let new, case .document(let address, _) = StoreLayout.place(of: path, present.kinds),
          address.collection == kind.collection
        else { return }
        found.append((address.id, new))
      }
    }
    return found
  }

  private func reading<Result>(_ body: (TreeReader) throws(GitError) -> Result) throws(StoreError) -> Result {
    try StoreOpening.reading("commit \(commit.commit.short)") { () throws(GitError) in try body(trees) }
  }
}

extension Snapshot {
  /// The store as it was at a point.
  public func past(at point: Point) throws(StoreError) -> PastSnapshot {
    let commit = try commit(at: point)
    let root = try StoreOpening.reading("commit \(commit.commit.short)") { () throws(GitError) in
      try objects.commit(commit.commit.id).tree
    }
    return PastSnapshot(commit: commit, present: self, root: root)
  }
}
