import Documents
import Git

/// What one changed file means for the index. Worked out from the old and the new content alone, on whichever thread has
/// time; only the sequence is missing.
struct IndexChange: Sendable {
  enum Content: Sendable {
    /// The document's new revision; nil when it is deleted.
    case document(ObjectID?)
    /// A segment's new state; nil when it is deleted.
    case segment(series: String, number: Int, Segment?)
  }

  struct Segment: Sendable {
    var revision: ObjectID
    var items: Int
  }

  /// The document's key without its space.
  var name: [UInt8]
  var content: Content
  /// Keys made of what the document says that no longer hold.
  var removedKeys: [[UInt8]] = []
  /// Those of the new revision.
  var keys: [[UInt8]] = []

  /// For a document that goes from `old` to `new`; nil stands for none.
  static func document(
    _ address: DocumentAddress, _ kind: Kind, old: JSONNode?, new: JSONNode?, revision: ObjectID?
  ) -> IndexChange {
    let name = Index.name(of: address)
    var change = IndexChange(name: name, content: .document(revision))
    for index in kind.indexes {
      change.replace(
        old.map { secondaryKey(index, of: $0, address) }, by: new.map { secondaryKey(index, of: $0, address) })
    }
    if let timeToLive = kind.timeToLive {
      change.replace(
        old.flatMap { timeToLive.begin(of: $0) }.map { expiryKey(collection: address.collection.text, $0, address.id) },
        by: new.flatMap { timeToLive.begin(of: $0) }.map {
          expiryKey(collection: address.collection.text, $0, address.id)
        })
    }
    return change
  }

  private mutating func replace(_ before: [UInt8]?, by after: [UInt8]?) {
    if let before, before != after { removedKeys.append(before) }
    if let after { keys.append(after) }
  }

  /// The part of a secondary index's keys that all its keys share.
  static func secondaryPrefix(collection: String, index: String) -> [UInt8] {
    var key = [Index.Space.secondary]
    key.append(contentsOf: collection.utf8)
    key.append(0)
    key.append(contentsOf: index.utf8)
    key.append(0)
    return key
  }

  private static func secondaryKey(_ index: Kind.Index, of node: JSONNode, _ address: DocumentAddress) -> [UInt8] {
    var key = secondaryPrefix(collection: address.collection.text, index: index.name)
    for member in index.members { IndexKey.append(node[member], to: &key) }
    key.append(contentsOf: address.id.text.utf8)
    return key
  }

  /// The part of the keys of a collection's documents that have a time to live which all of them share.
  static func expiryPrefix(collection: String) -> [UInt8] {
    [Index.Space.expiry] + Array(collection.utf8) + [0]
  }

  static func expiryKey(collection: String, _ begin: Int64, _ id: DocumentID) -> [UInt8] {
    var key = expiryPrefix(collection: collection)
    Index.append(UInt64(bitPattern: begin ^ .min), to: &key)
    key.append(contentsOf: id.text.utf8)
    return key
  }
}
