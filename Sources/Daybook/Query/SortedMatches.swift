import Documents

/// The documents that a query found, put into the order of a member and then of their ids; a page is cut out of them.
struct SortedMatches {
  private let query: Query
  /// What all keys begin with: it tells another query's cursor from one of this order.
  private let start: [UInt8]
  private var matches: [(key: [UInt8], document: Document)] = []

  init(_ query: Query) {
    self.query = query
    start = Index.name(collection: query.collection, id: query.order.map { "\($0)" } ?? "") + [0]
  }

  mutating func add(_ document: Document) {
    var key = start
    if let order = query.order { IndexKey.append(document.root[order], to: &key) }
    key.append(contentsOf: document.address.id.text.utf8)
    matches.append((key, document))
  }

  func page() throws(StoreError) -> Page {
    var matches = matches.sorted { query.puts($0.key, before: $1.key) }
    if let text = query.cursor {
      let last = try Cursor(text).key
      guard last.starts(with: start) else { throw Cursor.foreign(text) }
      matches.removeAll { !query.puts(last, before: $0.key) }
    }
    let page = matches.prefix(query.limit)
    let next = page.count < matches.count ? page.last.map { Cursor(key: $0.key).text } : nil
    return Page(documents: page.map(\.document), next: next)
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
