import Daybook

extension Snapshot {
  /// All documents of a query, page by page.
  func all(_ query: Query) throws(StoreError) -> [Document] {
    var all: [Document] = []
    var cursor: String?
    repeat {
      let page = try self.query(query.limited(to: Daybook.Limits.pageDocuments).after(cursor))
      all += page.documents
      cursor = page.next
    } while cursor != nil
    return all
  }
}
