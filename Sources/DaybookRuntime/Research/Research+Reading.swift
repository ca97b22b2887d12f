package import Daybook
package import Documents

extension Research {
  /// A task without its series.
  package func document(_ id: String, for caller: Caller) throws(StoreError) -> Document {
    try documents.document(id, of: caller)
  }

  /// All of a task at one moment, for a client that begins or lost its connection: it goes on with the changes after the
  /// state's sequence. Of each series the newest `Limits.stateItems`; `items` has the others.
  package func state(_ id: String, for caller: Caller) throws(StoreError) -> ResearchState {
    let snapshot = documents.store.snapshot()
    let document = try snapshot.document(id, in: documents.collection, of: caller)
    func tail(_ series: ResearchSeries) throws(StoreError) -> SeriesTail {
      try snapshot.tail(of: series.rawValue, of: "\(document.address)")
    }
    return ResearchState(
      document: document, steps: try tail(.steps), panels: try tail(.panels), analyses: try tail(.analyses),
      sequence: snapshot.sequence)
  }

  /// Some of a series, oldest first, from place `first` on.
  package func items(
    of series: ResearchSeries, of id: String, from first: Int = 0, limit: Int = 100, for caller: Caller
  ) throws(StoreError) -> [JSONValue] {
    let snapshot = documents.store.snapshot()
    let document = try snapshot.document(id, in: documents.collection, of: caller)
    return try snapshot.items(of: series.rawValue, of: document, from: first, limit: limit)
  }

  /// The caller's tasks, newest first.
  package func list(
    status: ResearchStatus? = nil, limit: Int = 50, after cursor: String? = nil, for caller: Caller
  ) throws(StoreError) -> Page {
    let query = try documents.newest(where: ["/status": status?.rawValue], of: caller)
    return try documents.store.snapshot().query(query.limited(to: OwnDocuments.pageLimit(limit)).after(cursor))
  }

  /// The caller's tasks, newest first, that hold each of the words in their title, question, report or error. A page may
  /// be short and still have others behind it.
  package func search(
    _ text: String, status: ResearchStatus? = nil, limit: Int = 50, after cursor: String? = nil, for caller: Caller
  ) throws(StoreError) -> Page {
    let query = try documents.newest(where: ["/status": status?.rawValue], of: caller)
    return try documents.store.snapshot().search(
      query, for: TextSearch(text), limit: OwnDocuments.pageLimit(limit), after: cursor)
  }
}
