/// Fills a page with the documents that a query looks at, in its order, until one of the query's bounds.
struct PageFiller {
  private let query: Query
  private var found: [Document] = []
  private var bytes = 0
  private var examined: Int
  /// The key of the last document that the page has, or looked at.
  private var last: [UInt8] = []

  /// - Parameter examined: how many documents were looked at before.
  init(_ query: Query, examined: Int = 0) {
    self.query = query
    self.examined = examined
    found.reserveCapacity(min(query.limit, 128))
  }

  private var isFull: Bool { found.count == query.limit || bytes >= query.bytes }

  /// Looks at what a key stands for, which is nil if it does not pass.
  ///
  /// - Returns: the page, once there are others behind it.
  mutating func look(
    at key: @autoclosure () -> [UInt8], _ document: () throws(StoreError) -> Document?
  ) throws(StoreError) -> Page? {
    if examined == query.examined { return page(next: Cursor(key: last).text) }
    examined += 1
    let document = try document()
    if let document {
      if isFull { return page(next: Cursor(key: last).text) }
      found.append(document)
      bytes += document.text.bytes.count
    }
    if examined == query.examined || document != nil && isFull { last = key() }
    return nil
  }

  /// The page when nothing is behind it.
  func end() -> Page { page(next: nil) }

  private func page(next: String?) -> Page { Page(documents: found, next: next, examined: examined) }
}
