import Documents

/// A document that was deleted and has not come back. `Snapshot.planRevert` brings it back.
public struct DeletedDocument: Sendable {
  /// As it was last.
  public let document: Document
  /// The commit that deleted it.
  public let deletion: CommitSummary
}

extension Snapshot {
  /// A document that was deleted; nil when there is one, or never was.
  public func deletedDocument(_ address: String) throws(StoreError) -> DeletedDocument? {
    try deletedDocument(kinds.address(address))
  }

  private func deletedDocument(_ address: DocumentAddress) throws(StoreError) -> DeletedDocument? {
    let states = index.history(of: Index.name(of: address), limit: 2)
    guard states.count == 2, states[0].revision == nil, let revision = states[1].revision,
      let deletion = index.commit(at: states[0].sequence)
    else { return nil }
    let document = Document(
      address: address, revision: Revision(revision), sequence: states[1].sequence,
      text: try text(revision, of: address))
    return DeletedDocument(document: document, deletion: try summary(deletion, states[0].sequence))
  }

  /// The documents of a collection that were deleted and have not come back, by id, the last one first. Ids that the store
  /// makes so come newest first.
  ///
  /// - Parameter id: Only documents before this one: the last one of the page before.
  public func deletedDocuments(
    of collection: String, before id: String? = nil, limit: Int = 100
  ) throws(StoreError) -> [DeletedDocument] {
    try deletedDocuments(of: collection, before: id, limit: limit, looks: .max).documents
  }

  /// The same, looking at a bounded number of documents.
  ///
  /// - Returns: also how many that were, and what to go on before; nil at the end.
  package func deletedDocuments(
    of collection: String, before id: String?, limit: Int, looks: Int
  ) throws(StoreError) -> (documents: [DeletedDocument], looked: Int, next: String?) {
    let kind = try kinds.kind(of: collection)
    let page = index.deletedIDs(ofCollection: collection, before: id, limit: limit, looks: looks)
    var found: [DeletedDocument] = []
    for id in page.ids {
      let address = DocumentAddress(collection: kind.collection, id: DocumentID(stored: id))
      if let document = try deletedDocument(address) { found.append(document) }
    }
    return (found, page.looked, page.next)
  }
}
