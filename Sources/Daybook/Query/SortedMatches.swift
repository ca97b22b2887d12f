import Documents

/// What a query found, put into the order of a member and then of the ids; a page is cut out of it. Only where the
/// documents are is kept until then: all that match may be more than memory holds.
struct SortedMatches {
  private let query: Query
  /// What all keys begin with: it tells another query's cursor from one of this order.
  private let start: [UInt8]
  private var matches: [Match] = []

  private struct Match {
    let key: [UInt8]
    let address: DocumentAddress
    let revision: Revision
    let sequence: UInt64

    func document(in snapshot: Snapshot) throws(StoreError) -> Document {
      Document(
        address: address, revision: revision, sequence: sequence, text: try snapshot.text(revision.id, of: address))
    }
  }

  init(_ query: Query) {
    self.query = query
    start = Index.name(collection: query.collection, id: query.order.map { "\($0)" } ?? "") + [0]
  }

  mutating func add(_ document: Document) {
    var key = start
    if let order = query.order { IndexKey.append(document.root[order], to: &key) }
    key.append(contentsOf: document.address.id.text.utf8)
    matches.append(
      Match(key: key, address: document.address, revision: document.revision, sequence: document.sequence))
  }

  /// - Parameters:
  ///   - snapshot: reads the documents of the page again.
  ///   - examined: how many documents were looked at.
  func page(in snapshot: Snapshot, examined: Int) throws(StoreError) -> Page {
    var matches = matches.sorted { query.puts($0.key, before: $1.key) }
    if let text = query.cursor {
      let last = try Cursor(text).key
      guard last.starts(with: start) else { throw Cursor.foreign(text) }
      matches.removeAll { !query.puts(last, before: $0.key) }
    }
    var filler = PageFiller(query.examining(atMost: .max), examined: examined)
    for match in matches {
      let page = try filler.look(at: match.key) { () throws(StoreError) in try match.document(in: snapshot) }
      if let page { return page }
    }
    return filler.end()
  }
}

extension Query {
  /// More documents would have to be read and sorted than may be.
  var tooMuchToSort: StoreError {
    StoreError(
      .limit, "No index has this order, and more than \(examined) documents would have to be sorted.",
      hint: "Order by a member that an index of the kind ends with, or ask for fewer.")
  }

  /// Whether one key comes before another in the query's direction.
  func puts(_ key: [UInt8], before other: [UInt8]) -> Bool {
    direction == .ascending ? key.lexicographicallyPrecedes(other) : other.lexicographicallyPrecedes(key)
  }
}
