/// All documents of a kind in one snapshot, read a page at a time.
package struct DocumentScan {
  private let snapshot: Snapshot
  /// The next page; nil behind the last one.
  private var query: Query?
  private var page: ArraySlice<Document> = []

  fileprivate init(_ kind: Kind, in snapshot: Snapshot) {
    self.snapshot = snapshot
    query = Query(kind.collection.text).limited(to: Limits.scannedDocuments)
  }

  package mutating func next() throws(StoreError) -> Document? {
    while page.isEmpty, let query {
      let found = try snapshot.query(query)
      page = found.documents[...]
      self.query = found.next.map { query.after($0) }
    }
    return page.popFirst()
  }
}

extension Snapshot {
  package func documents(of kind: Kind) -> DocumentScan { DocumentScan(kind, in: self) }
}
