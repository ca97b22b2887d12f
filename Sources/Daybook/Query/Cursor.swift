import Sodium

/// Where a page ended: the key of its last document, spelt so that it fits into a URL.
struct Cursor {
  let key: [UInt8]

  init(key: [UInt8]) {
    self.key = key
  }

  init(_ text: String) throws(StoreError) {
    guard let key = Base64URL.decode(text.utf8) else { throw Self.foreign(text) }
    self.key = key
  }

  /// A place in an order that the query does not have. A query that only asks for fewer documents of it may go on there.
  static func foreign(_ text: String) -> StoreError {
    StoreError(
      .usage, "'\(text)' is not the end of a page of this query.", hint: "Use the `next` of the page before.")
  }

  var text: String { String(decoding: Base64URL.encode(key), as: UTF8.self) }
}
