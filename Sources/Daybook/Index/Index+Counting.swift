import Git
import Storage

/// Going through all that the index knows of a collection, or of the commits, without holding it.
extension Index {
  /// Calls `body` with the id and the revision of each document of a collection.
  func forEachDocument(
    ofCollection collection: String, _ body: (_ id: String, _ revision: ObjectID) throws -> Void
  ) rethrows {
    let prefix = [Space.document] + Self.name(collection: collection, id: "")
    var cursor = tree.cursor(.prefix(prefix))
    while cursor.next() {
      let id = String(decoding: cursor.key[prefix.count...], as: UTF8.self)
      try body(id, cursor.withValue { DocumentState(value: $0) }.revision)
    }
  }

  /// Calls `body` with each revision that a document of a collection had and has no more. A deletion is none.
  func forEachPastRevision(ofCollection collection: String, _ body: (ObjectID) -> Void) {
    var cursor = tree.cursor(.prefix([Space.history] + Self.name(collection: collection, id: "")))
    while cursor.next() {
      let revision = cursor.withValue { ObjectID($0) }
      if revision != .zero { body(revision) }
    }
  }

  func forEachCommit(_ body: (ObjectID) -> Void) {
    var cursor = tree.cursor(.prefix([Space.commit]))
    while cursor.next() { body(cursor.withValue { ObjectID($0) }) }
  }

  var commitCount: Int { commitCount(in: 0...UInt64.max) }

  /// How many commits have a sequence in this range.
  func commitCount(in sequences: ClosedRange<UInt64>) -> Int {
    tree.count(
      in: KeyRange(
        from: .including(Self.commitKey(sequences.lowerBound)), to: .including(Self.commitKey(sequences.upperBound))))
  }
}
