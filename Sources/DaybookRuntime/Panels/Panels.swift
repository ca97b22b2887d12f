package import Daybook
package import Documents

/// What somebody saves of a page of panels. What is nil is left out, or stays as it is.
package struct PanelContent: Sendable {
  package var title: String?
  package var description: String?
  /// What was asked.
  package var query: String?
  /// In a form that the application decides.
  package var layout: JSONValue?
  /// What the panels show.
  package var data: JSONValue?
  package var metadata: JSONObject?

  package init(
    title: String? = nil, description: String? = nil, query: String? = nil, layout: JSONValue? = nil,
    data: JSONValue? = nil, metadata: JSONObject? = nil
  ) {
    self.title = title
    self.description = description
    self.query = query
    self.layout = layout
    self.data = data
    self.metadata = metadata
  }

  var members: JSONObject {
    var members: JSONObject = [:]
    members["title"] = title.map { .string($0) }
    members["description"] = description.map { .string($0) }
    members["query"] = query.map { .string($0) }
    members["layout"] = layout
    members["data"] = data
    members["metadata"] = metadata.map { .object($0) }
    return members
  }
}

/// Saved pages of panels: layout, query and data together, so that one is shown again as it was.
///
/// ```swift
/// let panels = Panels(store)
/// let saved = try await panels.save(PanelContent(query: "What is new?", layout: layout, data: data), for: caller)
/// try await panels.delete(id, for: caller)
/// let again = try await panels.recover(id, for: caller)
/// ```
///
/// Where a revision is given, `.conflict` is thrown when the page has changed since.
package struct Panels: Sendable {
  let documents: OwnDocuments

  /// - Parameter now: the time of day; the store's own when left out.
  package init(_ store: Store, now: (@Sendable () -> Timestamp)? = nil) {
    documents = OwnDocuments("panels", in: store, now: now)
  }

  package func save(_ content: PanelContent, for caller: Caller) async throws -> Document {
    try await documents.create(content.members, for: caller)
  }

  /// Saves a page again.
  @discardableResult
  package func update(
    _ id: String, with content: PanelContent, if revision: Revision? = nil, for caller: Caller
  ) async throws -> Document {
    try await documents.change(id, if: revision, for: caller) { _, _, _ throws(StoreError) in content.members }
  }

  package func panel(_ id: String, for caller: Caller) throws(StoreError) -> Document {
    try documents.document(id, of: caller)
  }

  /// The caller's pages, the one first that was saved last; saving it again changes no place.
  package func list(
    limit: Int = 50, after cursor: String? = nil, for caller: Caller
  ) throws(StoreError) -> Page {
    try documents.store.snapshot().query(
      newest(of: caller).limited(to: OwnDocuments.pageLimit(limit)).after(cursor))
  }

  /// The caller's pages, newest first, that hold each of the words in their title, description or query. A page of the list
  /// may be short and still have others behind it.
  package func search(
    _ text: String, limit: Int = 50, after cursor: String? = nil, for caller: Caller
  ) throws(StoreError) -> Page {
    try documents.store.snapshot().search(
      newest(of: caller), for: TextSearch(text), limit: OwnDocuments.pageLimit(limit), after: cursor)
  }

  /// Deletes a page. It can be recovered.
  package func delete(_ id: String, if revision: Revision? = nil, for caller: Caller) async throws {
    try await documents.delete(id, if: revision, for: caller)
  }

  private func newest(of caller: Caller) throws(StoreError) -> Query {
    try Query(documents.collection).owned(by: caller).sorted(.descending)
  }
}
