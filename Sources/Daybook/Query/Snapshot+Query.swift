import Documents
import Storage

extension Snapshot {
  /// The documents that a query asks for.
  ///
  /// - Throws: `.notFound` for an unknown collection, `.usage` for a cursor that is not from this query.
  public func query(_ query: Query) throws(StoreError) -> Page {
    let kind = try kinds.kind(of: query.collection)
    let plan = QueryPlan(query, kind)
    return plan.isOrdered
      ? try scanned(query, plan, kind) : try sorted(query, plan, kind)
  }

  /// Whether an index has the answer: then no document is read that is not in it.
  package func isIndexed(_ query: Query) throws(StoreError) -> Bool {
    let plan = QueryPlan(query, try kinds.kind(of: query.collection))
    return plan.isOrdered && plan.remaining.isEmpty
  }

  /// Whether an index gives the order: then a page reads no further than it must.
  package func isOrdered(_ query: Query) throws(StoreError) -> Bool {
    QueryPlan(query, try kinds.kind(of: query.collection)).isOrdered
  }

  /// How many documents a collection has.
  public func count(of collection: String) throws(StoreError) -> Int {
    _ = try kinds.kind(of: collection)
    return index.tree.count(in: .prefix([Index.Space.document] + Index.name(collection: collection, id: "")))
  }

  /// The ids of a collection's documents that begin so, in their order. Never touches the disk.
  package func ids(of collection: String, beginning prefix: String) throws(StoreError) -> [DocumentID] {
    _ = try kinds.kind(of: collection)
    let space = [Index.Space.document] + Index.name(collection: collection, id: "")
    var cursor = index.tree.cursor(.prefix(space + Array(prefix.utf8)))
    var ids: [DocumentID] = []
    while cursor.next() { ids.append(DocumentID(stored: String(decoding: cursor.key[space.count...], as: UTF8.self))) }
    return ids
  }

  /// The revisions of a collection's documents by their ids: equal as long as nothing in it changes. Never touches the
  /// disk.
  package func revisions(of collection: String) throws(StoreError) -> [DocumentID: Revision] {
    _ = try kinds.kind(of: collection)
    let prefix = [Index.Space.document] + Index.name(collection: collection, id: "")
    var cursor = index.tree.cursor(.prefix(prefix))
    var revisions: [DocumentID: Revision] = [:]
    while cursor.next() {
      let id = DocumentID(stored: String(decoding: cursor.key[prefix.count...], as: UTF8.self))
      revisions[id] = Revision(cursor.withValue { Index.DocumentState(value: $0) }.revision)
    }
    return revisions
  }

  /// The addresses of all documents that a query finds, whatever its limit, in the order of the keys that are scanned. No
  /// document is read when an index answers all of its conditions.
  package func addresses(_ query: Query) throws(StoreError) -> [DocumentAddress] {
    let kind = try kinds.kind(of: query.collection)
    let plan = QueryPlan(query, kind)
    var scan = StretchScan(plan.stretches, in: index.tree, plan.direction)
    var found: [DocumentAddress] = []
    while scan.next() {
      guard let address = address(at: scan, query, plan, kind) else { continue }
      if !plan.remaining.isEmpty, try document(at: scan, query, plan, kind) == nil { continue }
      found.append(address)
    }
    return found
  }

  // MARK: In the order of the keys

  private func scanned(_ query: Query, _ plan: QueryPlan, _ kind: Kind) throws(StoreError) -> Page {
    var scan = StretchScan(try plan.stretches(after: query.cursor), in: index.tree, plan.direction)
    var filler = PageFiller(query)
    while scan.next() {
      let page = try filler.look(at: scan.key) { () throws(StoreError) in try document(at: scan, query, plan, kind) }
      if let page { return page }
    }
    return filler.end()
  }

  private func address(
    at scan: borrowing StretchScan, _ query: Query, _ plan: QueryPlan, _ kind: Kind
  ) -> DocumentAddress? {
    guard let id = plan.id(in: scan.key, sharing: scan.sharedBytes) else { return nil }
    if let prefix = query.idPrefix, !id.utf8.starts(with: prefix.utf8) { return nil }
    return DocumentAddress(collection: kind.collection, id: DocumentID(stored: id))
  }

  /// The document that a key stands for, if it passes what the index could not tell.
  private func document(
    at scan: borrowing StretchScan, _ query: Query, _ plan: QueryPlan, _ kind: Kind
  ) throws(StoreError) -> Document? {
    guard let address = address(at: scan, query, plan, kind), let state = state(at: scan, address, plan, kind) else {
      return nil
    }
    let document = Document(
      address: address, revision: Revision(state.revision), sequence: state.sequence,
      text: try text(state.revision, of: address))
    return plan.remaining.allSatisfy { $0.holds(for: document.root) } ? document : nil
  }

  /// What the scanned value says. A secondary index does not learn of changes of a series, so there the document is
  /// looked up.
  private func state(
    at scan: borrowing StretchScan, _ address: DocumentAddress, _ plan: QueryPlan, _ kind: Kind
  ) -> Index.DocumentState? {
    if plan.source != .documents, !kind.series.isEmpty { return index.document(Index.name(of: address)) }
    return scan.withValue { Index.DocumentState(value: $0) }
  }

  // MARK: In another order

  /// All that match are sorted by the member, then by id; a page is cut out of them.
  private func sorted(_ query: Query, _ plan: QueryPlan, _ kind: Kind) throws(StoreError) -> Page {
    var matches = SortedMatches(query)
    var scan = StretchScan(plan.stretches, in: index.tree, plan.direction)
    var examined = 0
    while scan.next() {
      if examined == query.examined { throw query.tooMuchToSort }
      examined += 1
      if let document = try document(at: scan, query, plan, kind) { matches.add(document) }
    }
    return try matches.page(in: self, examined: examined)
  }
}
