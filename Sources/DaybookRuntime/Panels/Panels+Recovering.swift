package import Daybook
import Documents

/// Deleted pages that can be recovered.
package struct DeletedPanels: Sendable {
  /// Each as it was, and the commit that deleted it.
  package let panels: [DeletedDocument]
  /// Where the list goes on, perhaps at a page of somebody else's; nil at its end.
  package var next: String?
}

extension Panels {
  /// The caller's deleted pages, newest first. Looks at `Limits.searchedDocuments` at most, so it may be short, or empty, and
  /// have others behind it.
  package func deleted(
    limit: Int = 50, after cursor: String? = nil, for caller: Caller
  ) throws(StoreError) -> DeletedPanels {
    let snapshot = documents.store.snapshot()
    let limit = OwnDocuments.pageLimit(limit)
    var found: [DeletedDocument] = []
    var (looked, next) = (0, cursor)
    repeat {
      let batch = try snapshot.deletedDocuments(
        of: documents.collection, before: next, limit: limit - found.count,
        looks: Limits.searchedDocuments - looked)
      found += batch.documents.filter { caller.owns($0.document.root) }
      looked += batch.looked
      next = batch.next
    } while next != nil && found.count < limit && looked < Limits.searchedDocuments
    return DeletedPanels(panels: found, next: next)
  }

  /// Brings a deleted page back as it was, as a new change of it.
  ///
  /// - Throws: `.conflict` when it is not deleted, `.notFound` when there never was one of the caller's.
  package func recover(_ id: String, for caller: Caller) async throws -> Document {
    let (store, address) = (documents.store, documents.address(id))
    let receipt = try await store.change(for: caller) { snapshot, transaction in
      if let panel = try snapshot.document(address), caller.owns(panel.root) {
        throw StoreError(.conflict, "'\(address)' is not deleted.", document: address)
      }
      guard let deleted = try snapshot.deletedDocument(address), caller.owns(deleted.document.root) else {
        throw Snapshot.missing(address)
      }
      try transaction.apply(snapshot.planRevert(of: address, to: Point(parsing: "\(deleted.deletion.commit)~1")))
    }
    return try store.document(writtenBy: receipt)
  }
}
