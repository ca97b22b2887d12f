package import Daybook
import Documents

/// Words that a document must hold in the members that its kind reads as text: each of them, anywhere, in any case. So
/// `swift 6` finds "What changed in Swift 6.3?", and words of scripts without spaces are found inside of sentences.
struct TextSearch: Sendable {
  private let words: WordSearch

  /// - Throws: `.usage` for a text without words or with many, `.limit` for a very long one.
  init(_ text: String) throws(StoreError) {
    guard text.utf8.count <= Limits.searchBytes else {
      throw StoreError(.limit, "A search takes at most \(Limits.searchBytes) bytes.")
    }
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    if words.isEmpty { throw StoreError(.usage, "There is nothing to search for.", hint: "Give at least one word.") }
    guard words.count <= Limits.searchWords else {
      throw StoreError(.usage, "A search takes at most \(Limits.searchWords) words.")
    }
    self.words = WordSearch(words)
  }

  func finds(_ document: JSONNode, in members: [JSONPointer]) -> Bool {
    words.finds(in: members.compactMap { document[$0] })
  }
}

extension Snapshot {
  /// The documents of a query, in its order, that hold each of the words in the members that their kind reads as text. A page
  /// may be short and still have others behind it.
  ///
  /// - Throws: `.usage` for a text without words or with many, `.limit` for a very long one.
  package func search(
    _ query: Query, for words: String, limit: Int, after cursor: String?
  ) throws(StoreError) -> Page {
    try search(query, for: TextSearch(words), limit: limit, after: cursor)
  }

  /// The documents of a query, in its order, that a search finds. Looks at `Limits.searchedDocuments` at most, and at
  /// about `Limits.searchedBytes` of them, so a page may be short, or empty, and have others behind it.
  func search(
    _ query: Query, for search: TextSearch, limit: Int, after cursor: String?
  ) throws(StoreError) -> Page {
    let members = try kinds.kind(of: query.collection).text
    var found: [Document] = []
    var (looked, bytes) = (0, 0)
    var next = cursor
    repeat {
      // No more than are missing: where such a page ends, the next search may go on.
      let page = try self.query(
        query.limited(to: limit - found.count).holding(bytes: Limits.searchedBytes - bytes).after(next))
      found += page.documents.filter { search.finds($0.root, in: members) }
      looked += page.examined
      bytes += page.documents.reduce(0) { $0 + $1.text.bytes.count }
      next = page.next
    } while next != nil && found.count < limit && looked < Limits.searchedDocuments && bytes < Limits.searchedBytes
    return Page(documents: found, next: next, examined: looked)
  }
}
